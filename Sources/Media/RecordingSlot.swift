// One recording as the packet path sees it: a place to copy frames to.

/// The buffer of one recording, emptied at least once a second.
nonisolated struct RecordingSlot {
    /// Three seconds of both sides at 20 ms per packet.
    static let bufferBytes = 64 * 1024

    var isActive = false
    var isPaused = false
    /// Monotonic nanoseconds.
    var started: UInt64 = 0
    var used = 0
    var buffer: UnsafeMutableRawPointer?

    /// Copies a frame; `false`: it doesn't fit or is no frame of ours.
    mutating func append(_ frame: RecordingFormat.Frame, _ payload: UnsafeRawPointer, count: Int, at now: UInt64) -> Bool {
        if isPaused || !isActive { return true }
        return append(.sound, frame, payload, count: count, at: now)
    }

    mutating func append(
        _ kind: RecordingFormat.Kind, _ frame: RecordingFormat.Frame, _ payload: UnsafeRawPointer?, count: Int, at now: UInt64
    ) -> Bool {
        let size = RecordingFormat.recordBytes + count
        guard let buffer, count <= RecordingFormat.payloadBytesMax, used + size <= Self.bufferBytes else { return false }
        let arrival = (now - min(now, started)) / 1000
        RecordingFormat.Record(kind, frame, count: count, arrival: arrival).write(to: buffer + used)
        if let payload { (buffer + used + RecordingFormat.recordBytes).copyMemory(from: payload, byteCount: count) }
        used += size
        return true
    }
}
