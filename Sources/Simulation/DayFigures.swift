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
    /// Seconds of the contacts answered.
    public var handleSeconds = 0.0
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
        sum.handleSeconds += b.handleSeconds
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
