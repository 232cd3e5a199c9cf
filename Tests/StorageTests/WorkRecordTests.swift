// What contacts are about that are no calls: written with the contact, read back, gone with it.

import Basics
import Storage
import Testing

@Suite("Work records") struct WorkRecordTests {
    let folder = TestFolder()

    private func record(_ contact: UInt64, key: String? = nil, at seconds: Int64) -> WorkRecord {
        WorkRecord(
            contact: ContactID(rawValue: contact), kind: "chat", customer: "ines@example.org", name: "Ines", subject: "No lid",
            externalID: "web-\(contact)", requester: "shop", idempotencyKey: key, fingerprint: "f\(contact)",
            created: Instant(seconds: seconds))
    }

    private func contact(_ id: UInt64) -> ContactRecord {
        var record = ContactRecord(
            id: ContactID(rawValue: id), channel: "chat", state: "queued", arrived: Instant(seconds: 1_760_000_000))
        record.kind = "chat"
        return record
    }

    @Test("a record comes back as it was, those with a key newest first, and one without its contact is refused alone")
    func life() async throws {
        let store = try await Store.open(folder: folder.path, on: testLoop)
        let one = record(1, key: "a", at: 1_760_000_001), two = record(2, at: 1_760_000_002)
        let three = record(3, key: "c", at: 1_760_000_003)
        let facts: [Fact] = [
            .contact(contact(1)), .work(one), .contact(contact(2)), .work(two), .contact(contact(3)), .work(three),
            .work(record(4, at: 1_760_000_004)),
        ]
        try await store.committed(store.append(TurnRecord(at: Instant(seconds: 1_760_000_004), facts: facts)))
        #expect(store.figures.rejectedFacts == 1)
        let ids = [3, 1, 9].map { ContactID(rawValue: $0) }
        #expect(try await store.reader.work(of: ids) == [three, one])
        #expect(try await store.reader.keyedWork(since: Instant(seconds: 1_760_000_001), limit: 10) == [three, one])
        #expect(try await store.reader.keyedWork(since: Instant(seconds: 1_760_000_002), limit: 10) == [three])
        #expect(try await store.reader.keyedWork(since: .epoch, limit: 1) == [three])
        #expect(try await store.reader.contacts(limit: 10).map(\.kind) == ["chat", "chat", "chat"])
        await store.close()
    }

    @Test("the newest of a requester's key is found within its time, and of another requester or key none")
    func key() async throws {
        let store = try await Store.open(folder: folder.path, on: testLoop)
        let one = record(1, key: "a", at: 1_760_000_001), two = record(2, key: "a", at: 1_760_000_002)
        let facts: [Fact] = [.contact(contact(1)), .work(one), .contact(contact(2)), .work(two)]
        try await store.committed(store.append(TurnRecord(at: Instant(seconds: 1_760_000_004), facts: facts)))
        #expect(try await store.reader.work(of: "shop", key: "a", since: Instant(seconds: 1_760_000_001)) == two)
        #expect(try await store.reader.work(of: "shop", key: "a", since: Instant(seconds: 1_760_000_002)) == nil)
        #expect(try await store.reader.work(of: "other", key: "a", since: .epoch) == nil)
        #expect(try await store.reader.work(of: "shop", key: "b", since: .epoch) == nil)
        await store.close()
    }

    @Test("after its time a record goes, in portions and the oldest first, but not that of a contact that lives")
    func retention() async throws {
        let store = try await Store.open(folder: folder.path, on: testLoop)
        var facts: [Fact] = []
        for id in UInt64(1)...5 {
            var row = contact(id)
            if id != 1 { row.ended = Instant(seconds: 1_760_000_100) }
            facts += [.contact(row), .work(record(id, at: 1_760_000_000 + Int64(id)))]
        }
        try await store.committed(store.append(TurnRecord(at: Instant(seconds: 1_760_000_200), facts: facts)))
        let before = Instant(seconds: 1_760_000_005)
        #expect(try await store.deleteWork(before: before, limit: 2) == 2)
        let ids = (1...5).map { ContactID(rawValue: $0) }
        #expect(try await store.reader.work(of: ids).map(\.contact.rawValue) == [1, 4, 5])
        #expect(try await store.deleteWork(before: before, limit: 2) == 1)
        #expect(try await store.deleteWork(before: before, limit: 2) == 0)
        #expect(try await store.reader.work(of: ids).map(\.contact.rawValue) == [1, 5])
        #expect(try await store.reader.contacts(limit: 10).count == 5, "the contacts stay")
        await store.close()
    }
}
