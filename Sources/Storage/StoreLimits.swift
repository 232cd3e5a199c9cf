// Every limit of the store, with its default.

public nonisolated struct StoreLimits: Hashable, Sendable {
    /// From here on `Store.isFull`: no new contact should be taken on.
    public var unsavedTurnsMax = 50_000
    /// So many turns more are kept for the contacts that are under way; what comes after them is dropped and counted.
    public var overrunTurnsMax = 10_000
    /// Turns that share one transaction, so that the first transaction after an outage does not take forever.
    public var turnsPerTransactionMax = 1000
    /// Turns for which nobody waits are gathered so long before they are written: a commit costs more than a turn.
    /// A crash loses no more than this, and nothing that anybody was promised.
    public var gatherMilliseconds = 80
    /// Callers that wait for a commit.
    public var waitersMax = 10_000
    /// The first wait after a failed transaction; it doubles with each failure.
    public var retryMillisecondsMin = 100
    public var retryMillisecondsMax = 5000
    /// How long a lock of another program is waited for.
    public var busyMilliseconds = 5000
    /// Snapshots kept; older ones go when a new one is saved.
    public var snapshotsMax = 3
    /// Up to this size the database is checked when it is opened (some 0.1 s in memory, more from a disk); a larger one is
    /// left to `StoreReader.checkIntegrity`, or callers would wait for a restart.
    public var checkedAtOpenBytesMax = 32 << 20
    /// Pages that each connection keeps in memory. The journal only ever appends, so more than its last pages and the inner
    /// pages of the indexes are of no use, and memory that fills over thousands of calls looks like a leak.
    public var pageCacheKibibytesMax = 1024
    /// The log of SQLite is cut back to this size after a checkpoint.
    public var writeAheadLogBytesMax = 64 << 20

    public init() {}
}
