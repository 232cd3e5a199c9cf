// Work at a desk that is no call: several pieces side by side.

internal import ACD
internal import Basics
internal import ContactCenter

/// One piece, from the offer to the end of the wrap-up.
struct DeskPiece: Sendable, Hashable {
    enum Phase: Sendable, Hashable {
        case ringing(OfferID, until: Instant)
        /// Lost: the page was away, and the contact waits for it.
        case active(since: Instant, isLost: Bool)
        case wrapUp(since: Instant, until: Instant, isExtended: Bool)
    }

    var contact: DeskContact
    var kind: WorkKindID
    var channel: Channel
    var phase: Phase
    /// Whether a wrap-up comes after it; nil: the queue does not leave that to the agent, or the agent does not have it.
    var wrapUpAfter: Bool?

    /// An agent may wrap up a contact and be offered it again: these are two pieces.
    var id: String {
        switch phase {
        case .ringing(let offer, _): "offer-\(offer)"
        case .active: "\(Self.workPrefix)\(contact.id)"
        case .wrapUp: "\(Self.wrapUpPrefix)\(contact.id)"
        }
    }

    static let workPrefix = "work-"
    static let wrapUpPrefix = "wrap-up-"

    var wrapUp: DeskWrapUp? {
        guard case .wrapUp(let since, let until, let isExtended) = phase else { return nil }
        return DeskWrapUp(contact: contact, since: since, until: until, isExtended: isExtended)
    }

    var isActive: Bool { if case .active = phase { true } else { false } }

    static let states = ["ringing", "active", "lost", "wrapUp"]

    var state: String {
        switch phase {
        case .ringing: "ringing"
        case .active(_, let isLost): isLost ? "lost" : "active"
        case .wrapUp: "wrapUp"
        }
    }

    var since: Instant? {
        switch phase {
        case .ringing: nil
        case .active(let since, _), .wrapUp(let since, _, _): since
        }
    }

    var until: Instant? {
        switch phase {
        case .active: nil
        case .ringing(_, let until), .wrapUp(_, let until, _): until == .distantFuture ? nil : until
        }
    }
}

/// How much the agent has of what there is room for.
struct DeskCapacity: Sendable, Hashable {
    struct Kind: Sendable, Hashable {
        var kind: WorkKindID
        var channel: Channel
        var count: Int
        /// At once, as long as the agent has nothing else.
        var most: Int
    }

    var units: Int
    var unitsMax: Int
    var kinds: [Kind]

    /// nil: nothing but calls comes to the agent.
    init?(of agent: Agent, in center: Center) {
        let digital = center.kinds(of: agent.id).filter { $0.channel != .voice }
        guard !digital.isEmpty else { return nil }
        let capacity = agent.limits?.capacity ?? AgentLimits.capacityUsual
        units = agent.workload
        unitsMax = capacity
        kinds = digital.map { rules in
            let present = center.kinds.first { $0.rules.id == rules.id }?.atOnceMax
            let limits = [rules.perAgentMax, present, agent.limits?.most(of: rules.id), Agent.piecesMax].compactMap { $0 }
            let most = limits.reduce(capacity / rules.weight(of: capacity), min)
            return Kind(kind: rules.id, channel: rules.channel, count: agent.count(of: rules.id), most: most)
        }
    }
}
