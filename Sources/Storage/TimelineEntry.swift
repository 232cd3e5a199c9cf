// One line of a contact's story, on its way to the disk and back.

public import Basics
public import Foundation

/// One line of a contact's story, to be written.
public nonisolated struct TimelineEntry: Sendable {
    public var contact: ContactID
    /// When it happened; nil: in this turn.
    public var at: Instant?
    public var kind: String
    /// Becomes JSON on the database queue.
    public var body: (any Encodable & Sendable)?

    public init(contact: ContactID, at: Instant? = nil, kind: String, body: (any Encodable & Sendable)? = nil) {
        self.contact = contact
        self.at = at
        self.kind = kind
        self.body = body
    }
}

/// One line of a contact's story, as stored.
public nonisolated struct TimelineRow: Hashable, Sendable {
    public var at: Instant
    public var kind: String
    /// JSON.
    public var body: Data?
}
