// What the checker has to say about a configuration.

/// One thing that is wrong or doubtful, and how to mend it.
public struct Finding: Hashable, Sendable, CustomStringConvertible {
    public enum Severity: String, Sendable {
        /// The configuration is not applied.
        case error
        /// The configuration is applied, and somebody should look at this.
        case warning
    }

    public var position: Position
    public var severity: Severity
    /// What is wrong. Never holds a secret.
    public var text: String
    /// What to do about it.
    public var mend: String

    public init(_ severity: Severity, at position: Position, _ text: String, mend: String) {
        self.position = position
        self.severity = severity
        self.text = text
        self.mend = mend
    }

    /// `file:line:column: error|warning: text; mend`
    public var description: String {
        "\(position.file):\(position.line):\(position.column): \(severity.rawValue): \(text); \(mend)"
    }
}
