// Who calls, as the called party is to see it.

/// The From of an INVITE of ours.
public nonisolated struct Caller: Sendable, Hashable {
    /// The user part, escaped where needed; empty: anonymous.
    public var user: String
    /// The display name; empty: none.
    public var display: String

    public init(user: String, display: String = "") {
        self.user = user
        self.display = display
    }

    /// As a From header with our tag.
    func header(host: String, tag: String, withDisplay: Bool = true) -> String {
        let name = display.isEmpty || !withDisplay ? "" : Header.quoted(display) + " "
        return "\(name)<sip:\(user.isEmpty ? "anonymous" : Header.user(user))@\(host)>;tag=\(tag)"
    }
}
