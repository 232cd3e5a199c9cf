// Who did what to which, on its way to the disk and back.

public import Basics
public import Foundation

/// An act of a person or of the daemon, to be written. Once written it can be neither changed nor deleted.
public nonisolated struct AuditEntry: Sendable {
    public var actor: String
    public var role: String
    /// "agent.state.set", "recording.listened" ...
    public var action: String
    /// What it was done to, as "kind/id".
    public var object: String
    /// Becomes JSON on the database queue.
    public var detail: (any Encodable & Sendable)?

    public init(
        actor: String, role: String, action: String, object: String, detail: (any Encodable & Sendable)? = nil
    ) {
        self.actor = actor
        self.role = role
        self.action = action
        self.object = object
        self.detail = detail
    }
}

/// An act, as stored.
public nonisolated struct AuditRow: Hashable, Sendable, Identifiable {
    public var id: Int64
    public var at: Instant
    public var actor: String
    public var role: String
    public var action: String
    public var object: String
    /// JSON.
    public var detail: Data?
}
