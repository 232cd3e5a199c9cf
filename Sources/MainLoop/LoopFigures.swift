// What the loop knows of itself.

/// How long the loop's rounds were and how late its deadlines fired, since the start or the last reset.
public nonisolated struct LoopFigures: Sendable {
    /// Times by length: the first slot holds those below 64 µs, each next one those below twice as much.
    public struct Histogram: Sendable {
        public private(set) var slots = [UInt64](repeating: 0, count: 20)
        public private(set) var count: UInt64 = 0
        /// Nanoseconds.
        public private(set) var longest: UInt64 = 0
        /// Nanoseconds of all times together.
        public private(set) var sum: UInt64 = 0

        public init() {}

        /// The upper border of a slot in nanoseconds; nil for the last one, which has none.
        public static func border(of slot: Int) -> UInt64? { slot < 19 ? 64_000 << UInt64(slot) : nil }

        public mutating func note(_ nanoseconds: UInt64) {
            count += 1
            let (all, isTooMuch) = sum.addingReportingOverflow(nanoseconds)
            sum = isTooMuch ? .max : all
            longest = max(longest, nanoseconds)
            let slot = nanoseconds < 64_000 ? 0 : min(19, 64 - (nanoseconds / 64_000).leadingZeroBitCount)
            slots[slot] += 1
        }

        mutating func add(_ other: Histogram) {
            for (slot, number) in other.slots.enumerated() { slots[slot] += number }
            count += other.count
            longest = max(longest, other.longest)
            let (all, isTooMuch) = sum.addingReportingOverflow(other.sum)
            sum = isTooMuch ? .max : all
        }

        /// The upper border, in nanoseconds, of the slot in which the `share` (0...1) of all times is reached.
        public func quantile(_ share: Double) -> UInt64 {
            guard count > 0 else { return 0 }
            let wanted = UInt64((Double(count) * share).rounded(.up))
            var seen: UInt64 = 0
            for (index, number) in slots.enumerated() {
                seen += number
                if seen >= wanted { return min(64_000 << UInt64(index), longest) }
            }
            return longest
        }
    }

    /// From a wake-up to the end of the work that it brought.
    public private(set) var rounds = Histogram()
    /// From a member's deadline to the moment at which the loop served it.
    public private(set) var lag = Histogram()
    public private(set) var recentRounds = RecentTimes()
    public private(set) var recentLag = RecentTimes()

    public init() {}

    mutating func noteRound(_ nanoseconds: UInt64, at now: UInt64) {
        rounds.note(nanoseconds)
        recentRounds.note(nanoseconds, at: now)
    }

    mutating func noteLag(_ nanoseconds: UInt64, at now: UInt64) {
        lag.note(nanoseconds)
        recentLag.note(nanoseconds, at: now)
    }
}
