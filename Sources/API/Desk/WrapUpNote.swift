// What an agent wrote about a call.

public import Basics

/// Personal data: it never reaches the rules, nor their journal.
public struct WrapUpNote: Sendable, Hashable {
    public var contact: ContactID
    public var agent: AgentID
    /// When the wrap-up began: the same agent may have the same contact twice.
    public var since: Instant
    /// A code of dispositions.yaml.
    public var disposition: String?
    public var notes: String

    public init(contact: ContactID, agent: AgentID, since: Instant, disposition: String?, notes: String) {
        self.contact = contact
        self.agent = agent
        self.since = since
        self.disposition = disposition
        self.notes = notes
    }
}
