// Where an agent hands a caller on to.

public import Basics

/// The target of a blind transfer.
public enum TransferTarget: Codable, Hashable, Sendable {
    case queue(QueueID)
    /// This very agent first; nobody else's for a while, then anybody's of the queue.
    case agent(AgentID)
    /// From the beginning of that flow, as if the call had just come.
    case flow(FlowID)
    /// A number that the edge knows under that key. The agent stays until somebody answers there: until then the call can go
    /// on as it was.
    case outside(TrunkID, CallerKey)
}
