// The table on the terminal, from answers of the API as they come.

import Foundation
import Testing

@testable import Demo

@Suite struct TableTests {
    static let answer = """
        {"status":{"version":"0.1.0","now":"2026-11-22T05:00:30.000Z","startedAt":"2026-11-22T05:00:00.000Z",
        "registeredDevices":2},
        "queues":[{"id":"sales","waiting":2,"ringing":0,"longestWaitSeconds":75.4,"expectedWaitSeconds":null,"members":4,
        "membersSignedIn":3,"membersReady":1,"serviceLevel":{"value":0.666,"formula":"...","thresholdSeconds":20,
        "shortAbandonSeconds":5},"figures":{"offered":9,"answered":6,"abandoned":1}}],
        "agents":[{"id":"anna","state":"available","reason":null,"since":"2026-11-22T05:00:00.000Z",
        "idleSince":"2026-11-22T05:00:05.000Z","answered":3,
        "work":[{"kind":"talking","contact":7,"since":"2026-11-22T05:00:18.000Z","until":null}]},
        {"id":"a-name-that-is-longer-than-its-column","state":"pause","reason":"not-responding",
        "since":"2026-11-22T05:00:10.000Z","idleSince":"2026-11-22T05:00:05.000Z","answered":0,"work":[]},
        {"id":"ben","state":"available","reason":null,"since":"2026-11-22T05:00:00.000Z",
        "idleSince":"2026-11-22T05:00:05.000Z","answered":1,
        "work":[{"kind":"wrap-up","contact":5,"since":"2026-11-22T05:00:20.000Z","until":"2026-11-22T05:00:35.500Z"}]}],
        "calls":[{"id":7,"state":"talking","dialled":"100","queue":"sales","agent":"anna",
        "arrivedAt":"2026-11-22T05:00:10.000Z","last":{"at":"2026-11-22T05:00:18.000Z","kind":"contact.answered"}}],
        "callsLeftOut":0}
        """

    private func floor() throws -> Floor { try JSONDecoder.ofAPI.decode(Floor.self, from: Data(Self.answer.utf8)) }

    @Test("clocks run upwards, and downwards where something ends by itself")
    func clocks() throws {
        let floor = try floor()
        #expect(Table.state(of: floor.agents[0], at: floor.status.now) == ("talking", "0:12", .good))
        #expect(Table.state(of: floor.agents[1], at: floor.status.now) == ("not-responding", "0:20", .alarm))
        #expect(Table.state(of: floor.agents[2], at: floor.status.now) == ("wrap-up", "-0:05", .faint))
    }

    @Test("the queue's line says who waits, how long, and the service level with its threshold")
    func queue() throws {
        let lines = Table(columns: 100, rows: 40).lines(of: try floor(), happenings: [], title: ["title"])
        let line = try #require(lines.first { $0.text.hasPrefix("sales") })
        let words = line.text.split(separator: " ").joined(separator: " ")
        #expect(words == "sales 2 1:15 - 1/3 9 6 1 67 % in 20 s")
        #expect(line.tone == .alarm)
    }

    @Test(
        "no terminal is too small: what does not fit is cut off", arguments: [(20, 5), (40, 24), (80, 24), (1, 1), (200, 60)])
    func sizes(columns: Int, rows: Int) throws {
        let happenings = (0..<60).map { Happening(at: Date(), text: "happening \($0)") }
        let lines = Table(columns: columns, rows: rows).lines(
            of: try floor(), happenings: happenings, title: ["title", "address"])
        #expect(lines.count <= rows)
        #expect(lines.allSatisfy { $0.text.count <= columns })
        if rows >= 24 { #expect(lines.contains { $0.text.contains("happening 59".prefix(max(0, columns - 10))) }) }
    }
}
