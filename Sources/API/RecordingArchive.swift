// What the API needs to show recordings: their sound, and who may do what with them.

public import Basics
public import SiteConfiguration
public import Storage

/// The recordings as the API sees them.
@MainActor public protocol RecordingArchive: AnyObject, Sendable {
    /// From whom on one may listen.
    var listener: RecordingSettings.Listener { get }
    /// Opens the file of a saved recording, beside the loop.
    func open(_ record: RecordingRecord, _ form: RecordingForm) async throws(RecordingTrouble) -> any RecordingAudio
    /// Nobody deletes the recording from now on; returns when that and its audit line are on the disk.
    func hold(
        _ id: RecordingID, _ hold: RecordingRecord.Hold, audit: AuditEntry
    ) async throws(StoreError) -> Store.HoldOutcome
    func liftHold(_ id: RecordingID, audit: AuditEntry) async throws(StoreError) -> Store.HoldOutcome
}

/// How a recording is listened to.
public enum RecordingForm: Sendable {
    /// Two channels: the caller left, all others right.
    case stereo
    /// A channel for each party.
    case parties
}

/// The sound of one recording as a WAV file.
public protocol RecordingAudio: Sendable {
    /// Of the whole WAV file.
    var byteCount: Int { get }
    /// Another one for every file.
    var tag: String { get }
    /// Read beside the loop; may be fewer than asked for, and none only behind the end.
    func bytes(in range: Range<Int>) async throws -> [UInt8]
}

/// Why a recording cannot be listened to.
public enum RecordingTrouble: Error, Hashable, Sendable {
    /// The index knows it, the folder does not.
    case fileMissing
    /// It is not what was written, or its key is not here.
    case unreadable
}
