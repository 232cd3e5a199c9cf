// Who calls, as the called party is to see it.

/// The From of an INVITE of ours.
public nonisolated struct Caller: Sendable, Hashable {
    /// The user part, escaped where needed; empty: anonymous.
    public var user: String
    /// The display name; empty: none.
    public var display: String

    /// Who does not want to be known.
    public static let anonymous = Caller(user: "anonymous")

    public init(user: String, display: String = "") {
        self.user = user
        self.display = display
    }

    /// Whether the user part is none, or one of the names that stand for a number that is withheld (RFC 3323 §4.1) or not known.
    public var isWithheld: Bool {
        ["", "anonymous", "unknown", "unavailable", "restricted", "private", "withheld"].contains(user.lowercased())
    }

    /// As a From header with our tag.
    func header(host: String, tag: String, withDisplay: Bool = true) -> String {
        let name = display.isEmpty || !withDisplay ? "" : Header.quoted(display) + " "
        return "\(name)<sip:\(user.isEmpty ? "anonymous" : Header.user(user))@\(host)>;tag=\(tag)"
    }
}
