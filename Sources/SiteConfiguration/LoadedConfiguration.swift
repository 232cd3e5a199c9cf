// What loading a configuration folder gives.

/// A configuration with all that there is to say about it.
public struct LoadedConfiguration: Sendable {
    /// What could be read; with errors it must not be applied.
    public var configuration: SiteConfiguration
    public var credentials: Credentials
    /// In order of file, line and column.
    public var findings: [Finding]
    /// Where run-time data stands.
    public var stateFolder: String

    public var hasErrors: Bool { findings.contains { $0.severity == .error } }
}
