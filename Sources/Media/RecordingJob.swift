// What the loop remembers of a running recording.

internal import Basics

/// A recording beside its buffer.
final class RecordingJob {
    /// Chunks on their way to the disk; with more, the disk is too slow and the recording ends.
    static let chunksMax = 16

    let id: RecordingID
    let writer: RecordingWriter
    var caller: Int32 = -1
    /// The slots of the others who feed it.
    var others: [Int32] = []
    /// Tracks that somebody has come to.
    var tracks: Set<Int> = [0]
    var chunksUnderway = 0

    init(id: RecordingID, writer: RecordingWriter) {
        self.id = id
        self.writer = writer
    }
}
