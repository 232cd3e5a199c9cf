// Guessing is slowed down for each source, never by locking an account.

internal import Basics

/// Counts wrong tokens, codes or passwords of each source within a minute; a source is an address, or an address and a name.
struct FailureLimiter<Source: Hashable & Sendable>: Sendable {
    static var window: Duration { .seconds(60) }
    /// Sources remembered at once; beyond it the one whose minute began first is forgotten.
    static var sourcesMax: Int { 4096 }

    private struct Minute {
        var began: Instant
        var failures: Int
    }

    let failuresMax: Int
    private var minutes: [Source: Minute] = [:]

    init(failuresPerMinuteMax: Int) { failuresMax = max(1, failuresPerMinuteMax) }

    /// Whole seconds until the source may try again; nil if it may now.
    func secondsToWait(_ source: Source, at now: Instant) -> Int? {
        guard let minute = minutes[source], minute.failures >= failuresMax else { return nil }
        let left = minute.began + Self.window - now
        return left > .zero ? Int((left.microseconds + 999_999) / 1_000_000) : nil
    }

    mutating func noteFailure(_ source: Source, at now: Instant) {
        if var minute = minutes[source], now - minute.began < Self.window {
            minute.failures += 1
            minutes[source] = minute
            return
        }
        if minutes.count >= Self.sourcesMax { makeRoom(at: now) }
        minutes[source] = Minute(began: now, failures: 1)
    }

    private mutating func makeRoom(at now: Instant) {
        minutes = minutes.filter { now - $0.value.began < Self.window }
        guard minutes.count >= Self.sourcesMax, let oldest = minutes.min(by: { $0.value.began < $1.value.began }) else {
            return
        }
        minutes[oldest.key] = nil
    }
}
