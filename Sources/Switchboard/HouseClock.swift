// The time as the rules are told it.

internal import Basics
internal import Foundation
internal import MainLoop

/// Wall time at the start plus monotonic time since, and never before the last journaled instant: a step of the wall clock
/// neither stops nor fires anything (architecture.md, "Journal").
nonisolated struct HouseClock: Sendable {
    private let start: Instant
    private let monotonicStart: UInt64

    init(notBefore earliest: Instant? = nil) {
        monotonicStart = MonotonicClock.now
        let wall = Instant(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000))
        start = max(wall, earliest ?? wall)
    }

    var now: Instant { start + .microseconds(Int64(clamping: (MonotonicClock.now &- monotonicStart) / 1000)) }

    /// Monotonic nanoseconds, not before 1, at which `instant` will have come.
    func monotonic(at instant: Instant) -> UInt64 {
        guard instant != .distantFuture else { return .max }
        let microseconds = (instant - start).microseconds
        // A timer that fires a little early would find nothing due and be armed again.
        return max(1, monotonicStart &+ UInt64(clamping: microseconds) &* 1000 &+ 1000)
    }
}
