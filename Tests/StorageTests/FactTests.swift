// Contacts, timelines, recordings, audit, snapshots and configurations.

import Basics
import Foundation
import GRDB
import MainLoop
import Storage
import Testing

@Suite("Facts") struct FactTests {
    let folder = TestFolder()

    private func contact(_ id: UInt64, state: String = "queued", queue: QueueID? = "sales") -> ContactRecord {
        var contact = ContactRecord(id: ContactID(rawValue: id), state: state, arrived: Instant(seconds: Int64(id)))
        contact.queue = queue
        return contact
    }

    @Test("a contact comes back as it last stood, with its story and its recordings")
    func detail() async throws {
        let store = try await Store.open(folder: folder.path, on: testLoop)
        var record = contact(4)
        record.dialled = "100"
        record.trunk = "carrier"
        record.trunkChannel = 17
        record.caller = "hash"
        record.flow = "main"
        store.appendNumbered(
            2,
            facts: [
                .timeline(TimelineEntry(contact: record.id, kind: "queued", body: ["place": 3])),
                .contact(record),
            ])
        record.state = "ended"
        record.agent = "anna"
        record.queued = Instant(seconds: 5)
        record.answered = Instant(seconds: 6)
        record.ended = Instant(seconds: 7)
        record.outcome = "answered"
        record.cause = "caller"
        var recording = RecordingRecord(
            id: RecordingID(rawValue: 9), contact: record.id, started: Instant(seconds: 6), file: "a/b.wav",
            state: "recording")
        store.appendNumbered(
            1,
            facts: [
                .recording(recording), .timeline(TimelineEntry(contact: record.id, kind: "ended")), .contact(record),
            ])
        recording.state = "saved"
        recording.ended = Instant(seconds: 7)
        recording.seconds = 1.25
        recording.queue = "sales"
        recording.agent = "anna"
        recording.dialled = "100"
        try await store.committed(store.appendNumbered(0, facts: [.recording(recording)]))

        let detail = try #require(try await store.reader.contact(record.id))
        #expect(detail.contact == record)
        #expect(detail.recordings == [recording])
        #expect(detail.timeline.map(\.kind) == ["queued", "ended"])
        #expect(detail.timeline[0].body == Data(#"{"place":3}"#.utf8))
        #expect(try await store.reader.recording(recording.id) == recording)
        #expect(try await store.reader.contact(ContactID(rawValue: 5)) == nil)
        #expect(store.figures.rejectedFacts == 0)
        await store.close()
    }

    @Test("pages of contacts follow one another without gap or repetition, filtered by state and queue")
    func pages() async throws {
        let store = try await Store.open(folder: folder.path, on: testLoop)
        for id in 1...100 as ClosedRange<UInt64> {
            let record = contact(id, state: id % 2 == 0 ? "ended" : "queued", queue: id % 5 == 0 ? "support" : "sales")
            store.appendNumbered(0, facts: [.contact(record)])
        }
        try await store.committed(store.lastTurn)
        var seen: [UInt64] = []
        while true {
            let page = try await store.reader.contacts(before: seen.last.map(ContactID.init(rawValue:)), limit: 7)
            if page.isEmpty { break }
            seen += page.map(\.id.rawValue)
        }
        #expect(seen == (1...100).reversed())
        let filtered = try await store.reader.contacts(limit: 1000, state: "ended", queue: "support")
        #expect(filtered.map(\.id.rawValue) == [100, 90, 80, 70, 60, 50, 40, 30, 20, 10])
        #expect(try await store.reader.contacts(limit: 0).count == 1)
        await store.close()
    }

    @Test("another tenant sees nothing of it")
    func tenants() async throws {
        let store = try await Store.open(folder: folder.path, on: testLoop)
        try await store.committed(store.appendNumbered(1, facts: [.contact(contact(1))]))
        let other = try StoreReader.open(folder: folder.path, tenant: "other")
        #expect(try await other.contacts(limit: 10).isEmpty)
        #expect(try await other.contact(ContactID(rawValue: 1)) == nil)
        #expect(try await other.journal(after: 0, limit: 10).isEmpty)
        await store.close()
    }

    @Test("a fact that the tables refuse is counted and holds nothing up")
    func rejected() async throws {
        let store = try await Store.open(folder: folder.path, on: testLoop)
        let stray = TimelineEntry(contact: ContactID(rawValue: 77), kind: "stray")
        try await store.committed(store.appendNumbered(1, facts: [.timeline(stray), .contact(contact(1))]))
        #expect(store.figures.rejectedFacts == 1)
        #expect(store.health == .good)
        #expect(try await store.reader.contacts(limit: 10).count == 1)
        await store.close()
    }

