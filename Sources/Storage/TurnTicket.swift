// What a turn is given when it is handed to the store.

/// Stands for one turn until it is on the disk. Not a journal sequence: a turn may have facts and no event.
public nonisolated struct TurnTicket: Hashable, Sendable {
    let number: UInt64
    /// The buffer was full: the turn was not taken.
    public let isDropped: Bool
}
