// What loading a configuration folder gives.

public import TLS

/// A configuration with all that there is to say about it.
public struct LoadedConfiguration: Sendable {
    /// What could be read; with errors it must not be applied.
    public var configuration: SiteConfiguration
    public var credentials: Credentials
    /// What the HTTP listener shows; nil: it speaks without TLS, or the files are no certificate.
    public var certificate: ServerCertificate?
    /// In order of file, line and column.
    public var findings: [Finding]
    /// Where run-time data stands.
    public var stateFolder: String

    public var hasErrors: Bool { findings.contains { $0.severity == .error } }
}
