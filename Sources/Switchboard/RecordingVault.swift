// The recordings as the API lets people listen to them and hold them.

internal import API
internal import Basics
internal import Foundation
internal import MainLoop
internal import Media
internal import SiteConfiguration
internal import Storage

/// Opens files beside the loop; what it hands out is decrypted piece by piece.
final class RecordingVault: RecordingArchive {
    var listener = RecordingSettings.Listener.supervisor
    var keys: RecordingKeyring?
    /// A recording may have to go now.
    var onHoldLifted: () -> Void = {}
    private let store: Store
    private let folder: String
    private let clock: HouseClock
    private let worker = WorkerQueue(label: "recording-listen")

    init(store: Store, folder: String, clock: HouseClock) {
        self.store = store
        self.folder = folder
        self.clock = clock
    }

    /// The file of a recording; whatever its row says, it stands in the folder itself.
    nonisolated static func path(of record: RecordingRecord, in folder: String) -> String {
        folder + "/" + (record.file as NSString).lastPathComponent
    }

    func open(
        _ record: RecordingRecord, _ form: RecordingForm
    ) async throws(RecordingTrouble) -> any RecordingAudio {
        let path = Self.path(of: record, in: folder), keys = keys, worker = worker
        do {
            let file = try await worker.run { try RecordingFile(path: path, keys: keys) }
            return VaultAudio(sound: RecordingSound(file, form == .stereo ? .stereo : .parties), worker: worker)
        } catch {
            if case .disk(_, _, ENOENT)? = error as? RecordingFailure { throw .fileMissing }
            throw .unreadable
        }
    }

    func hold(
        _ id: RecordingID, _ hold: RecordingRecord.Hold, audit: AuditEntry
    ) async throws(StoreError) -> Store.HoldOutcome {
        try await store.hold(id, hold, audit: audit)
    }

    func liftHold(_ id: RecordingID, audit: AuditEntry) async throws(StoreError) -> Store.HoldOutcome {
        let outcome = try await store.liftHold(id, at: clock.now, audit: audit)
        if outcome == .done { onHoldLifted() }
        return outcome
    }
}

/// An open file and the queue on which it is read.
private nonisolated struct VaultAudio: RecordingAudio {
    let sound: RecordingSound
    let worker: WorkerQueue

    var byteCount: Int { sound.byteCount }
    var tag: String { sound.tag }

    func bytes(in range: Range<Int>) async throws -> [UInt8] {
        let sound = sound
        return try await worker.run { try sound.bytes(in: range) }
    }
}
