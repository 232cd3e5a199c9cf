// Where a demo keeps its things: its configuration, its house's state, the sentences that its people say.

internal import Basics
internal import Foundation
internal import SiteConfiguration

/// The demo's folder, held by one demo at a time.
///
/// Each start begins with an empty house and new secrets; only rendered speech stays, because it takes seconds to make.
nonisolated struct DemoFolder: Sendable {
    static let rtpPorts = 2000
    /// The file by which a demo knows its own folder.
    static let marker = "made-by-demo"

    let path: String
    /// Stays open, and so locked, as long as the process lives.
    private let lock: Int32

    var configuration: String { path + "/config" }
    var state: String { path + "/state" }
    var lines: String { path + "/lines" }
    var log: String { path + "/daemon.log" }

    /// The secrets that only this start knows.
    struct Secrets: Sendable {
        var passwords: [DeviceID: String]
        /// Of the agents' page.
        var pagePasswords: [AgentID: String] = [:]
        /// A supervisor's.
        var token: String
    }

    /// Makes the folder if there is none, takes it, and removes what an earlier demo left.
    init(path: String) throws {
        self.path = path
        let files = FileManager.default
        try files.createDirectory(atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        // What is removed below could be somebody's real center.
        let marker = path + "/" + Self.marker
        guard try files.fileExists(atPath: marker) || files.contentsOfDirectory(atPath: path).isEmpty else {
            throw DemoFailure("\(path) is not empty and no demo made it; choose another folder with --state, or empty it")
        }
        try Data("Made by `switchboard demo`, which removes what stands here.\n".utf8).write(to: URL(fileURLWithPath: marker))
        lock = open(path + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0, flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            throw DemoFailure("another demo runs in \(path); end it first, or choose another folder with --state")
        }
        for name in ["config", "daemon.log"] where files.fileExists(atPath: path + "/" + name) {
            try files.removeItem(atPath: path + "/" + name)
        }
        for name in (try? files.contentsOfDirectory(atPath: state)) ?? [] where name != "speech" {
            try files.removeItem(atPath: state + "/" + name)
        }
    }

    /// Copies the configuration that ships with the demo, adds this start's ports, and makes its secrets.
    func furnish(
        from shipped: String, _ options: DemoOptions
    ) throws -> (configuration: SiteConfiguration, secrets: Secrets) {
        try FileManager.default.copyItem(atPath: shipped, toPath: configuration)
        try listeners(options).write(toFile: configuration + "/listeners.yaml", atomically: true, encoding: .utf8)
        let draft = SiteConfiguration.load(folder: configuration, stateFolder: state, missing: .willBeMade)
        var secrets = Secrets(passwords: [:], token: "")
        for secret in try FirstRunSecrets.make(for: draft.configuration, in: state) {
            switch secret.kind {
            case .device(let device, _): secrets.passwords[device] = secret.plain
            case .agent(let agent): secrets.pagePasswords[agent] = secret.plain
            case .token(_, let role): if role == .supervisor { secrets.token = secret.plain }
            }
        }
        let loaded = SiteConfiguration.load(folder: configuration, stateFolder: state)
        let errors = loaded.findings.filter { $0.severity == .error }
        guard errors.isEmpty else {
            throw DemoFailure("the demo's configuration is wrong:\n" + errors.map { "  \($0)" }.joined(separator: "\n"))
        }
        return (loaded.configuration, secrets)
    }

    private func listeners(_ options: DemoOptions) -> String {
        """
        # Written by `switchboard demo`.
        sip: {port: \(options.sipPort)}
        rtp: {port_first: \(options.rtpPort), port_last: \(options.rtpPort + Self.rtpPorts - 1)}
        webrtc: {port: \(options.rtpPort + Self.rtpPorts)}
        http: {port: \(options.httpPort)}

        """
    }

    /// The end of the daemon's log, for when it did not come up.
    func logTail(lines count: Int) -> String {
        let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").suffix(count).joined(separator: "\n")
    }
}
