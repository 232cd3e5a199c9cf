// How long recordings are kept.

public import Basics

/// Seconds from the beginning of a recording; nil: for ever.
public nonisolated struct RetentionPeriods: Hashable, Sendable {
    /// Of queues without a period of their own, and of what came through none.
    public var other: Int?
    public var queues: [QueueID: Int?]

    public init(other: Int? = nil, queues: [QueueID: Int?] = [:]) {
        self.other = other
        self.queues = queues
    }

    /// Nothing is ever deleted.
    public var isEmpty: Bool { other == nil && queues.values.allSatisfy { $0 == nil } }

    func seconds(of queue: QueueID?) -> Int? { queue.flatMap { queues[$0] } ?? other }
}
