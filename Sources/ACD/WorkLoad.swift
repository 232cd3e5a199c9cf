// What one piece of work takes of its agent.

/// Fixed when the piece is offered: a reload does not change what an agent has already.
public struct WorkLoad: Codable, Hashable, Sendable {
    public let kind: WorkKindID
    public let channel: Channel
    /// Units; nil: the whole agent.
    public let weight: Int?
    /// Of the agent, when it was offered; nil: the usual one.
    public let capacity: Int?
    /// Kinds that do not see it.
    public let interruptedBy: [WorkKindID]

    public init(_ kind: WorkKind, capacity: Int) {
        self.kind = kind.id
        channel = kind.channel
        weight = kind.weight.map { max(1, $0) }
        self.capacity = capacity == AgentLimits.capacityUsual ? nil : capacity
        interruptedBy = kind.interruptedBy
    }

    /// Of a call that fills the agent, as all work was before there were other kinds.
    static let call = WorkLoad(.call, capacity: AgentLimits.capacityUsual)

    /// Whether a piece of that kind has to find its room beside this one.
    public func isSeen(by kind: WorkKindID) -> Bool { !interruptedBy.contains(kind) }
}
