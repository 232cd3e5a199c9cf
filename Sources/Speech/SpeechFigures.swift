// What the speech cache did, for the metrics.

public nonisolated struct SpeechFigures: Hashable, Sendable {
    /// Answered from memory.
    public internal(set) var fromMemory: UInt64 = 0
    /// Read from disk.
    public internal(set) var fromDisk: UInt64 = 0
    /// Spoken by the engine.
    public internal(set) var rendered: UInt64 = 0
    public internal(set) var failed: UInt64 = 0
    /// Rendered but not saved: the disk refused.
    public internal(set) var unsaved: UInt64 = 0
}
