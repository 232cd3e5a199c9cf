// Times of the last minutes: since the start, a stall of now would drown among days of calm.

/// What was noted within the last one to two minutes, in two histograms that take turns.
public nonisolated struct RecentTimes: Sendable {
    /// Nanoseconds after which the older histogram is thrown away.
    public static let turnNanoseconds: UInt64 = 60_000_000_000

    private var current = LoopFigures.Histogram()
    private var earlier = LoopFigures.Histogram()
    private var turnsAt: UInt64 = 0

    public init() {}

    /// `now`: monotonic nanoseconds (`MonotonicClock.now`).
    public mutating func note(_ nanoseconds: UInt64, at now: UInt64) {
        if now >= turnsAt { takeTurns(at: now) }
        current.note(nanoseconds)
    }

    public func times(at now: UInt64) -> LoopFigures.Histogram {
        var copy = self
        if now >= turnsAt { copy.takeTurns(at: now) }
        copy.earlier.add(copy.current)
        return copy.earlier
    }

    private mutating func takeTurns(at now: UInt64) {
        // After a long silence what is current is old, too.
        earlier = now - turnsAt < Self.turnNanoseconds ? current : LoopFigures.Histogram()
        current = LoopFigures.Histogram()
        turnsAt = now + Self.turnNanoseconds
    }
}
