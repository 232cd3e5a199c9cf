// How the sound of one leg of a contact fared.

public import Basics

/// One row of `legs`, written when the leg is closed.
public nonisolated struct LegRecord: Hashable, Sendable, Identifiable {
    public var id: LegID
    public var contact: ContactID
    /// "caller", "agent", "other".
    public var party: String
    public var agent: AgentID?
    public var opened: Instant
    /// nil: it is still open.
    public var closed: Instant?
    public var packetsReceived = 0
    public var packetsSent = 0
    /// Gaps in what was received (RFC 3550, section 6.4.1).
    public var packetsLost = 0
    /// Interarrival jitter of what was received, as it last was (RFC 3550, section 6.4.1).
    public var jitterMilliseconds = 0.0
    /// From the other side's last report; nil: none came.
    public var roundTripMilliseconds: Double?
    /// 0...1, of what was sent, from the other side's last report; nil: none came.
    public var remoteLoss: Double?

    public init(id: LegID, contact: ContactID, party: String, agent: AgentID? = nil, opened: Instant, closed: Instant? = nil) {
        self.id = id
        self.contact = contact
        self.party = party
        self.agent = agent
        self.opened = opened
        self.closed = closed
    }
}
