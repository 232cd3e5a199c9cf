// What a new configuration would change, for `switchboard check --diff` and for the log of a reload.

/// One difference between two configurations.
public struct Change: Hashable, Sendable, CustomStringConvertible {
    public enum Kind: Hashable, Sendable {
        case added
        case removed
        /// A setting has another value; both are as the admin writes them, and never a secret.
        case changed(setting: String, from: String, to: String)
    }

    /// What changes: "queue `sales`", "site".
    public var subject: String
    public var kind: Kind
    /// Agents, queues, numbers and flows that notice it.
    public var touches: [String]
    /// A reload cannot apply it.
    public var needsRestart: Bool

    public init(subject: String, kind: Kind, touches: [String] = [], needsRestart: Bool = false) {
        self.subject = subject
        self.kind = kind
        self.touches = touches
        self.needsRestart = needsRestart
    }

    func isOf(setting name: String) -> Bool {
        if case .changed(name, _, _) = kind { true } else { false }
    }

    /// Without the values, which may be names and numbers of people: `queue sales: wrap_up_seconds changed`.
    public var summary: String {
        let what =
            switch kind {
            case .added: "added"
            case .removed: "removed"
            case .changed(let setting, _, _): "\(setting) changed"
            }
        return "\(subject): \(what)" + (needsRestart ? "; needs a restart" : "")
    }

    /// `queue sales: wrap_up_seconds 15 → 30; touches agent anna, agent ben`
    public var description: String {
        let what =
            switch kind {
            case .added: "added"
            case .removed: "removed"
            case .changed(let setting, let from, let to): "\(setting) \(from) → \(to)"
            }
        return "\(subject): \(what)" + (touches.isEmpty ? "" : "; touches " + touches.joined(separator: ", "))
            + (needsRestart ? "; needs a restart" : "")
    }
}
