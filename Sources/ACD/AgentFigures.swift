// What one agent has done in one day.

internal import Basics

/// Counters of a day in the center's local time; those of another day are gone.
public struct AgentFigures: Codable, Hashable, Sendable {
    /// Days since 1970-01-01, local.
    public let day: Int
    /// Contacts brought to an end or handed on.
    public internal(set) var handled = 0
    /// Offers let ring, or that could not be delivered to a phone.
    public internal(set) var missed = 0
    /// Talk and hold, from the answer on.
    public internal(set) var talk: Duration = .zero
    /// Counted to the day on which the wrap-up's contact ended.
    public internal(set) var wrapUp: Duration = .zero

    public init(day: Int) { self.day = day }

    public var talkSeconds: Double { talk.inSeconds }

    /// Talk, hold and wrap-up of a contact on average (AHT, definitions.md 3.4); nil before the first.
    public var averageHandleSeconds: Double? { handled > 0 ? (talk + wrapUp).inSeconds / Double(handled) : nil }

    mutating func noteHandled() { handled += 1 }
    mutating func noteMiss() { missed += 1 }
    mutating func noteTalk(_ time: Duration) { talk += time }
    mutating func noteWrapUp(_ time: Duration) { wrapUp += time }
}
