// Whether what happens reaches the disk.

/// Calls go on in either case (architecture.md, "The turn").
public nonisolated enum StorageHealth: Hashable, Sendable {
    case good
    /// The last transaction failed. Turns wait in memory, in order, and are written when the disk is back.
    case degraded(StorageTrouble, unsavedTurns: Int)
}
