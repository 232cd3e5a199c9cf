// Planned time against time as it was.

/// A stretch of time of one class, such as "available", "break", "training".
public struct ScheduledSpan<Class: Hashable & Sendable>: Hashable, Sendable {
    public let span: Span
    public let activity: Class

    public init(_ span: Span, _ activity: Class) {
        self.span = span
        self.activity = activity
    }
}

/// Adherence: was the right thing done at the right time. Conformance: was it as long as planned.
public enum ScheduleComparison {
    public static let adherenceFormula = "time in which actual class = scheduled class / scheduled time"
    public static let conformanceFormula = "worked time / scheduled working time; may exceed 1"

    /// - Parameters:
    ///   - scheduled: without overlaps.
    ///   - actual: without overlaps.
    public static func adherence<Class>(scheduled: [ScheduledSpan<Class>], actual: [ScheduledSpan<Class>]) -> Figure {
        let actual = actual.sorted { $0.span.start < $1.span.start }
        var kept = 0.0, first = 0
        for plan in scheduled.sorted(by: { $0.span.start < $1.span.start }) {
            while first < actual.count, actual[first].span.end <= plan.span.start { first += 1 }
            for was in actual[first...] {
                guard was.span.start < plan.span.end else { break }
                guard was.activity == plan.activity else { continue }
                kept += max(0, min(was.span.end, plan.span.end) - max(was.span.start, plan.span.start))
            }
        }
        let all = scheduled.reduce(0) { $0 + $1.span.seconds }
        return Figure("adherence", ratio(kept, all), .share, formula: adherenceFormula)
    }

    /// - Throws: `KPIError` for a negative or not finite value.
    public static func conformance(worked: Double, scheduled: Double) throws(KPIError) -> Figure {
        Figure(
            "conformance", ratio(try worked.checked("worked"), try scheduled.checked("scheduled")), .share,
            formula: conformanceFormula)
    }
}
