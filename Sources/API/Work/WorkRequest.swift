// A contact that is no call, as somebody hands it in over the API.

public import ACD
public import Basics
public import ContactCenter

/// What the rules hear of it, and beside that what only the store and the desks know.
public struct WorkRequest: Sendable, Hashable {
    public var kind: WorkKindID
    public var queue: QueueID
    /// What routing compares. In the journal, so never personal.
    public var attributes: [Attribute] = []
    /// Nil: that of the kind.
    public var priorityClass: Int?
    public var boostSeconds = 0
    public var receivedAt: Instant?
    /// Under which the customer is known; nil: nobody knows. This and the rest is personal.
    public var customer: String?
    public var name: String?
    public var subject: String?
    public var externalID: String?
    /// The token that asks.
    public var requester: String
    public var idempotencyKey: String?

    public init(kind: WorkKindID, queue: QueueID, requester: String) {
        self.kind = kind
        self.queue = queue
        self.requester = requester
    }

    /// - Parameter key: that of `customer`.
    public func arrival(of key: CallerKey) -> WorkArrival {
        WorkArrival(
            kind: kind, queue: queue, customer: key, attributes: attributes, priorityClass: priorityClass,
            boostSeconds: boostSeconds, receivedAt: receivedAt)
    }

    /// Two requests with the same one ask for the same.
    var fingerprint: String {
        var parts = [kind.rawValue, queue.rawValue]
        for attribute in attributes.sorted(by: { $0.name < $1.name }) { parts += [attribute.name, attribute.value] }
        parts += [priorityClass.map { "\($0)" } ?? "", "\(boostSeconds)", receivedAt.map { "\($0.microseconds)" } ?? ""]
        parts += [customer, name, subject, externalID].map { $0 ?? "" }
        // No text can look like the border of two.
        return SecretDigest(parts.map { "\($0.utf8.count):\($0)" }.joined()).hexadecimal
    }
}

/// What came of it.
public enum WorkAnswer: Sendable, Hashable {
    case taken(ContactID)
    /// The same request has been carried out before.
    case known(ContactID)
    case refused(WorkRefusal)
}

/// Why a contact is not taken in.
public enum WorkRefusal: Sendable, Hashable {
    /// The key stands for another request.
    case keyReused
    /// The first request with this key is being carried out.
    case underWay
    /// So many are open already.
    case tooMany
    /// The rules did not take it: a reload has taken the kind or the queue away, or the house takes nothing in.
    case notTaken
    /// The queue gave it back at once.
    case diverted(DiversionCause?)
}
