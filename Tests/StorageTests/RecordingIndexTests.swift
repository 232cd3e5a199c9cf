// The index of recordings: every field finds, every condition has an index, a hold wins, and figures add up.

import Basics
import Foundation
import GRDB
import MainLoop
import Testing

@testable import Storage

@Suite("Recording index") struct RecordingIndexTests {
    let folder = TestFolder()

    private func contact(_ id: UInt64) -> Fact {
        .contact(ContactRecord(id: ContactID(rawValue: id), state: "ended", arrived: Instant(seconds: Int64(id))))
    }

    /// The n-th recording of contact n, begun in second n and a minute long.
    private func recording(_ id: UInt64, _ change: (inout RecordingRecord) -> Void = { _ in }) -> RecordingRecord {
        var record = RecordingRecord(
            id: RecordingID(rawValue: id), contact: ContactID(rawValue: id), started: Instant(seconds: Int64(id)),
            file: "recording-\(id).swsealed", state: "saved")
        record.ended = record.started + .seconds(60)
        record.seconds = 60
        change(&record)
        return record
    }

    private func open(_ records: [RecordingRecord]) async throws -> Store {
        let store = try await Store.open(folder: folder.path, on: testLoop)
        let facts = records.map { contact($0.contact.rawValue) } + records.map { Fact.recording($0) }
        try await store.committed(store.append(TurnRecord(at: Instant(seconds: 1), facts: facts)))
        return store
    }

    private static let conditions: [(String, (inout RecordingQuery) -> Void, [UInt64])] = [
        ("contact", { $0.contact = ContactID(rawValue: 3) }, [3]),
        ("queue", { $0.queue = "sales" }, [6, 4, 2]),
        ("agent", { $0.agent = "anna" }, [6, 5, 4]),
        ("dialled", { $0.dialled = "100" }, [2, 1]),
        ("seat", { $0.seat = "anna-desk" }, [6, 5]),
        ("trunk", { $0.trunk = "carrier" }, [5, 4, 3]),
        ("trunkChannel", { $0.trunkChannel = 7 }, [4, 3]),
        (
            "trunk and channel",
            {
                $0.trunk = "carrier"
                $0.trunkChannel = 7
            }, [4, 3]
        ),
        ("caller", { $0.caller = "key" }, [1]),
        ("direction", { $0.direction = "out" }, [6]),
        ("state", { $0.state = "failed" }, [2]),
        ("from", { $0.from = Instant(seconds: 4) }, [6, 5, 4]),
        ("to", { $0.to = Instant(seconds: 3) }, [2, 1]),
        (
            "window",
            {
                $0.from = Instant(seconds: 2)
                $0.to = Instant(seconds: 5)
            }, [4, 3, 2]
        ),
        ("nothing so late", { $0.from = Instant(seconds: 7) }, []),
        ("long", { $0.secondsMin = 61 }, [5]),
        ("short", { $0.secondsMax = 59 }, [3]),
        (
            "several",
            {
                $0.queue = "sales"
                $0.agent = "anna"
                $0.from = Instant(seconds: 5)
            }, [6]
        ),
    ]

    private func six() -> [RecordingRecord] {
        (1...6).map { id in
            recording(id) {
                $0.queue = id % 2 == 0 ? "sales" : nil
                $0.agent = id > 3 ? "anna" : "ben"
                $0.dialled = id < 3 ? "100" : "200"
                $0.seat = id > 4 ? "anna-desk" : nil
                $0.trunk = (3...5).contains(id) ? "carrier" : "other"
                $0.trunkChannel = (3...4).contains(id) ? 7 : 1
                $0.caller = id == 1 ? "key" : "other"
                $0.direction = id == 6 ? "out" : "in"
                $0.state = id == 2 ? "failed" : "saved"
                $0.seconds = [3: 5, 5: 90][id] ?? 60
            }
        }
    }

    @Test("every field finds, alone and together, page by page without gap or repetition")
    func search() async throws {
        let store = try await open(six())
        for (name, condition, expected) in Self.conditions {
            var query = RecordingQuery()
            condition(&query)
            #expect(try await store.reader.recordings(query, limit: 100).map(\.id.rawValue) == expected, "\(name)")
            var seen: [UInt64] = []
            while let page = try? await store.reader.recordings(
                query, before: seen.last.map(RecordingID.init(rawValue:)), limit: 1), let one = page.first
            {
                seen.append(one.id.rawValue)
            }
            #expect(seen == expected, "\(name), one by one")
        }
        #expect(try await store.reader.recordings(limit: 10).count == 6)
        let kept = try #require(try await store.reader.recording(RecordingID(rawValue: 5)))
        #expect(kept == six()[4])
        await store.close()
    }

