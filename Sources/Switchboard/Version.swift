// Which program this is.

/// The version as `switchboard version` prints it and `/v1/status` tells it.
public nonisolated enum Version {
    public static let current = "0.1.0"
}
