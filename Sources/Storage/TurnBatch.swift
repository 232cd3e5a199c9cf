// Turns on their way to one transaction, and what became of them.

internal import Basics

/// Turns that share a transaction, in order.
nonisolated struct TurnBatch: Sendable {
    struct Item: Sendable {
        let ticket: UInt64
        /// Of the turn's first event; the others follow.
        let firstSequence: UInt64
        let turn: TurnRecord
    }

    var items: [Item] = []
}

/// What the database queue reports of a batch.
nonisolated enum BatchOutcome: Sendable {
    case written(BatchReport)
    /// Nothing of the batch is stored; it comes back to be written again.
    case failed(TurnBatch, StorageTrouble)
}

nonisolated struct BatchReport: Sendable {
    var turns = 0
    var rejectedFacts = 0
    var unencodable = 0
    var lastTicket: UInt64 = 0
    var nanoseconds: UInt64 = 0
}
