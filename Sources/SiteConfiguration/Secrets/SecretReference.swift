// Where a secret is: never in the YAML itself, unless as a hash.

/// A reference to a secret, as it stands in the configuration.
public enum SecretReference: Hashable, Sendable {
    /// `file:secrets/anna-desk`: a file below the state folder, readable by its owner only (0600).
    case file(String)
    /// `env:NAME`: an environment variable of the daemon.
    case environment(String)
    /// The hash itself: an argon2id string, or a line `user:realm:HA1` in the form of htdigest.
    case inline(String)

    /// Reads `file:…` and `env:…`; everything else is inline.
    public init(_ text: String) {
        if text.hasPrefix("file:") {
            self = .file(String(text.dropFirst("file:".count)))
        } else if text.hasPrefix("env:") {
            self = .environment(String(text.dropFirst("env:".count)))
        } else {
            self = .inline(text)
        }
    }

    /// The reference as it stands in the configuration; of an inline hash only a sign by which a change is seen.
    public var description: String {
        switch self {
        case .file(let path): "file:\(path)"
        case .environment(let name): "env:\(name)"
        case .inline(let hash): "a hash (\(Digest.sha256(Array(hash.utf8)).prefix(8)))"
        }
    }
}
