// What an agent wrote about a contact in wrap-up.

public import Basics

/// One row of `notes`: one per contact and agent, the last one counts. Personal data: only shown to who asks for it, with an
/// audit line.
public nonisolated struct NoteRecord: Hashable, Sendable {
    public var contact: ContactID
    public var agent: AgentID
    public var at: Instant
    /// A code of dispositions.yaml, as it stood in the form; the one that counts is in the contact's timeline.
    public var disposition: String?
    public var text: String

    public init(contact: ContactID, agent: AgentID, at: Instant, disposition: String?, text: String) {
        self.contact = contact
        self.agent = agent
        self.at = at
        self.disposition = disposition
        self.text = text
    }
}
