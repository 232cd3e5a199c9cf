// What a simulated day came to.

public import Basics
public import KPI

/// Figures of one queue, or of all of them, in one interval or over the day. Contacts belong to the interval in which they
/// were enqueued, agents' time to the interval in which it passed.
public struct IntervalFigures: Hashable, Sendable, Codable {
    public var counts = QueueCounts.none
    /// Contacts that were not answered in the very moment in which they came.
    public var waited = 0
    /// Seconds, of those answered and those who hung up.
    public var waitOfAll = 0.0
    /// Contacts that an agent had, callbacks too, and the seconds that they took, wrap-up included.
    public var handled = 0
    public var handleSeconds = 0.0
    /// Of these after the talk.
    public var wrapUpSeconds = 0.0
    public var callbacksRequested = 0
    public var callbacksReached = 0
    public var callbacksGivenUp = 0
    /// Calls to customers.
    public var callbackAttempts = 0
    /// Still waiting when the simulation ended.
    public var unserved = 0
    /// Seconds in which the queue's agents had something to do, in whatever queue.
    public var busySeconds = 0.0
    /// Seconds in which the queue's agents were there.
    public var staffedSeconds = 0.0

    public init() {}

    public var offered: Int { counts.offered() + unserved }
    public var serviceLevel: Double? { ServiceLevel.switchboard.value(of: counts) }
    public var averageSpeedOfAnswer: Double? { counts.averageSpeedOfAnswer.value }
    public var abandonRate: Double? { counts.abandonRate.value }
    public var occupancy: Double? { staffedSeconds > 0 ? busySeconds / staffedSeconds : nil }
    public var averageHandleTime: Double? { handled > 0 ? handleSeconds / Double(handled) : nil }

    /// Every figure of `KPI` that a day has the counts for, each with its formula.
    public var figures: [Figure] {
        let handling = try? HandlingCounts(
            handled: handled, talk: max(0, handleSeconds - wrapUpSeconds), hold: 0, wrapUp: wrapUpSeconds)
        let callbacks = try? CallbackCounts(
            requested: callbacksRequested, reached: callbacksReached, attempts: callbackAttempts, givenUp: callbacksGivenUp)
        return ServiceLevel.all.map { $0.figure(of: counts) }
            + [
                counts.averageSpeedOfAnswer, counts.answerRate, counts.abandonRate, counts.abandonRateWithoutShort,
                counts.shortAbandonRate,
            ] + (handling.map { [$0.averageHandleTime, $0.averageTalk, $0.averageWrapUp] } ?? [])
            + (callbacks.map { [$0.reachRate, $0.attemptsPerCallback] } ?? [])
    }

    /// Over those answered and those who hung up.
    public var meanWait: Double? {
        let ended = counts.answered + counts.abandoned
        return ended > 0 ? waitOfAll / Double(ended) : nil
    }
    public var waitShare: Double? {
        let ended = counts.answered + counts.abandoned
        return ended > 0 ? Double(waited) / Double(ended) : nil
    }

    public static func + (a: IntervalFigures, b: IntervalFigures) -> IntervalFigures {
        var sum = a
        sum.counts = a.counts + b.counts
        sum.waited += b.waited
        sum.waitOfAll += b.waitOfAll
        sum.handled += b.handled
        sum.handleSeconds += b.handleSeconds
        sum.wrapUpSeconds += b.wrapUpSeconds
        sum.callbacksRequested += b.callbacksRequested
        sum.callbacksReached += b.callbacksReached
        sum.callbacksGivenUp += b.callbacksGivenUp
        sum.callbackAttempts += b.callbackAttempts
        sum.unserved += b.unserved
        sum.busySeconds += b.busySeconds
        sum.staffedSeconds += b.staffedSeconds
        return sum
    }
}

/// One simulated day.
public struct DayFigures: Hashable, Sendable, Codable {
    public let seed: UInt64
    public let queues: [QueueID]
    /// By queue, then by interval.
    public internal(set) var byQueue: [[IntervalFigures]]
    /// Of all queues; an agent of two queues is counted once.
    public internal(set) var byInterval: [IntervalFigures]
    /// Warm-up and all.
    public internal(set) var contacts = 0
    /// What the rules were told.
    public internal(set) var events = 0

    public func total(of queue: Int) -> IntervalFigures { byQueue[queue].reduce(IntervalFigures(), +) }
    public var total: IntervalFigures { byInterval.reduce(IntervalFigures(), +) }
}