    @Test("every condition is answered from an index in the order in which it is shown: nothing is sorted, nothing scanned")
    func plans() async throws {
        let store = try await open(six())
        let indexed = Self.conditions.filter { !["long", "short"].contains($0.0) }
        for (name, condition, _) in indexed {
            var query = RecordingQuery()
            condition(&query)
            let request = query.request(tenant: "default", before: RecordingID(rawValue: 100), limit: 10)
            let plan = try await store.file.pool.read { database in
                let statement = try request.makePreparedRequest(database).statement
                return try Row.fetchAll(
                    database, sql: "EXPLAIN QUERY PLAN " + statement.sql, arguments: statement.arguments
                ).map { $0["detail"] as String }
            }
            #expect(plan.allSatisfy { !$0.contains("SCAN recordings") && !$0.contains("TEMP B-TREE") }, "\(name): \(plan)")
            let outer = plan.first { $0.hasPrefix("SEARCH recordings") } ?? ""
            #expect(outer.contains("INDEX recordingsBy") || outer.contains("PRIMARY KEY"), "\(name): \(plan)")
            let single = ["queue", "agent", "dialled", "seat", "trunk", "caller", "direction", "state", "contact"]
            if single.contains(name) {
                #expect(outer.contains("USING INDEX recordingsBy") && outer.contains("\(name)=?"), "\(name): \(plan)")
            }
            if name == "window" { #expect(plan.contains { $0.contains("INDEX recordingsByStart") }, "\(plan)") }
        }
        await store.close()
    }

    @Test("a hold is on the disk with its audit line, survives what turns write of the recording, and is lifted once")
    func hold() async throws {
        let store = try await open([recording(1)])
        let id = RecordingID(rawValue: 1), hold = RecordingRecord.Hold(reason: "case 7", by: "root", at: Instant(seconds: 9))
        let audit = AuditEntry(actor: "root", role: "admin", action: "recording.held", object: "recording/1")
        #expect(try await store.hold(RecordingID(rawValue: 2), hold, audit: audit) == .unknown)
        #expect(try await store.liftHold(id, at: Instant(seconds: 9), audit: audit) == .unchanged)
        #expect(try await store.hold(id, hold, audit: audit) == .done)
        #expect(try await store.hold(id, hold, audit: audit) == .unchanged)
        // A turn that knew nothing of the hold.
        let late = recording(1) { $0.queue = "late" }
        try await store.committed(store.append(TurnRecord(at: Instant(seconds: 10), facts: [.recording(late)])))
        let row = try #require(try await store.reader.recording(id))
        #expect(row.hold == hold && row.queue == "late")
        var query = RecordingQuery()
        query.isHeld = true
        #expect(try await store.reader.recordings(query, limit: 9).map(\.id) == [id])
        query.isHeld = false
        #expect(try await store.reader.recordings(query, limit: 9).isEmpty)
        let now = Instant(seconds: 10_000_000)
        #expect(try await store.claimExpired(RetentionPeriods(other: 1), at: now, limit: 9).isEmpty)
        #expect(try await store.nextExpiry(RetentionPeriods(other: 1)) == nil)
        #expect(try await store.liftHold(id, at: now, audit: audit) == .done)
        #expect(try await store.reader.audit(limit: 9).map(\.action) == ["recording.held", "recording.held"])
        #expect(try await store.claimExpired(RetentionPeriods(other: 1), at: now, limit: 9).map(\.id) == [id])
        await store.close()
    }

    @Test("what is due goes by its queue's time, oldest first, in portions; who is claimed can be held no more; the row stays")
    func retention() async throws {
        let records = (1...9).map { id in
            recording(id) {
                $0.queue = [0: "sales", 1: "support", 2: nil][id % 3] ?? nil
                if id == 9 { $0.state = "recording" }
            }
        }
        let store = try await open(records)
        // sales (3, 6, 9): 100 s; support (1, 4, 7): for ever; through no queue (2, 5, 8): 1000 s.
        let periods = RetentionPeriods(other: 1000, queues: ["sales": 100, "support": nil])
        #expect(try await store.nextExpiry(periods) == Instant(seconds: 103))
        #expect(try await store.claimExpired(periods, at: Instant(seconds: 103), limit: 9).isEmpty, "not before it has passed")
        func ids(_ records: [RecordingRecord]) -> [UInt64] { records.map(\.id.rawValue) }
        #expect(ids(try await store.claimExpired(periods, at: Instant(seconds: 200), limit: 1)) == [3])
        // A process that ended here finds it again, before what else is due.
        #expect(ids(try await store.claimExpired(periods, at: Instant(seconds: 1006), limit: 9)) == [3, 2, 5, 6])
        let hold = RecordingRecord.Hold(reason: "late", by: "root", at: Instant(seconds: 1))
        let audit = AuditEntry(actor: "root", role: "admin", action: "recording.held", object: "recording/3")
        #expect(try await store.hold(RecordingID(rawValue: 3), hold, audit: audit) == .deleted)
        try await store.noteDeleted([3, 2].map(RecordingID.init(rawValue:)), at: Instant(seconds: 1007)) { id in
            AuditEntry(actor: "retention", role: "daemon", action: "recording.deleted", object: "recording/\(id)")
        }
        #expect(try await store.reader.audit(limit: 9).map(\.object) == ["recording/2", "recording/3"])
        let row = try #require(try await store.reader.recording(RecordingID(rawValue: 3)))
        #expect(row.state == "deleted" && row.deleted == Instant(seconds: 1007) && row.seconds == 60)
        // A turn that still thinks it saved does not bring it back.
        try await store.committed(store.append(TurnRecord(at: Instant(seconds: 1), facts: [.recording(recording(3))])))
        #expect(try await store.reader.recording(RecordingID(rawValue: 3))?.state == "deleted")
        #expect(try await store.hold(RecordingID(rawValue: 3), hold, audit: audit) == .deleted)
        #expect(ids(try await store.claimExpired(periods, at: Instant(seconds: 1006), limit: 9)) == [5, 6])
        #expect(try await store.nextExpiry(periods) == Instant(seconds: 1008))
        await store.close()
    }

    @Test(
        "a hold and a deletion at the same moment: either the recording is held and stays, or it is claimed and the hold refused"
    )
    func race() async throws {
        let store = try await open((1...40).map { recording($0) })
        let audit = AuditEntry(actor: "root", role: "admin", action: "recording.held", object: "recording/x")
        let hold = RecordingRecord.Hold(reason: "race", by: "root", at: Instant(seconds: 1))
        async let claims = {
            var claimed: Set<RecordingID> = []
            for _ in 0..<40 {
                let now = Instant(seconds: 1_000_000)
                for record in try await store.claimExpired(RetentionPeriods(other: 1), at: now, limit: 1) {
                    claimed.insert(record.id)
                    try await store.noteDeleted([record.id], at: now) { _ in audit }
                }
            }
            return claimed
        }()
        var held: Set<RecordingID> = []
        for id in (1...40).reversed().map({ RecordingID(rawValue: $0) }) {
            switch try await store.hold(id, hold, audit: audit) {
            case .done: held.insert(id)
            case .deleted: break
            case .unknown, .unchanged: Issue.record("no such outcome")
            }
        }
        let claimed = try await claims
        #expect(held.isDisjoint(with: claimed) && held.count + claimed.count == 40 && !held.isEmpty && !claimed.isEmpty)
        for id in held { #expect(try await store.reader.recording(id)?.state == "saved") }
        await store.close()
    }

    @Test("the success rate counts what was to be recorded, by file and length (S0-71)")
    func health() async throws {
        let records = [
            recording(1), recording(2) { $0.seconds = 59.1 }, recording(3) { $0.seconds = 58.9 },
            recording(4) {
                $0.state = "failed"
                $0.seconds = nil
            }, recording(5) { $0.state = "recording" }, recording(6) { $0.seconds = 61.5 }, recording(7),
        ]
        let store = try await open(records)
        _ = try await store.claimExpired(RetentionPeriods(other: 1), at: Instant(seconds: 3), limit: 1)
        try await store.noteDeleted([RecordingID(rawValue: 1)], at: Instant(seconds: 4)) { _ in
            AuditEntry(actor: "retention", role: "daemon", action: "recording.deleted", object: "recording/1")
        }
        var expected = RecordingHealth(from: Instant(seconds: 1), to: Instant(seconds: 7))
        expected.begun = 6
        expected.playable = 2
        expected.wrongLength = 2
        expected.failed = 1
        expected.running = 1
        expected.deleted = 1
        let health = try await store.reader.recordingHealth(from: Instant(seconds: 1), to: Instant(seconds: 7))
        #expect(health == expected && health.successRate == 0.4)
        let none = try await store.reader.recordingHealth(from: Instant(seconds: 70), to: Instant(seconds: 71))
        #expect(none.begun == 0 && none.successRate == nil)
        await store.close()
    }

    @Test("the index of an older version takes over from the contacts what recordings are looked for by")
    func migration() async throws {
        try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
        let old = try DatabaseQueue(path: folder.path + "/switchboard.sqlite")
        try Schema.migrator.migrate(old, upTo: "6 callback numbers")
        try await old.write { database in
            try database.execute(
                sql: """
                    INSERT INTO contacts (tenant, id, channel, trunk, trunkChannel, caller, state, arrived)
                    VALUES ('default', 4, 'voice', 'carrier', 17, 'key', 'ended', 5);
                    INSERT INTO recordings (tenant, id, contact, channel, started, file, state)
                    VALUES ('default', 9, 4, 'voice', 6, 'recording-9.wav', 'saved');
                    """)
        }
        try old.close()
        let store = try await Store.open(folder: folder.path, on: testLoop)
        let row = try #require(try await store.reader.recording(RecordingID(rawValue: 9)))
        #expect(row.trunk == "carrier" && row.trunkChannel == 17 && row.caller == "key" && row.direction == "in")
        #expect(row.hold == nil && row.deleted == nil && row.file == "recording-9.wav")
        await store.close()
    }
}
