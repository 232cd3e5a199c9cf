// When a line opens or closes next.

public import Basics

extension OpeningHours {
    /// Borders of spans and days that are looked at for the next change: about a year.
    private static let bordersMax = 1000

    /// The next moment at which the line is open, not before `now`; nil: not within about a year.
    public func nextOpening(notBefore now: Instant) -> Instant? { next(where: true, notBefore: now) }

    /// The next moment at which the line is closed, not before `now`; nil: not within about a year.
    public func nextClosing(notBefore now: Instant) -> Instant? { next(where: false, notBefore: now) }

    /// Changes come at the borders of spans, at midnight, and where local time jumps.
    private func next(where isOpen: Bool, notBefore now: Instant) -> Instant? {
        if self.isOpen(at: now) == isOpen { return now }
        var from = now
        for _ in 0..<Self.bordersMax {
            let next = nextBorder(after: from)
            if self.isOpen(at: next) == isOpen { return next }
            from = next
        }
        return nil
    }

    /// The first moment behind `time` at which the answer may be another.
    private func nextBorder(after time: Instant) -> Instant {
        let index = offsets.lastIndex { $0.from <= time }
        let seconds = index.map { offsets[$0].seconds } ?? offsets.first?.seconds ?? 0
        let jump = offsets.first { $0.from > time }?.from ?? .distantFuture
        let local = Self.floor(time.microseconds, 1_000_000) + Int64(seconds)
        let day = Self.floor(local, 86_400), second = Int(local - day * 86_400)
        let borders = spans(of: Int(day)).flatMap { [$0.start, $0.end] }.filter { $0 > second }
        let border = Int64(min(86_400, borders.min() ?? 86_400))
        return min(jump, Instant(seconds: day * 86_400 + border - Int64(seconds)))
    }

    private func spans(of day: Int) -> [Span] {
        if let exception = exceptions.first(where: { $0.day == day }) { return exception.spans }
        // 1970-01-01 was a Thursday, the fourth day of the week.
        let weekday = ((day + 3) % 7 + 7) % 7
        return weekday < week.count ? week[weekday] : []
    }

    private static func floor(_ a: Int64, _ b: Int64) -> Int64 { a / b - (a % b < 0 ? 1 : 0) }
}
