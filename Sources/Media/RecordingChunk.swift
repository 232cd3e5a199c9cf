// A piece of a recording on its way to the disk.

internal import Basics

/// About a second of one recording.
nonisolated struct RecordingChunk: Sendable {
    let id: RecordingID
    let writer: RecordingWriter
    let bytes: [UInt8]
    var isLast = false

    /// On the write queue; what went wrong, if anything did.
    func write() -> RecordingFailure? {
        do throws(RecordingFailure) {
            try writer.write(bytes, isLast: isLast)
            return nil
        } catch { return error }
    }
}
