// A daemon with a configuration of its own in a temporary folder, and the phones around it.

import Foundation
import Glibc
import Synchronization
import Testing

/// One contact center under test. Every house has its own ports, so that nothing of an earlier one is in the way.
final class House: Sendable {
    private static let houses = Mutex(0)
    private static let rtpPortsPerHouse = 60

    let folder = NSTemporaryDirectory() + "switchboard-house-" + UUID().uuidString
    let sipPort: Int
    var httpPort: Int { sipPort + 1 }
    /// Where the trunk's other side is expected.
    var carrierPort: Int { sipPort + 2 }
    /// Ports that the test may use as it likes: this one and the six above.
    var freePort: Int { sipPort + 3 }
    /// Where agents work in browsers, the last of those is theirs.
    var browserPort: Int { sipPort + 9 }
    let rtpPort: Int
    private struct State {
        var daemon: Program?
        var secrets: [String: String] = [:]
        var trusted: String?
        var host = "127.0.0.1"
        var deskHost: String?
        /// Everything that was started around the house, so that nothing outlives a failed test.
        var programs: [Program] = []
    }
    private let life = Mutex(State())

    var configuration: String { folder + "/Config" }
    var state: String { folder + "/state" }
    /// The certificate (PEM) by which the daemon is known; nil: it speaks without TLS.
    var trusted: String? {
        get { life.withLock { $0.trusted } }
        set { life.withLock { $0.trusted = newValue } }
    }

    /// Where it listens for HTTP, a numeric address.
    var host: String {
        get { life.withLock { $0.host } }
        set { life.withLock { $0.host = newValue } }
    }
    /// By which address the agents' pages are opened, if not by that one.
    var deskHost: String? {
        get { life.withLock { $0.deskHost } }
        set { life.withLock { $0.deskHost = newValue } }
    }

