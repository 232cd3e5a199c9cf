// What a contact that is no call is about, in the words of those who brought it in.

public import Basics
internal import GRDB

/// One row of `work`, written with the event that takes the contact in. Personal data: the rules and the journal know only the
/// customer's key; shown to the agents who have the contact, and to others with an audit line.
public nonisolated struct WorkRecord: Hashable, Sendable {
    public var contact: ContactID
    public var kind: String
    /// Under which the customer is known: an address, a number, an id. Nil: nobody knows.
    public var customer: String?
    public var name: String?
    public var subject: String?
    /// Under which the contact is known to those who brought it in.
    public var externalID: String?
    /// Who brought it in.
    public var requester: String
    /// What makes a repeated request the same one; nil: it was not given.
    public var idempotencyKey: String?
    /// Of the request: the same key with another content is a mistake.
    public var fingerprint: String
    public var created: Instant

    public init(
        contact: ContactID, kind: String, customer: String? = nil, name: String? = nil, subject: String? = nil,
        externalID: String? = nil, requester: String, idempotencyKey: String? = nil, fingerprint: String, created: Instant
    ) {
        self.contact = contact
        self.kind = kind
        self.customer = customer
        self.name = name
        self.subject = subject
        self.externalID = externalID
        self.requester = requester
        self.idempotencyKey = idempotencyKey
        self.fingerprint = fingerprint
        self.created = created
    }
}

nonisolated extension WorkRecord {
    static let columns = "contact, kind, customer, name, subject, externalID, requester, idempotencyKey, fingerprint, created"

    func write(_ database: Database, tenant: String) throws {
        // REPLACE: after a commit whose outcome the disk left open, the same row comes again.
        let sql = "INSERT OR REPLACE INTO work (tenant, \(Self.columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        try database.cachedStatement(sql: sql).execute(arguments: [
            tenant, contact.stored, kind, customer, name, subject, externalID, requester, idempotencyKey, fingerprint,
            created.microseconds,
        ])
    }

    /// From a row of `columns`, in their order.
    init(row: Row) {
        self.init(
            contact: ContactID(stored: row[0]), kind: row[1], customer: row[2], name: row[3], subject: row[4],
            externalID: row[5], requester: row[6], idempotencyKey: row[7], fingerprint: row[8],
            created: Instant(microseconds: row[9]))
    }
}
