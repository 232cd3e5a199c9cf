// `switchboard replay`: what happened to whom.

import Foundation
import GRDB
import Testing

extension EndToEnd {
    struct ReplayTests {
        @Test("replay --contact tells the story of that contact and of no other, from the first line to the last")
        func oneContact() async throws {
            try await House.open { house in
                // Eleven callers, so that contact 1 is a part of the names of 10 and 11.
                for _ in 1...11 {
                    let caller = try house.call("100", "wait answered; pause 100ms; hang up")
                    try await caller.succeeds()
                }
                try await house.eventually("all are over") {
                    try house.rows("SELECT id FROM contacts WHERE ended IS NOT NULL").count == 11
                }
                func story(_ arguments: [String]) async throws -> [String] {
                    let replay = try await house.command(["replay", "--state", house.state] + arguments)
                    #expect(replay.status == 0)
                    return replay.lines
                }
                let all = try await story([])
                let first = try await story(["--contact", "1"])
                #expect(first.filter { $0.contains(" call to 100 on leg 3,") }.count == 1, "\(first)")
                #expect(
                    first.contains { $0.contains("-> answer leg 3") } && first.contains { $0.contains("leg 3 ended") },
                    "\(first)")
                #expect(first.last?.contains("contact 1 is over") == true, "\(first)")
                let others = try await (2...11).asyncMap { try await story(["--contact", "\($0)"]) }.flatMap(\.self)
                #expect(Set(first).intersection(others).filter { !$0.hasPrefix(" ") } == [])
                let arrivals = all.filter { $0.contains(" call to ") }
                #expect((first + others).filter { $0.contains(" call to ") } == arrivals)
                #expect(try await story(["--contact", "111"]) == [])
            }
        }

        @Test("without a database replay says that there is none yet")
        func noDatabase() async throws {
            let house = try House()
            let replay = try await house.command(["replay", "--state", house.state])
            #expect(replay.status == 1)
            #expect(replay.lines.contains { $0.contains("there is no database yet") }, "\(replay)")
        }

        @Test("an event that could not be written down is a gap for the next start, not the end of the house")
        func unencodable() async throws {
            let house = try House()
            try await house.hosts {
                let phone = try await house.phone("anna-desk", tone: 880, "deregister")
                try await phone.succeeds()
                try await house.stop()
                try await DatabaseQueue(path: house.state + "/switchboard.sqlite").write { database in
                    try database.execute(sql: "DELETE FROM snapshots")
                    try database.execute(
                        sql: """
                            UPDATE journal SET body = '{"unencodable":"Event"}'
                            WHERE sequence = (SELECT max(sequence) FROM journal WHERE kind = 'deviceUnregistered')
                            """)
                    #expect(database.changesCount == 1)
                }
                try await house.start()
                #expect(try await house.logged("ready").contains("gaps=1"))
                let told = try await house.command(["replay", "--state", house.state])
                #expect(told.lines.contains { $0.contains("an event that could not be written down") }, "\(told)")
            }
        }
    }
}

extension Sequence {
    fileprivate func asyncMap<T>(_ change: (Element) async throws -> T) async rethrows -> [T] {
        var changed: [T] = []
        for element in self { changed.append(try await change(element)) }
        return changed
    }
}
