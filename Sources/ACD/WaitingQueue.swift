// One queue: who waits in it, in which order, and its counters.

public import Basics

/// A queue's rules, its waiting contacts in order of service, and its figures.
public struct WaitingQueue: Codable, Hashable, Sendable, Identifiable {
    public var rules: QueueRules
    public internal(set) var waiting = WaitingLine()
    public var figures = QueueFigures()
    /// No longer in the configuration: takes nobody in, and is dropped when the last one has left and no callback is open.
    public var isRemoved = false

    /// When so many agents can be expected to be free that one more of those who wait for it can be called back; nil: never
    /// but by an event.
    public var callbacksDueAt: Instant?

    // Optional, because older snapshots have neither this nor what follows.
    /// After a fault of the trunk: when customers are called again, and for how long nobody was; nil: there was none.
    public var callbacksPausedUntil: Instant?
    public var callbackPauseSeconds: Int?
    /// Where so many have to leave that they do so in several turns: when it goes on.
    public var emptiesAt: Instant?
    var tried: AgentID?
    var offersByMember: PagedMap<AgentID, OfferID>?

    public init(rules: QueueRules) { self.rules = rules }

    /// The member that was offered a contact last: where a round robin goes on.
    public var lastTried: AgentID? { tried }

    /// The last offer to that member, where the queue's keys compare it.
    public func lastOffer(to agent: AgentID) -> OfferID? { offersByMember?[agent] }

    /// - Parameter isInTurn: whether the agent was found by the keys, and not for being preferred or asked for.
    public mutating func noteOffer(_ offer: OfferID, to agent: AgentID, isInTurn: Bool = true) {
        if isInTurn, rules.keys.contains(.roundRobin) { tried = agent }
        if rules.keys.contains(.lastOffered) { offersByMember = offersByMember ?? PagedMap() } else { offersByMember = nil }
        offersByMember?[agent] = offer
    }

    public var id: QueueID { rules.id }

    public mutating func insert(_ key: OrderKey) { waiting.insert(key) }
    public mutating func remove(_ key: OrderKey) { waiting.remove(key) }

    /// 1 for the one who is served next; nil if the contact does not wait here.
    public func position(of key: OrderKey) -> Int? { waiting.contains(key) ? positionToCome(of: key) : nil }

    /// The position that a contact with this key has or would have.
    public func positionToCome(of key: OrderKey) -> Int { waiting.count(before: key) + 1 }
}
