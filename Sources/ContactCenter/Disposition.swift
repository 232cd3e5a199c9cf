// How a contact went, in the words of the configuration.

/// One of the answers that an agent can give in the wrap-up. Never free text: the rules hold no personal data.
public struct Disposition: Codable, Hashable, Sendable {
    public var code: String
    public var label: String

    public init(code: String, label: String) {
        self.code = code
        self.label = label
    }
}
