// What an agent did from a moment on.

public import Basics

/// One row of `agentStates`. It lasts until the agent's next row begins.
public nonisolated struct AgentStateRecord: Hashable, Sendable {
    public var agent: AgentID
    public var since: Instant
    /// "offline", "available", "pause", "talking" ...
    public var state: String
    /// Of a pause, and where there is more to say.
    public var reason: String?
    /// That rings, is talked to or is wrapped up.
    public var contact: ContactID?

    public init(agent: AgentID, since: Instant, state: String, reason: String? = nil, contact: ContactID? = nil) {
        self.agent = agent
        self.since = since
        self.state = state
        self.reason = reason
        self.contact = contact
    }
}

/// A row with its end.
public nonisolated struct AgentStateRow: Hashable, Sendable {
    public var record: AgentStateRecord
    /// The beginning of the agent's next row; nil: it still goes on.
    public var until: Instant?
}
