// The router's own counters as the input of every figure of a queue.

public import ACD
internal import Basics

extension QueueCounts {
    /// What the router has counted since the queue began.
    ///
    /// Contacts that a restart has ended are in none of the counts: they neither hung up nor left. Abandons within T are
    /// counted since there is a count of them; a queue that is older has too few of those, and never too many.
    ///
    /// - Parameter waitingBeyondThreshold: how many wait now, and longer than T: only whoever sees the queue knows.
    public init(_ figures: QueueFigures, waitingBeyondThreshold: Int = 0) {
        self = .none
        answered = figures.answered
        answeredInTime = figures.answeredInTime
        abandoned = figures.abandoned
        abandonedInTime = figures.abandonedInTime
        abandonedShort = figures.abandonedShort
        flowedOut = figures.divertedInAll
        self.waitingBeyondThreshold = max(0, waitingBeyondThreshold)
        waitOfAnswered = figures.waitOfAnswered.inSeconds
    }
}
