// How the whole media plane fares.

/// Counted since the start, except `legs`, `playing`, `recordings`, the conferences and the jitter, which are of this moment.
public nonisolated struct MediaFigures: Hashable, Sendable {
    public var legs = 0
    public var playing = 0
    public var recordings = 0
    public var conferences = 0
    public var conferenceParties = 0
    /// Mean and worst over the open legs to which packets come.
    public var jitterMilliseconds: Double = 0
    public var worstJitterMilliseconds: Double = 0
    public var packetsLost: UInt64 = 0
    public var packetsReceived: UInt64 = 0
    public var packetsSent: UInt64 = 0
    public var packetsRelayed: UInt64 = 0
    public var droppedStrangers: UInt64 = 0
    public var droppedMalformed: UInt64 = 0
    /// Of a payload type that was not agreed.
    public var droppedUnknownPayload: UInt64 = 0
    /// Came before the answer, or while the leg does not receive.
    public var droppedUnexpected: UInt64 = 0
    /// Beyond 500 packets in a second from one source.
    public var droppedFlood: UInt64 = 0
    /// The kernel did not take a packet of ours.
    public var sendFailures: UInt64 = 0
    /// The other side's kernel says that nobody listens (ICMP).
    public var refusals: UInt64 = 0
    /// Frames that a full buffer kept out of a recording.
    public var recordingFramesDropped: UInt64 = 0
    /// Frames of 20 ms that were mixed and sent to a party of a conference.
    public var framesMixed: UInt64 = 0
    /// Milliseconds of sound from parties of conferences that were made up because they were lost or not there in time.
    public var concealedMilliseconds: UInt64 = 0
    /// Packets from parties of conferences that came too late to be heard.
    public var latePackets: UInt64 = 0
    /// Rounds of 20 ms that came too late to be made up for.
    public var ticksSkipped: UInt64 = 0

    public init() {}
}
