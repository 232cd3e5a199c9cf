// How well a browser and we hear one another.

/// Figures of one session as they stand; `nil`: not known yet.
public nonisolated struct BrowserQuality: Hashable, Sendable {
    /// Percent of the browser's packets that got lost on the way to us, over the last five seconds.
    public var lossPercent: Double = 0
    /// Of what comes in (RFC 3550, section 6.4.1).
    public var jitterMilliseconds: Double = 0
    /// What the browser reports of our packets.
    public var remoteLossPercent: Double?
    public var remoteJitterMilliseconds: Double?
    public var roundTripMilliseconds: Double?
    /// 1...4.5 by G.107, of the worse direction; `nil` before the first packet.
    public var meanOpinionScore: Double?
    public var packetsReceived: UInt64 = 0
    public var packetsLost: UInt64 = 0
    public var packetsSent: UInt64 = 0
}
