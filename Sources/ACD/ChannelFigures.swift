// What of a queue's counters is of one channel.

internal import Basics

/// A part of `QueueFigures`; over all channels of a queue the parts add up to it.
public struct ChannelFigures: Codable, Hashable, Sendable {
    public let channel: Channel
    public internal(set) var entries = 0
    public internal(set) var answered = 0
    /// Answered within the queue's threshold T.
    public internal(set) var answeredInTime = 0
    public internal(set) var abandoned = 0
    public internal(set) var diverted = 0
    public internal(set) var endedBySystem = 0
    public internal(set) var waitOfAnswered: Duration = .zero
    public internal(set) var waitOfAll: Duration = .zero
    /// Handling and wrap-up, weighted by 0.9 of the past; nil before the first.
    public internal(set) var meanHandleSeconds: Double?

    public init(channel: Channel) { self.channel = channel }

    /// Mean speed of answer in seconds; nil before the first answer.
    public var averageSpeedOfAnswer: Double? {
        answered > 0 ? waitOfAnswered.inSeconds / Double(answered) : nil
    }

    /// θ of definitions.md 3.3: abandons per second of waiting; 0 before anybody has waited.
    public var abandonRate: Double { waitOfAll > .zero ? Double(abandoned) / waitOfAll.inSeconds : 0 }

    mutating func subtract(_ other: ChannelFigures) {
        entries -= other.entries
        answered -= other.answered
        answeredInTime -= other.answeredInTime
        abandoned -= other.abandoned
        diverted -= other.diverted
        endedBySystem -= other.endedBySystem
        waitOfAnswered -= other.waitOfAnswered
        waitOfAll -= other.waitOfAll
    }
}
