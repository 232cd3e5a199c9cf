// A point in time as the rules see it: a value that somebody else read from a clock.

/// Microseconds since 1970-01-01T00:00:00Z.
///
/// The live daemon makes instants from the wall time at its start plus the monotonic time since, so they never step back;
/// tests and replays make them from nothing but arithmetic. (architecture.md, "Journal")
@frozen public struct Instant: Hashable, Comparable, Sendable {
    /// Microseconds since the Unix epoch.
    public var microseconds: Int64

    @inlinable public init(microseconds: Int64) { self.microseconds = microseconds }

    /// The instant `seconds` after the Unix epoch.
    @inlinable public init(seconds: Int64) { microseconds = seconds &* 1_000_000 }

    /// Later than every instant that a deadline can have: "never".
    @inlinable public static var distantFuture: Instant { Instant(microseconds: .max) }
    @inlinable public static var epoch: Instant { Instant(microseconds: 0) }

    @inlinable public static func < (a: Instant, b: Instant) -> Bool { a.microseconds < b.microseconds }

    @inlinable public static func + (a: Instant, b: Duration) -> Instant {
        a == .distantFuture ? a : Instant(microseconds: a.microseconds &+ b.microseconds)
    }

    @inlinable public static func - (a: Instant, b: Duration) -> Instant {
        Instant(microseconds: a.microseconds &- b.microseconds)
    }
    @inlinable public static func += (a: inout Instant, b: Duration) { a = a + b }

    /// The time from `b` to `a`; negative if `b` is later.
    @inlinable public static func - (a: Instant, b: Instant) -> Duration { .microseconds(a.microseconds &- b.microseconds) }
}

extension Instant: Codable {
    public init(from decoder: any Decoder) throws {
        microseconds = try decoder.singleValueContainer().decode(Int64.self)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(microseconds)
    }
}

extension Duration {
    /// The whole duration in microseconds, cut off below.
    @inlinable public var microseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds &* 1_000_000 &+ attoseconds / 1_000_000_000_000
    }

    /// The whole duration in milliseconds, cut off below.
    public var milliseconds: Int64 { microseconds / 1000 }

    /// The duration in seconds with its fraction.
    public var inSeconds: Double { Double(microseconds) / 1_000_000 }
}
