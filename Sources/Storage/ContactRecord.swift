// A contact as history shows it.

public import Basics

/// One row of `contacts`. Numbers of callers are not in it, only their keyed hash.
public nonisolated struct ContactRecord: Hashable, Sendable, Codable, Identifiable {
    public var id: ContactID
    /// "voice", "chat", "message", "email", "ticket".
    public var channel: String
    /// Of work that is no call; nil: a call.
    public var kind: String?
    /// The number of the center that was dialled.
    public var dialled: String?
    public var trunk: TrunkID?
    /// Which of the trunk's channels, counted from 1.
    public var trunkChannel: Int?
    public var caller: CallerKey?
    public var flow: FlowID?
    public var queue: QueueID?
    public var agent: AgentID?
    /// Where it stands: "menu", "queued", "talking", "ended" ...
    public var state: String
    public var arrived: Instant
    /// When it first stood in a queue.
    public var queued: Instant?
    /// When an agent first answered.
    public var answered: Instant?
    public var ended: Instant?
    /// How it ended: "answered", "abandoned", "diverted" ...
    public var outcome: String?
    /// Why, as a name: a SIP status, a node of the flow, "restart".
    public var cause: String?
    /// Lines of its story that were not kept, because there were too many.
    public var timelineEntriesLeftOut = 0

    public init(id: ContactID, channel: String = "voice", state: String, arrived: Instant) {
        self.id = id
        self.channel = channel
        self.state = state
        self.arrived = arrived
    }
}
