// What an agent wrote about a contact in a wrap-up.

public import Basics

/// One row of `notes`: one for each wrap-up. Personal data: only shown to who asks for it, with an audit line.
public nonisolated struct NoteRecord: Hashable, Sendable {
    public var contact: ContactID
    public var agent: AgentID
    /// When the wrap-up began.
    public var began: Instant
    /// A code of dispositions.yaml, as it stood in the form; the one that counts is in the contact's timeline.
    public var disposition: String?
    public var text: String

    public init(contact: ContactID, agent: AgentID, began: Instant, disposition: String?, text: String) {
        self.contact = contact
        self.agent = agent
        self.began = began
        self.disposition = disposition
        self.text = text
    }
}
