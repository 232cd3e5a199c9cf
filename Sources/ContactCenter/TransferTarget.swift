// Where an agent hands a caller on to.

public import Basics

/// The target of a blind transfer.
public enum TransferTarget: Codable, Hashable, Sendable {
    case queue(QueueID)
    /// This very agent first; nobody else's for a while, then anybody's of the queue.
    case agent(AgentID)
}
