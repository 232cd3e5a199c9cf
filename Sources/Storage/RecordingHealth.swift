// Whether what was to be recorded was.

public import Basics

/// Counts over the recordings that began in a time (S0-71). Every contact that is to be recorded has a row from its first
/// second, so what went wrong is counted as well.
public nonisolated struct RecordingHealth: Hashable, Sendable {
    public var from: Instant
    public var to: Instant
    /// To be recorded.
    public var begun = 0
    /// Of these: have a file as long as what was to be recorded, a second more or less; or had one until it was deleted.
    public var playable = 0
    /// Have a file of another length.
    public var wrongLength = 0
    public var failed = 0
    /// Not over yet; they count neither way.
    public var running = 0
    /// Deleted after their time. They count by what they were.
    public var deleted = 0
    /// Under legal hold.
    public var held = 0

    public init(from: Instant, to: Instant) {
        self.from = from
        self.to = to
    }

    /// playable / (begun - running); nil before the first one is over.
    public var successRate: Double? { begun > running ? Double(playable) / Double(begun - running) : nil }
}
