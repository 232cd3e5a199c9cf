// What the store knows of its own work, for the metrics.

public import MainLoop

public nonisolated struct StoreFigures: Sendable {
    public internal(set) var turns: UInt64 = 0
    public internal(set) var transactions: UInt64 = 0
    public internal(set) var failedTransactions: UInt64 = 0
    /// Turns given up because the buffer was full. Their sequences are missing in the journal: take a snapshot.
    public internal(set) var droppedTurns: UInt64 = 0
    /// Facts that the tables refused, such as a timeline entry of a contact that is gone.
    public internal(set) var rejectedFacts: UInt64 = 0
    /// Events and details whose encoder failed; a mark stands in their place.
    public internal(set) var unencodable: UInt64 = 0
    /// What is missing in the journal, or stands there as a mark only.
    public var losses: UInt64 { droppedTurns + unencodable }
    /// From the hand-over to the database queue until the sync was done.
    public internal(set) var transactionTimes = LoopFigures.Histogram()
}
