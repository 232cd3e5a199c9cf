// Agents' timelines on the disk: each row ends where the next begins.

import Basics
import Foundation
import MainLoop
import Storage
import Testing

@Suite("Agent states") struct AgentStateTests {
    let folder = TestFolder()

    private func record(_ agent: AgentID, _ since: Int64, _ state: String, contact: UInt64? = nil) -> AgentStateRecord {
        AgentStateRecord(
            agent: agent, since: Instant(seconds: since), state: state, reason: state == "pause" ? "break" : nil,
            contact: contact.map { ContactID(rawValue: $0) })
    }

    @Test("rows come back in order with their ends, the one that lasts at the beginning among them")
    func rows() async throws {
        let store = try await Store.open(folder: folder.path, on: testLoop)
        let told = [
            record("anna", 10, "offline"), record("ben", 12, "available"), record("anna", 20, "available"),
            record("anna", 30, "ringing", contact: 7), record("anna", 34, "talking", contact: 7), record("anna", 90, "pause"),
        ]
        for (index, record) in told.enumerated() { store.appendNumbered(index % 2, facts: [.agentState(record)]) }
        // Two changes at one moment: the last one lasts.
        try await store.committed(
            store.appendNumbered(
                1, facts: [.agentState(record("anna", 100, "available")), .agentState(record("anna", 100, "offline"))]))
        func read(_ from: Int64, _ to: Int64, limit: Int = 100) async throws -> [AgentStateRow] {
            try await store.reader.agentStates(
                of: "anna", from: Instant(seconds: from), to: Instant(seconds: to), limit: limit)
        }
        let all = try await read(0, 1000)
        #expect(all.map(\.record.state) == ["offline", "available", "ringing", "talking", "pause", "offline"])
        #expect(all.map(\.until) == [20, 30, 34, 90, 100].map { Instant(seconds: $0) } + [nil])
        #expect(all[3].record.contact == ContactID(rawValue: 7) && all[4].record.reason == "break")
        #expect(try await read(31, 90).map(\.record.state) == ["ringing", "talking"])
        #expect(try await read(34, 35).map(\.record.state) == ["talking"])
        #expect(try await read(0, 10).isEmpty)
        #expect(try await read(500, 600).map(\.record.state) == ["offline"])
        #expect(try await read(0, 1000, limit: 2).map(\.until) == [20, 30].map { Instant(seconds: $0) })
        let last = try await store.reader.lastAgentStates(of: ["anna", "ben", "carla"])
        #expect(last == [record("anna", 100, "offline"), record("ben", 12, "available")])
        await store.close()
        let again = try await Store.open(folder: folder.path, on: testLoop)
        #expect(
            try await again.reader.agentStates(of: "ben", from: .epoch, to: Instant(seconds: 50), limit: 10).map(\.until) == [
                nil
            ])
        await again.close()
    }
}
