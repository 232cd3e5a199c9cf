// What an endpoint counts.

/// Counters since the start, and what is live now.
public nonisolated struct EndpointFigures: Sendable, Equatable {
    /// Calls that have neither failed nor ended.
    public var calls = 0
    /// Handles of the library: calls and requests under way.
    public var liveHandles = 0
    public var bindings = 0
    public var invitesIn: UInt64 = 0
    public var invitesOut: UInt64 = 0
    /// INVITEs and REGISTERs answered with an error of ours, by what was wrong.
    public var challenged: UInt64 = 0
    public var forbidden: UInt64 = 0
    public var wrongPasswords: UInt64 = 0
    public var withoutOffer: UInt64 = 0
    public var noChannel: UInt64 = 0
    public var overloaded: UInt64 = 0
    /// Calls that the settings' times ended.
    public var overdue: UInt64 = 0
    /// Datagrams at the filter, by what became of them.
    public var received: UInt64 = 0
    public var passed: UInt64 = 0
    public var droppedBanned: UInt64 = 0
    public var droppedOverRate: UInt64 = 0
    public var droppedOverTotal: UInt64 = 0
    public var droppedTooLong: UInt64 = 0
    public var droppedTooManyLines: UInt64 = 0
    public var droppedNotSIP: UInt64 = 0
    public var receiveErrors: UInt64 = 0
    public var bans: UInt64 = 0
    /// Calls of the two functions of the library that are replaced, in the whole process: both must move.
    public var lookUps: UInt64 = 0
    public var receipts: UInt64 = 0
    /// The longest step of the library with what it brought, in nanoseconds of wall time.
    public var longestStep: UInt64 = 0

    public init() {}
}
