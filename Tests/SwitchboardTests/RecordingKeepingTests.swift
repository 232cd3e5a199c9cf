// Recordings on the disk and in the index: what the check finds, what retention deletes, what the vault gives out.

import API
import Audio
import Basics
import Foundation
import Glibc
import Logging
import SiteConfiguration
import Storage
import Testing

@testable import Media
@testable import Switchboard

@Suite("Recordings kept") struct RecordingKeepingTests {
    private let secret = [UInt8](repeating: 3, count: 32)
    private var keys: Credentials.RecordingKeys { Credentials.RecordingKeys(current: secret) }

    private func files(_ folder: TestFolder) throws -> String {
        let path = folder.path + "/recordings"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    /// Two seconds of silence, sealed, as the daemon finishes it. `isRunning`: it was never finished.
    private func make(_ id: UInt64, in files: String, isRunning: Bool = false) throws {
        let key = try #require(keys.keyring)
        let path = "\(files)/recording-\(id).swrec"
        let writer = RecordingWriter(path: path, sealing: .key(key.current))
        try writer.open(head: RecordingFormat.head(id: id, started: 0))
        var end = [UInt8](repeating: 0, count: RecordingFormat.recordBytes)
        let frame = RecordingFormat.Frame(track: .caller, law: .a, timestamp: 0, source: 0)
        end.withUnsafeMutableBytes { bytes in
            bytes.baseAddress.map { RecordingFormat.Record(.end, frame, count: 0, arrival: 2_000_000).write(to: $0) }
        }
        try writer.write(end, isLast: true)
        writer.close()
        if isRunning { return }
        _ = try RecordingRescue.rescue(path, keys: key)
        unlink(path)
    }

    private func record(_ id: UInt64, _ state: String = "saved") -> RecordingRecord {
        var record = RecordingRecord(
            id: RecordingID(rawValue: id), contact: ContactID(rawValue: 1), started: Instant(seconds: Int64(id)),
            file: "recording-\(id).swsealed", state: state)
        if state == "saved" { record.seconds = 2 }
        record.ended = record.started + .seconds(2)
        return record
    }

    private func keep(_ records: [RecordingRecord], in store: Store) async throws {
        let contact = ContactRecord(id: ContactID(rawValue: 1), state: "ended", arrived: .epoch)
        let facts = [Fact.contact(contact)] + records.map { Fact.recording($0) }
        try await store.committed(store.append(TurnRecord(at: .epoch, facts: facts)))
    }

    @Test(
        "the check names every file without a row, row without a file, and file that is not what was written, and nothing else")
    func check() async throws {
        let folder = try TestFolder(), files = try files(folder), store = try await folder.store()
        for id in [1, 2, 3, 5, 6, 9, 11] as [UInt64] { try make(id, in: files) }
        try make(4, in: files, isRunning: true)
        try make(10, in: files, isRunning: true)
        var long = record(3)
        long.seconds = 60
        try await keep(
            [
                record(1), record(2), long, record(4, "recording"), record(5), record(6, "deleted"), record(7),
                record(8, "recording"), record(10, "failed"),
            ], in: store)
        // 2 lacks its end, 5 has a bit changed in the middle.
        #expect(truncate(files + "/recording-2.swsealed", 40_000) == 0)
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: files + "/recording-5.swsealed")))
        bytes[bytes.count / 2] ^= 4
        try make(12, in: files)
        var chunks = [UInt8](try Data(contentsOf: URL(fileURLWithPath: files + "/recording-12.swsealed")))
        chunks[0] = 0
        try Data(chunks).write(to: URL(fileURLWithPath: files + "/recording-12.swsealed"))
        try Data(bytes).write(to: URL(fileURLWithPath: files + "/recording-5.swsealed"))
        try await keep([record(12)], in: store)
        try Data("x".utf8).write(to: URL(fileURLWithPath: files + "/notes.txt"))

        let check = try RecordingCheck(stateFolder: folder.path, keys: keys)
        let report = try await check.run(all: true)
        func found(_ kind: RecordingCheck.Finding.Kind) -> [String] {
            report.findings.filter { $0.kind == kind }.map(\.file).sorted()
        }
        #expect(found(.fileWithoutRow) == ["notes.txt", "recording-11.swsealed", "recording-9.swsealed"])
        #expect(found(.rowWithoutFile) == ["recording-7.swsealed", "recording-8.swsealed"])
        #expect(found(.unreadable) == ["recording-12.swsealed", "recording-2.swsealed", "recording-5.swsealed"])
        #expect(found(.wrongLength) == ["recording-3.swsealed"] && found(.notDeleted) == ["recording-6.swsealed"])
        #expect(report.findings.count == 10 && report.rows == 10 && report.running == 1)
        // Without its key none can be read, and that is no reason to call it damaged.
        let blind = try await RecordingCheck(stateFolder: folder.path, keys: .init()).run(all: false)
        #expect(blind.findings.contains { $0.recording?.rawValue == 1 && $0.detail.contains("sealed under a key") })
        await store.close()
    }

    @Test("retention deletes files in portions, leaves what is held, says so in the audit log, and goes on after a crash")
    func retention() async throws {
        let folder = try TestFolder(), files = try files(folder), store = try await folder.store()
        let all = (1...120 as ClosedRange<UInt64>)
        for id in all { try Data("x".utf8).write(to: URL(fileURLWithPath: "\(files)/recording-\(id).swsealed")) }
        try await keep(all.map { record($0) }, in: store)
        let audit = AuditEntry(actor: "root", role: "admin", action: "recording.held", object: "recording/7")
        let hold = RecordingRecord.Hold(reason: "case", by: "root", at: .epoch)
        #expect(try await store.hold(RecordingID(rawValue: 7), hold, audit: audit) == .done)
        // An earlier process has marked this one, removed its file, and died.
        #expect(try await store.claimExpired(RetentionPeriods(other: 1), at: Instant(seconds: 3), limit: 1).count == 1)
        unlink(files + "/recording-1.swsealed")
        let retention = RecordingRetention(
            store: store, folder: files, clock: HouseClock(), on: testLoop, logger: silentLogger)
        retention.periods = RetentionPeriods(other: 86_400)
        let wait = await retention.run()
        #expect(wait == RecordingRetention.waitSecondsMax && retention.deleted == 119)
        #expect(try FileManager.default.contentsOfDirectory(atPath: files) == ["recording-7.swsealed"])
        let rows = try await store.reader.recordings(limit: 1000)
        #expect(rows.count { $0.state == "deleted" && $0.deleted != nil && $0.seconds == 2 } == 119)
        let acts = try await store.reader.audit(limit: 1000)
        #expect(Set(acts.filter { $0.action == "recording.deleted" && $0.actor == "retention" }.map(\.object)).count == 119)
        // Lifted, it goes.
        #expect(try await store.liftHold(RecordingID(rawValue: 7), at: .epoch, audit: audit) == .done)
        _ = await retention.run()
        #expect(try FileManager.default.contentsOfDirectory(atPath: files).isEmpty && retention.deleted == 120)
        retention.close()
        await store.close()
    }

    @Test("a file that cannot be removed is tried again, and its row does not call it deleted")
    func stubborn() async throws {
        let folder = try TestFolder(), files = try files(folder), store = try await folder.store()
        try await keep([record(1), record(2)], in: store)
        // A folder cannot be unlinked.
        try FileManager.default.createDirectory(atPath: files + "/recording-1.swsealed", withIntermediateDirectories: true)
        let retention = RecordingRetention(
            store: store, folder: files, clock: HouseClock(), on: testLoop, logger: silentLogger)
        retention.periods = RetentionPeriods(other: 1)
        _ = await retention.run()
        #expect(try await store.reader.recordings(limit: 9).map(\.state) == ["deleted", "deleting"])
        try FileManager.default.removeItem(atPath: files + "/recording-1.swsealed")
        _ = await retention.run()
        #expect(try await store.reader.recordings(limit: 9).map(\.state) == ["deleted", "deleted"] && retention.deleted == 2)
        // Nothing is deleted where nothing is said.
        try await keep([record(3)], in: store)
        retention.periods = RetentionPeriods()
        _ = await retention.run()
        #expect(try await store.reader.recording(RecordingID(rawValue: 3))?.state == "saved")
        retention.close()
        await store.close()
    }

    @Test("retention wakes by itself: when a time is set, and again when a hold is lifted", .timeLimit(.minutes(1)))
    func wakes() async throws {
        let folder = try TestFolder(), files = try files(folder), store = try await folder.store()
        for id in [1, 2] { try Data("x".utf8).write(to: URL(fileURLWithPath: "\(files)/recording-\(id).swsealed")) }
        try await keep([record(1), record(2)], in: store)
        let audit = AuditEntry(actor: "root", role: "admin", action: "recording.held", object: "recording/2")
        let hold = RecordingRecord.Hold(reason: "case", by: "root", at: .epoch)
        #expect(try await store.hold(RecordingID(rawValue: 2), hold, audit: audit) == .done)
        let retention = RecordingRetention(
            store: store, folder: files, clock: HouseClock(), on: testLoop, logger: silentLogger, firstSeconds: 0)
        let vault = RecordingVault(store: store, folder: files, clock: HouseClock())
        vault.onHoldLifted = { retention.lookAgain() }
        retention.periods = RetentionPeriods(other: 86_400)
        func states() async throws -> [String] { try await store.reader.recordings(limit: 9).map(\.state) }
        // Each look is a read of the database: the limit of time ends it if nothing ever comes.
        while try await states() != ["saved", "deleted"] { await Task.yield() }
        #expect(try await vault.liftHold(RecordingID(rawValue: 2), audit: audit) == .done)
        while try await states() != ["deleted", "deleted"] { await Task.yield() }
        #expect(try FileManager.default.contentsOfDirectory(atPath: files).isEmpty)
        retention.close()
        await store.close()
    }

    @Test("the vault gives out what was recorded, and of what it cannot says which way")
    func vault() async throws {
        let folder = try TestFolder(), files = try files(folder), store = try await folder.store()
        try make(1, in: files)
        let vault = RecordingVault(store: store, folder: files, clock: HouseClock())
        await #expect(throws: RecordingTrouble.unreadable) { try await vault.open(record(1), .stereo) }
        vault.keys = keys.keyring
        let audio = try await vault.open(record(1), .stereo)
        #expect(audio.byteCount == 44 + 2 * 8000 * 4)
        let head = try await audio.bytes(in: 0..<44)
        #expect(head.starts(with: Array("RIFF".utf8)))
        await #expect(throws: RecordingTrouble.fileMissing) { try await vault.open(record(2), .stereo) }
        var sly = record(1)
        sly.file = "../recordings/../secrets/recording-key"
        await #expect(throws: RecordingTrouble.fileMissing) { try await vault.open(sly, .stereo) }
        await store.close()
    }
}
