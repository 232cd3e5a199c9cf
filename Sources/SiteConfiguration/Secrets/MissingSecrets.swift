// What it means that a secret's file is not there.

/// Whether files that `FirstRunSecrets` would make are missed.
public enum MissingSecrets: Sendable {
    /// They are about to be made.
    case willBeMade
    case error
}
