// The first of an agent's two machines: whether the agent is there (definitions.md 3.6).

public import Basics

/// What the agent, or the system for the agent, has declared. "Busy" and "on a call" are derived from the work, never stored.
public enum AgentPresence: Codable, Hashable, Sendable {
    case offline
    case available
    /// Signed in and not to be offered anything; the reason is one of the configured codes, or `notResponding`.
    case aux(reason: String)

    /// Set by the system after too many missed offers.
    public static let notResponding = "not-responding"

    public var isSignedIn: Bool { self != .offline }
}

/// Something to handle, from the offer to the end of the wrap-up: the second machine, one for each slot.
public enum Work: Codable, Hashable, Sendable {
    /// Ringing; ends by answer, miss, reject, failure or by being rescinded.
    case offered(OfferID, ContactID, deadline: Instant)
    /// Talking, or holding the line (`held`), on the contact's live leg.
    case active(ContactID, since: Instant, held: Bool)
    /// After-call work. Belongs to the agent, not to the queue (asterisk#1006).
    case wrapUp(ContactID, since: Instant, deadline: Instant)

    public var contact: ContactID {
        switch self {
        case .offered(_, let contact, _), .active(let contact, _, _), .wrapUp(let contact, _, _): contact
        }
    }
}