    private nonisolated struct Stubborn: Encodable {
        struct Refusal: Error {}
        func encode(to encoder: any Encoder) throws { throw Refusal() }
    }

    @Test("an event that cannot be encoded keeps its place in the journal and is counted")
    func unencodable() async throws {
        let store = try await Store.open(folder: folder.path, on: testLoop)
        var told: [Int] = []
        store.onUnencodable = { told.append($0) }
        store.append(TurnRecord(at: .epoch, events: [JournalEntry(kind: "stubborn", body: Stubborn())]))
        try await store.committed(store.appendNumbered())
        #expect(store.figures.unencodable == 1)
        #expect(told == [1])
        #expect(try await store.reader.journal(after: 0, limit: 10).map(\.isUnencodable) == [true, false])
        #expect(try await store.reader.journal(after: 0, limit: 10).map(\.kind) == ["stubborn", "numbered"])
        await store.close()
    }

    @Test(
        "the audit log can be neither changed nor deleted nor written over, even by somebody with the file",
        arguments: [
            "UPDATE audit SET actor = 'x'", "DELETE FROM audit",
            "REPLACE INTO audit (id, tenant, at, actor, role, action, object) VALUES (1, 't', 0, 'x', 'x', 'x', 'x')",
            "INSERT INTO audit SELECT * FROM audit",
        ])
    func audit(statement: String) async throws {
        let store = try await Store.open(folder: folder.path, on: testLoop)
        let entry = AuditEntry(
            actor: "eve", role: "admin", action: "listened", object: "recording/1", detail: ["why": "quality"])
        try await store.committed(store.append(TurnRecord(at: Instant(seconds: 3), facts: [.audit(entry)])))
        await store.close()
        let database = try DatabaseQueue(path: folder.path + "/switchboard.sqlite")
        await #expect(throws: DatabaseError.self) { try await database.write { try $0.execute(sql: statement) } }
        let rows = try await StoreReader.open(folder: folder.path).audit(limit: 10)
        #expect(rows.map(\.actor) == ["eve"])
        #expect(rows.first?.at == Instant(seconds: 3))
        #expect(rows.first?.detail == Data(#"{"why":"quality"}"#.utf8))
    }

    @Test("the last three snapshots are kept, and sequences go on behind the newest")
    func snapshots() async throws {
        let store = try await Store.open(folder: folder.path, on: testLoop)
        #expect(try await store.reader.snapshot() == nil)
        for number in 1...5 as ClosedRange<UInt64> {
            store.appendNumbered(10)
            try await store.saveSnapshot(sequence: store.lastSequence, at: Instant(seconds: Int64(number))) {
                Data("state \(number)".utf8)
            }
            #expect(store.unsavedTurns == 0)
        }
        let newest = try #require(try await store.reader.snapshot())
        #expect(newest.sequence == 50)
        #expect(newest.body == Data("state 5".utf8))
        #expect(try await store.reader.snapshot(before: 50)?.sequence == 40)
        #expect(try await store.reader.snapshot(before: 30) == nil)
        await store.close()
        let again = try await Store.open(folder: folder.path, on: testLoop)
        #expect(again.lastSequence == 50)
        #expect(again.lastInstant == Instant(seconds: 5))
        await again.close()
    }

    @Test("a snapshot whose encoder fails leaves the earlier ones")
    func failedSnapshot() async throws {
        let store = try await Store.open(folder: folder.path, on: testLoop)
        try await store.saveSnapshot(sequence: 1, at: .epoch) { Data("good".utf8) }
        await #expect(throws: StoreError.self) {
            try await store.saveSnapshot(sequence: 2, at: .epoch) { throw Stubborn.Refusal() }
        }
        #expect(try await store.reader.snapshot()?.sequence == 1)
        await store.close()
    }

    @Test("configurations are kept by version")
    func configurations() async throws {
        let store = try await Store.open(folder: folder.path, on: testLoop)
        #expect(try await store.reader.configuration() == nil)
        for (second, version) in ["c", "b", "a"].enumerated() {
            try await store.saveConfiguration(version: version, at: Instant(seconds: Int64(second))) {
                Data("version \(version)".utf8)
            }
        }
        #expect(try await store.reader.configuration()?.version == "a", "the newest by time")
        #expect(try await store.reader.configuration("b")?.body == Data("version b".utf8))
        #expect(try await store.reader.configuration("d") == nil)
        await store.close()
    }
}
