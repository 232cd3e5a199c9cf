// After-call work: what the queue of the contact asks of it.

public import Basics

/// What a queue wants of its agents after a contact (definitions.md 3.6).
public enum WrapUpMode: String, Codable, Hashable, Sendable, CaseIterable {
    /// A time that ends by itself, or earlier by the agent.
    case timed
    /// Until the agent says done, or for so long that nobody can be there any more.
    case untilDone = "until-done"
    /// None, unless the agent asks for one during the contact; then until the agent says done.
    case optional
    /// None, unless the agent asks for one; then it is timed.
    case optionalTimed = "optional-timed"
    case none

    /// Seconds of one that is asked for and timed.
    public static let optionalSecondsMax = 900
    /// A wrap-up that ends when the agent says so ends after so long in any case.
    public static let secondsMaxUsual = 1800

    /// Whether there is one only for whoever asks.
    public var isOptional: Bool {
        switch self {
        case .optional, .optionalTimed: true
        case .timed, .untilDone, .none: false
        }
    }
}

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

    // nil: no, or it began before there were others.
    private var endsWhenDone: Bool?
    /// It ends when the agent says so; whoever has not said so at its end is taken for somebody who has left.
    public var isOpenEnded: Bool { endsWhenDone == true }

    public init(
        contact: ContactID, seconds: Int, isExtendable: Bool, isDispositionRequired: Bool, isOpenEnded: Bool = false
    ) {
        endsWhenDone = isOpenEnded ? true : nil
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
    /// The agent was to say done, and has not.
    case endedUnasked
    /// Without the disposition that was required, of this contact.
    case endedOwing(ContactID)
}
