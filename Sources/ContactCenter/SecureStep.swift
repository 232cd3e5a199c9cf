// Digits of the caller that nobody else is to know: a card number, a PIN.

public import Basics

/// What may be collected so; the edge knows how long it is and where it goes.
public struct SecureForm: Codable, Hashable, Sendable {
    public var name: String
    /// From the beginning until an answer must be there.
    public var secondsMax: Int

    public init(name: String, secondsMax: Int) {
        self.name = name
        self.secondsMax = secondsMax
    }
}

/// An agent and a caller talk, and the caller keys something in. Until it is over nobody hears the caller, nothing is recorded,
/// and supervisors hear nobody.
public struct SecureStep: Codable, Hashable, Sendable {
    public var form: String
    public var until: Instant
}

/// How such a step ended.
public enum SecureEnd: String, Codable, Hashable, Sendable {
    /// The contact has the token, under the form's name.
    case collected
    /// Too few digits, wrong ones, or whoever takes them did not.
    case failed
    /// The agent did not want them any more, or does not have the call any more.
    case cancelled
}
