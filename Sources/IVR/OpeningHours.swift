// When a line is open, decided from plain numbers: no time zone database inside the rules.

public import Basics

/// A weekly plan with exceptions, in the local time of one place.
///
/// The offsets of the place's time zone are worked out when the configuration is compiled, so that a replay on another
/// machine, with another time zone database, decides the same.
public struct OpeningHours: Codable, Hashable, Sendable {
    /// Open from `start` to `end`, in seconds since local midnight; `end` may be 86,400.
    public struct Span: Codable, Hashable, Sendable {
        public var start: Int
        public var end: Int

        public init(start: Int, end: Int) {
            self.start = start
            self.end = end
        }
    }

    /// Local time is UTC plus `seconds` from `from` until the next entry.
    public struct Offset: Codable, Hashable, Sendable {
        public var from: Instant
        public var seconds: Int

        public init(from: Instant, seconds: Int) {
            self.from = from
            self.seconds = seconds
        }
    }

    /// A date with its own spans; none: closed all day.
    public struct Exception: Codable, Hashable, Sendable {
        /// Days since 1970-01-01, local.
        public var day: Int
        public var spans: [Span]

        public init(day: Int, spans: [Span]) {
            self.day = day
            self.spans = spans
        }
    }

    public var id: HoursID
    /// Seven lists, Monday first.
    public var week: [[Span]]
    public var exceptions: [Exception]
    /// In order of time; before the first entry the first one counts.
    public var offsets: [Offset]

    public init(id: HoursID, week: [[Span]], exceptions: [Exception] = [], offsets: [Offset] = []) {
        self.id = id
        self.week = week
        self.exceptions = exceptions
        self.offsets = offsets
    }

    /// Whether the line is open at `now`.
    public func isOpen(at now: Instant) -> Bool {
        let offset = offsets.last { $0.from <= now } ?? offsets.first
        let local = Self.floorDivide(now.microseconds, 1_000_000) + (offset?.seconds ?? 0)
        let day = Self.floorDivide(Int64(local), 86_400)
        let second = local - day * 86_400
        let spans: [Span]
        if let exception = exceptions.first(where: { $0.day == day }) {
            spans = exception.spans
        } else {
            // 1970-01-01 was a Thursday, the fourth day of the week.
            let weekday = ((day + 3) % 7 + 7) % 7
            spans = weekday < week.count ? week[weekday] : []
        }
        return spans.contains { $0.start <= second && second < $0.end }
    }

    private static func floorDivide(_ a: Int64, _ b: Int64) -> Int {
        let quotient = a / b
        return Int(a % b < 0 ? quotient - 1 : quotient)
    }
}