    init(_ changes: [String: String] = [:]) throws {
        let number = Self.houses.withLock { number in
            number += 1
            return number
        }
        sipPort = 14_000 + number * 10
        rtpPort = 24_000 + number * Self.rtpPortsPerHouse
        for (name, text) in files.merging(changes, uniquingKeysWith: { $1 }) { try write(text, to: name) }
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// Writes a file of the configuration; `@SIP@`, `@CARRIER@` and such stand for the house's ports.
    func write(_ text: String, to name: String) throws {
        let file = URL(fileURLWithPath: "\(configuration)/\(name)")
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        let ports = [
            "@SIP@": sipPort, "@HTTP@": httpPort, "@CARRIER@": carrierPort, "@RTP@": rtpPort,
            "@BROWSERS@": browserPort,
            "@RTPLAST@": rtpPort + Self.rtpPortsPerHouse - 1,
        ]
        let text = ports.reduce(text) { $0.replacingOccurrences(of: $1.key, with: "\($1.value)") }
        try text.write(to: file, atomically: true, encoding: .utf8)
    }

    /// Starts a house, hands it to the test, and stops it by SIGTERM, which has to end with status 0.
    static func open(
        _ changes: [String: String] = [:], _ location: SourceLocation = #_sourceLocation,
        _ test: (House) async throws -> Void
    ) async throws {
        let house = try House(changes)
        try await house.hosts(location) { try await test(house) }
    }

    /// The same for a house that is built already.
    func hosts(_ location: SourceLocation = #_sourceLocation, _ test: () async throws -> Void) async throws {
        defer { for program in life.withLock({ $0.programs }) { program.signal(SIGKILL) } }
        do {
            try await start()
            try await test()
            try await stop(location)
        } catch {
            kill()
            Issue.record("\(error)\n--- log\n\(log.joined(separator: "\n"))", sourceLocation: location)
        }
    }

    /// A program that ends with the house at the latest.
    func keep(_ program: Program) -> Program {
        life.withLock { $0.programs.append(program) }
        return program
    }

    private func keep(_ phone: Phone) -> Phone {
        _ = keep(phone.program)
        return phone
    }

    // MARK: Life

    var daemon: Program {
        get throws {
            guard let daemon = life.withLock({ $0.daemon }) else { throw Failure("the daemon is not started") }
            return daemon
        }
    }

    /// What the daemon wrote on standard error since its last start.
    var log: [String] { (try? daemon.errors.lines) ?? [] }

    func start() async throws {
        let program = keep(
            try Program("switchboard", ["run", "--config", configuration, "--state", state, "--make-secrets"]))
        life.withLock { $0.daemon = program }
        try await logged("ready", within: .seconds(60))
        life.withLock { life in
            for line in program.output.lines {
                // "  telephone NAME of AGENT: password SECRET", "  page /agent of AGENT: password SECRET" and
                // "  API token NAME (ROLE): SECRET"
                let words = line.split(separator: " ").map(String.init)
                guard words.count > 3, let secret = words.last else { continue }
                if words[0] == "telephone" { life.secrets[words[1]] = secret }
                if words[0] == "page" { life.secrets[words[3].prefix { $0 != ":" } + "-page"] = secret }
                if words[0] == "API" { life.secrets[words[2]] = secret }
            }
        }
        let health = try await get("/healthz")
        try #require(health.status == 200)
    }

    /// Waits for a line of the log that contains the text.
    @discardableResult
    func logged(_ text: String, from first: Int = 0, within: Duration = .seconds(10)) async throws -> String {
        guard let line = await (try daemon).errors.line(from: first, within: within, where: { $0.contains(text) }) else {
            throw Failure("the daemon did not log \(text):\n" + log.joined(separator: "\n"))
        }
        return line
    }

    /// Whatever a test was about: the rules were never in a state that must not be, and nobody was kept waiting.
    private func expectHealth(_ location: SourceLocation) async throws {
        let metrics = try await get("/metrics", token: "admin").body
        #expect(metrics.contains("\nswitchboard_invariant_violations_total 0\n"), "\(metrics)", sourceLocation: location)
        // Wall time would count what other processes do with the processor.
        let long = log.filter { $0.contains("long turn") }.compactMap {
            $0.firstMatch(of: /"?cpu_ms"?[=:]"?([0-9]+)/).flatMap { Int($0.1) }
        }
        guard let longest = long.max(), longest > 20 else { return }
        let slowness = Processor.slowness()
        #expect(Double(longest) <= 20 * slowness, "long turns: \(long) ms; slowness \(slowness)", sourceLocation: location)
    }

    func stop(_ location: SourceLocation = #_sourceLocation) async throws {
        try await expectHealth(location)
        try daemon.signal(SIGTERM)
        let status = try await daemon.status(within: .seconds(30))
        #expect(status == 0, "\(log.joined(separator: "\n"))", sourceLocation: location)
    }

    func kill() { try? daemon.signal(SIGKILL) }
    func reload() throws { try daemon.signal(SIGHUP) }

    /// Another command of the daemon's program, to its end.
    func command(_ arguments: [String]) async throws -> (status: Int32, lines: [String]) {
        let program = keep(try Program("switchboard", arguments))
        let status = try await program.status(within: .seconds(60))
        return (status, program.output.lines + program.errors.lines)
    }

    /// Plays the journal in a process of its own, and expects the same as the snapshot.
    func expectEqualReplay(_ location: SourceLocation = #_sourceLocation) async throws {
        let replay = try await command(["replay", "--config", configuration, "--state", state, "--verify"])
        #expect(replay.status == 0 && replay.lines.contains { $0.hasPrefix("equal: ") }, "\(replay)", sourceLocation: location)
    }

    // MARK: Phones

    func secret(_ name: String) throws -> String {
        guard let secret = life.withLock({ $0.secrets[name] }) else { throw Failure("no secret of \(name)") }
        return secret
    }

    /// An agent's phone, registered. `ready`: its agent is signed in, too. Script `-`: the test says the steps.
    func phone(_ device: String, tone: Int, ready: Bool = true, _ script: String) async throws -> Phone {
        let phone = keep(
            try Phone([
                "phone", "--user", device, "--password", secret(device), "--registrar", "127.0.0.1:\(sipPort)",
                "--tone", "\(tone)", "--script", script == "-" ? script : "register; " + script,
            ]))
        if script == "-" { try phone.program.say("register") }
        try await phone.reaches("register")
        if ready { try await signIn(String(device.prefix { $0 != "-" })) }
        return phone
    }

    func signIn(_ agent: String) async throws {
        let answer = try await request(
            "POST", "/v1/agents/\(agent)/state", token: "admin", body: "{\"state\":\"available\"}",
            headers: ["Content-Type: application/json"])
        guard answer.status == 200 else { throw Failure("\(agent) was not signed in: \(answer)") }
    }

    /// A caller who comes in over the trunk; `listen`: tones to name exactly, beside those in the script.
    func call(
        _ number: String, tone: Int = 440, from: String = "4930111", listen: [Int] = [], _ script: String
    ) throws -> Phone {
        let listened = listen.isEmpty ? [] : ["--listen", listen.map(String.init).joined(separator: ",")]
        return keep(
            try Phone(
                [
                    "call", "--from", from, "--to", "sip:\(number)@127.0.0.1:\(sipPort)", "--tone", "\(tone)", "--script",
                    script,
                ] + listened))
    }

    /// The other side of the trunk, for calls out.
    func carrier(tone: Int, _ script: String) throws -> Phone {
        keep(
            try Phone([
                "phone", "--local", "127.0.0.1:\(carrierPort)", "--user", "carrier", "--tone", "\(tone)", "--script", script,
            ]))
    }
}
