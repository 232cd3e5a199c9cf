// What went through the browser port.

/// Counters since the start, and what is open now.
public nonisolated struct BrowserPortFigures: Hashable, Sendable {
    public var sessions = 0
    public var connected = 0
    public var datagramsReceived: UInt64 = 0
    public var datagramsSent: UInt64 = 0
    public var sendFailures: UInt64 = 0
    public var handshakes: UInt64 = 0
    public var handshakesFailed: UInt64 = 0
    public var wrongFingerprints: UInt64 = 0
    /// Answers to strangers that were not given because too many asked.
    public var refusalsWithheld: UInt64 = 0
    /// Of all sessions, closed ones too, and of nobody's.
    public var drops = BrowserDrops()

    public init() {}
}
