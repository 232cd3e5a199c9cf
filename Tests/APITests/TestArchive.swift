// Recordings of a test: their sound is made up, their rows are real.

import API
import Basics
import SiteConfiguration
import Storage

@MainActor final class TestArchive: RecordingArchive {
    struct Sound: RecordingAudio {
        struct Failure: Error {}
        var all: [UInt8]
        var tag = "one"
        /// From here on the disk does not read.
        var readable = Int.max
        var byteCount: Int { all.count }

        func bytes(in range: Range<Int>) async throws -> [UInt8] {
            if range.upperBound > readable { throw Failure() }
            return Array(all[range])
        }
    }

    var listener = RecordingSettings.Listener.supervisor
    var sounds: [RecordingID: Sound] = [:]
    var trouble: RecordingTrouble?
    private let store: Store

    init(_ store: Store) { self.store = store }

    func open(
        _ record: RecordingRecord, _ form: RecordingForm
    ) async throws(RecordingTrouble) -> any RecordingAudio {
        if let trouble { throw trouble }
        guard let sound = sounds[record.id] else { throw .fileMissing }
        return sound
    }

    func hold(
        _ id: RecordingID, _ hold: RecordingRecord.Hold, audit: AuditEntry
    ) async throws(StoreError) -> Store.HoldOutcome {
        try await store.hold(id, hold, audit: audit)
    }

    func liftHold(_ id: RecordingID, audit: AuditEntry) async throws(StoreError) -> Store.HoldOutcome {
        try await store.liftHold(id, at: Instant(seconds: 9), audit: audit)
    }
}
