// How a leg fares.

/// What was counted on one leg since it was opened.
public nonisolated struct LegFigures: Hashable, Sendable {
    public var packetsReceived: UInt64 = 0
    public var packetsSent: UInt64 = 0
    public var packetsLost: UInt64 = 0
    public var jitterMilliseconds: Double = 0
    /// From the other side's last RTCP report; `nil`: none came.
    public var roundTripMilliseconds: Double?
    /// 0...1, of our packets at the other side, from its last report.
    public var remoteLoss: Double?
    /// What waits in the jitter buffer; 0 outside of a conference.
    public var jitterBufferMilliseconds: Double = 0
    /// In the present conference: sound that was made up, and packets that came too late to be heard.
    public var concealedMilliseconds: UInt64 = 0
    public var latePackets: UInt64 = 0
    /// From sources that are not this leg's. Once a source is locked the kernel drops the others, uncounted.
    public var strangers: UInt64 = 0
    /// Neither RTP nor RTCP.
    public var malformed: UInt64 = 0
    /// Of a payload type that wasn't agreed, such as comfort noise.
    public var unagreed: UInt64 = 0
    /// Packets of audio without sound in them.
    public var silentPackets: UInt64 = 0
    /// How often the other side changed its source id.
    public var sourceChanges: UInt64 = 0

    public init() {}
}
