// The rules come back from snapshots and journal, also where something is missing.

import ACD
import Basics
import ContactCenter
import Foundation
import GRDB
import Storage
import Testing

@testable import Switchboard

@Suite("Restoration") struct RestorationTests {
    let folder: TestFolder

    init() throws { folder = try TestFolder() }

    nonisolated private static let configuration = CenterConfiguration(
        version: "one", queues: [QueueRules(id: "sales", members: [.init(agent: "anna")])],
        agents: [AgentRules(id: "anna", devices: ["anna-desk"])])

    /// A journal of eight lines, each a turn of its own; returns the rules after them.
    private func write(snapshotAfter: Int? = nil, breaking: Bool = false) async throws -> Center {
        let store = try await folder.store()
        try await store.saveConfiguration(version: "one", at: .epoch) { try JournalCodec.encoder.encode(Self.configuration) }
        let events: [Event] = [
            .configurationApplied(Self.configuration), .deviceRegistered("anna-desk"),
            .presenceRequested("anna", .available), .presenceRequested("anna", .aux(reason: "break")),
            .presenceRequested("anna", .available), .deviceUnregistered("anna-desk"), .deviceRegistered("anna-desk"),
            .presenceRequested("anna", .offline),
        ]
        var center = Center()
        var commands: [Command] = []
        for (index, event) in events.enumerated() {
            let at = Instant(seconds: 1_800_000_000 + Int64(index))
            center.handle(event, at: at, into: &commands)
            store.append(TurnRecord(at: at, events: [JournalCodec.line(event)]))
            if index + 1 == snapshotAfter {
                let copy = center
                try await store.saveSnapshot(sequence: store.lastSequence, at: at) {
                    breaking ? Data("no center".utf8) : try JournalCodec.encoder.encode(copy)
                }
            }
        }
        await store.close()
        return center
    }

    private func restored() async throws -> Restoration.Restored {
        try await Restoration(reader: StoreReader.open(folder: folder.path)).restore()
    }

    private func change(_ sql: String) throws {
        try DatabaseQueue(path: folder.path + "/switchboard.sqlite").write { try $0.execute(sql: sql) }
    }

    @Test("from the journal alone the rules are the same, byte for byte")
    func journalAlone() async throws {
        let center = try await write()
        let restored = try await restored()
        #expect(try JournalCodec.encoder.encode(restored.center) == JournalCodec.encoder.encode(center))
        #expect(restored.sequence == 8 && restored.lines == 8 && restored.gaps == 0)
    }

    @Test(
        "from a snapshot and the lines behind it, too; an unreadable snapshot costs nothing but time", arguments: [false, true])
    func snapshot(isBroken: Bool) async throws {
        let center = try await write(snapshotAfter: 5, breaking: isBroken)
        let restored = try await restored()
        #expect(try JournalCodec.encoder.encode(restored.center) == JournalCodec.encoder.encode(center))
        #expect(restored.lines == (isBroken ? 8 : 3) && restored.gaps == 0)
    }

    @Test("missing lines are counted, and what stands behind them counts")
    func gap() async throws {
        _ = try await write()
        try change("DELETE FROM journal WHERE sequence IN (3, 4, 6)")
        let restored = try await restored()
        #expect(restored.gaps == 2 && restored.lines == 5 && restored.sequence == 8)
        #expect(restored.center.agents["anna"]?.presence == .offline)
        #expect(restored.center.agents["anna"]?.registeredDevices == ["anna-desk"])
    }

    @Test("a gap before the snapshot is none")
    func gapBeforeSnapshot() async throws {
        let center = try await write(snapshotAfter: 5)
        try change("DELETE FROM journal WHERE sequence IN (3, 4)")
        let restored = try await restored()
        #expect(restored.gaps == 0)
        #expect(try JournalCodec.encoder.encode(restored.center) == JournalCodec.encoder.encode(center))
    }

    @Test("an empty folder is an empty center")
    func empty() async throws {
        await (try await folder.store()).close()
        let restored = try await restored()
        #expect(restored.sequence == 0 && restored.center.agents.isEmpty)
    }
}
