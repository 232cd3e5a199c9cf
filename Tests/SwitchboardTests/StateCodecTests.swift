// Snapshots and compiled configurations: those of every program before are read, and damaged ones are told by their number.

import ACD
import Basics
import ContactCenter
import Foundation
import Testing

@testable import Storage
@testable import Switchboard

@Suite("StateCodec") struct StateCodecTests {
    nonisolated private static let configuration = CenterConfiguration(
        version: "one", queues: [QueueRules(id: "sales", members: [.init(agent: "anna")])],
        agents: [AgentRules(id: "anna", devices: ["anna-desk"])])

    private func center() -> Center {
        var center = Center(), commands: [Command] = []
        for event in [.configurationApplied(Self.configuration), .deviceRegistered("anna-desk")] as [Event] {
            center.handle(event, at: Instant(seconds: 1_800_000_000), into: &commands)
        }
        return center
    }

    private func row(_ body: Data) -> SnapshotRow { SnapshotRow(sequence: 8, at: .epoch, body: body) }

    @Test("a snapshot is the same center in the new form and in the old one, and verified in the form in which it stands")
    func snapshots() throws {
        let center = center()
        for body in [try StateCodec.body(center), try JournalCodec.encoder.encode(center)] {
            let read = try StateCodec.center(row(body))
            #expect(try StateCodec.body(read) == StateCodec.body(center))
            #expect(try StateCodec.isSame(center, as: row(body)))
            #expect(try !StateCodec.isSame(Center(), as: row(body)))
        }
    }

    @Test("a configuration is the same in the new form and in the old one")
    func configurations() throws {
        for body in [try StateCodec.body(Self.configuration), try JournalCodec.encoder.encode(Self.configuration)] {
            let row = ConfigurationRow(version: "one", at: .epoch, body: body)
            #expect(try StateCodec.configuration(row) == Self.configuration)
        }
    }

    @Test("a damaged snapshot, one of a newer program and what is none are told by the line at which they stand")
    func refused() throws {
        let good = try StateCodec.body(center())
        var damaged = good, newer = good
        damaged[damaged.count / 2] ^= 1
        newer[4] = 99
        let broken = [
            (damaged, "checksum"), (newer, "older program"), (good.prefix(30), "damaged"), (Data("no center".utf8), "line 8"),
        ]
        for (body, reason) in broken {
            do {
                _ = try StateCodec.center(row(Data(body)))
                Issue.record("it was read")
            } catch {
                #expect("\(error)".contains("journal line 8") && "\(error)".contains(reason))
            }
        }
    }
}
