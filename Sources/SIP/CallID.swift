// How the rest of the house names a call.

/// One INVITE dialog of this process, from the first INVITE to `SIPEvent.failed` or `.ended`. Never given out twice.
public nonisolated struct CallID: Hashable, Sendable {
    /// Slot and generation of the shim's table.
    public let rawValue: UInt64
    public init(rawValue: UInt64) { self.rawValue = rawValue }
}
