// After-call work: what the queue of the contact asks of it.

public import Basics

/// The terms of a wrap-up, fixed when it begins: a reload does not change them under the agent.
public struct WrapUp: Codable, Hashable, Sendable {
    /// Whoever owes a disposition is waited for so much longer, and is then taken for somebody who has left.
    public static let overdueSecondsMax = 600

    public let contact: ContactID
    /// Seconds by which it can be extended once; also its length when it began.
    public let seconds: Int
    public let isExtendable: Bool
    public internal(set) var isExtended = false
    /// It cannot be ended by the agent without a disposition.
    public internal(set) var isDispositionRequired: Bool
    /// Its time is over and the disposition is still owed.
    public internal(set) var isOverdue = false

    public init(contact: ContactID, seconds: Int, isExtendable: Bool, isDispositionRequired: Bool) {
        self.contact = contact
        self.seconds = seconds
        self.isExtendable = isExtendable
        self.isDispositionRequired = isDispositionRequired
    }
}

/// What became of a wrap-up whose deadline has come.
public enum WrapUpDue: Hashable, Sendable {
    /// It was extended, or has ended before.
    case notDue
    /// The disposition is still owed: it goes on until then.
    case prolonged(until: Instant)
    case ended
    /// Without the disposition that was required, of this contact.
    case endedOwing(ContactID)
}
