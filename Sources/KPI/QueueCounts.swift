// What was counted of one queue in one interval: the input of every figure of a queue.

/// Counts of the contacts that entered a queue in an interval (definitions.md 3.4: the interval of the *enqueue* time).
///
/// The router's own counters (`ACD.QueueFigures`) hold all of it but those who wait too long now; a store or a simulation
/// counts for itself.
public struct QueueCounts: Hashable, Sendable, Codable {
    public var answered: Int
    /// Answered within the threshold T.
    public var answeredInTime: Int
    /// Disconnected by the customer while queued. A queued callback is no abandon.
    public var abandoned: Int
    public var abandonedInTime: Int
    /// Abandoned within S, usually five seconds.
    public var abandonedShort: Int
    /// Left the queue without an agent and without hanging up: diverted, timed out, sent on.
    public var flowedOut: Int
    /// Still waiting, and for longer than T already.
    public var waitingBeyondThreshold: Int
    /// Seconds.
    public var waitOfAnswered: Double

    /// - Throws: `KPIError` where the counts contradict one another.
    public init(
        answered: Int, answeredInTime: Int, abandoned: Int, abandonedInTime: Int, abandonedShort: Int, flowedOut: Int = 0,
        waitingBeyondThreshold: Int = 0, waitOfAnswered: Double = 0
    ) throws(KPIError) {
        self.answered = try answered.checked("answered")
        self.answeredInTime = try answeredInTime.checked("answered in time", partOf: answered, "answered")
        self.abandoned = try abandoned.checked("abandoned")
        self.abandonedInTime = try abandonedInTime.checked("abandoned in time", partOf: abandoned, "abandoned")
        self.abandonedShort = try abandonedShort.checked("abandoned short", partOf: abandoned, "abandoned")
        self.flowedOut = try flowedOut.checked("flowed out")
        self.waitingBeyondThreshold = try waitingBeyondThreshold.checked("waiting beyond the threshold")
        self.waitOfAnswered = try waitOfAnswered.checked("the wait of those answered")
    }

    /// Nothing has happened yet.
    public static let none = QueueCounts()

    private init() {
        (answered, answeredInTime, abandoned, abandonedInTime, abandonedShort) = (0, 0, 0, 0, 0)
        (flowedOut, waitingBeyondThreshold, waitOfAnswered) = (0, 0, 0)
    }

    /// Enqueued and come to an end, with or without those who flowed out.
    public func offered(countsFlowOuts: Bool = true) -> Int { answered + abandoned + (countsFlowOuts ? flowedOut : 0) }

    /// Sums of intervals or queues; shares must never be averaged.
    public static func + (a: QueueCounts, b: QueueCounts) -> QueueCounts {
        var sum = QueueCounts()
        sum.answered = a.answered + b.answered
        sum.answeredInTime = a.answeredInTime + b.answeredInTime
        sum.abandoned = a.abandoned + b.abandoned
        sum.abandonedInTime = a.abandonedInTime + b.abandonedInTime
        sum.abandonedShort = a.abandonedShort + b.abandonedShort
        sum.flowedOut = a.flowedOut + b.flowedOut
        sum.waitingBeyondThreshold = a.waitingBeyondThreshold + b.waitingBeyondThreshold
        sum.waitOfAnswered = a.waitOfAnswered + b.waitOfAnswered
        return sum
    }

    // MARK: Figures beside the service level

    public var averageSpeedOfAnswer: Figure {
        Figure(
            "ASA", ratio(waitOfAnswered, Double(answered)), .seconds,
            formula: "Σ wait of answered / answered; callbacks apart")
    }

    public var abandonRate: Figure { abandonRate(countsFlowOuts: true) }

    /// - Parameter countsFlowOuts: whether those who left the queue for somewhere else were offered to it; Amazon, which
    ///   reckons with everybody who was queued, says so.
    public func abandonRate(countsFlowOuts: Bool) -> Figure {
        Figure(
            "abandon rate", ratio(abandoned, offered(countsFlowOuts: countsFlowOuts)), .share,
            formula: "abandoned / offered, offered = answered + abandoned" + (countsFlowOuts ? " + flow-outs" : ""))
    }

    /// Without those who hung up at once.
    public var abandonRateWithoutShort: Figure {
        Figure(
            "abandon rate without short abandons", ratio(abandoned - abandonedShort, offered() - abandonedShort), .share,
            formula: "(abandoned − short) / (offered − short)")
    }

    public var shortAbandonRate: Figure {
        Figure("short abandons", ratio(abandonedShort, offered()), .share, formula: "abandoned ≤ S / offered")
    }

    public var answerRate: Figure {
        Figure("answer rate", ratio(answered, offered()), .share, formula: "answered / offered")
    }
}
