// Work that is no call, as it comes in from its edge.

public import ACD
public import Basics

/// A chat, a message, a mail, a ticket: something for an agent that comes over no trunk.
///
/// Text, names and addresses stay at the edge; the rules get what routing needs.
public struct WorkArrival: Codable, Hashable, Sendable {
    /// Queues that are tried one after the other when the first gives the contact back.
    public static let overflowMax = 10

    public var kind: WorkKindID
    public var queue: QueueID
    public var overflow: [QueueID]
    /// The customer, as a keyed hash.
    public var customer: CallerKey
    public var attributes: [Attribute]
    /// nil: that of the kind.
    public var priorityClass: Int?
    /// Beside that of the kind.
    public var boostSeconds: Int
    /// When it was sent, if it was not fetched at once: its place in the queue is of that time; nil: now.
    public var receivedAt: Instant?
    /// The customer's live session, such as a chat, with an id that the edge has given out; nil: there is none, and the
    /// contact has a deadline instead.
    public var leg: LegID?

    public init(
        kind: WorkKindID, queue: QueueID, overflow: [QueueID] = [], customer: CallerKey, attributes: [Attribute] = [],
        priorityClass: Int? = nil, boostSeconds: Int = 0, receivedAt: Instant? = nil, leg: LegID? = nil
    ) {
        self.kind = kind
        self.queue = queue
        self.overflow = overflow
        self.customer = customer
        self.attributes = attributes
        self.priorityClass = priorityClass
        self.boostSeconds = boostSeconds
        self.receivedAt = receivedAt
        self.leg = leg
    }
}

/// What a contact has that is no call.
public struct DigitalWork: Codable, Hashable, Sendable {
    public let kind: WorkKindID
    public let channel: Channel
    /// Where it goes when its queue gives it back, one after the other.
    public internal(set) var overflow: [QueueID]
    /// When it ends unserved, whoever has it; nil: it lives as long as its session.
    public internal(set) var keptUntil: Instant?
    /// While an agent has it without a session: when it goes back to its queue.
    public internal(set) var handledUntil: Instant?
}

extension LegID {
    /// Stands where there is no leg: neither edges nor rules give it out.
    public static let none = LegID(rawValue: 0)
}

extension Contact {
    public var isDigital: Bool { digital != nil }

    public var kind: WorkKindID { digital?.kind ?? .call }

    /// Nobody listens, and there is nowhere else to go: it waits until somebody comes, whatever limits are set for callers.
    var isPatient: Bool { digital?.overflow.isEmpty == true && leg == .none }

    /// Who waits for one colleague in person does not wait for the members; and what was promised is kept.
    var staysInEmpty: Bool { entry?.personal != nil || isPromised || isPatient }

    /// By what the customer has come. (`channel` is that of the trunk.)
    public var medium: Channel { digital?.channel ?? .voice }
}
