// How much there is of a kind of work, and where.

public import ACD
internal import Basics
public import ContactCenter

/// Counted when somebody looks.
public struct KindCounts: Sendable, Hashable {
    /// In all queues, those that ring included, and without those whom nobody is on the line for.
    public var waiting = 0
    public var ringing = 0
    public var active = 0
    public var wrapUp = 0
    /// Units of the agents' capacities.
    public var units = 0

    public init() {}

    /// What agents have. Costs a look at each agent.
    public static func atAgents(of center: Center) -> [WorkKindID: KindCounts] {
        var counts: [WorkKindID: KindCounts] = [:]
        for agent in center.agents.lazy.map(\.value) where !agent.work.isEmpty {
            let capacity = agent.limits?.capacity ?? AgentLimits.capacityUsual
            for piece in agent.pieces {
                var count = counts[piece.load.kind] ?? KindCounts()
                switch piece.work {
                case .offered: count.ringing += 1
                case .active: count.active += 1
                case .wrapUp: count.wrapUp += 1
                }
                count.units += piece.load.weight ?? capacity
                counts[piece.load.kind] = count
            }
        }
        return counts
    }

    /// With those that wait: costs a look at each contact, so not on the loop.
    public static func all(of center: Center) -> [WorkKindID: KindCounts] {
        var counts = atAgents(of: center)
        for contact in center.contacts.lazy.map(\.value) where contact.entry != nil && !contact.isParked {
            counts[contact.kind, default: KindCounts()].waiting += 1
        }
        return counts
    }
}
