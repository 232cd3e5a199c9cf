// The only clock that the edges read; the rules are told the time.

internal import CLoop

/// CLOCK_MONOTONIC in nanoseconds: never steps, counts from an unknown start.
public nonisolated enum MonotonicClock {
    public static var now: UInt64 { cloop_now() }
}
