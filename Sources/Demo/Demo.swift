// `switchboard demo`: a house with callers and agents, to be watched. Start reading here.

internal import Basics
@preconcurrency internal import Dispatch
internal import Foundation
internal import MainLoop
internal import SiteConfiguration

/// Runs the daemon as a child on a configuration of the demo's own, lets simulated phones call and answer over real SIP and
/// RTP on loopback, and shows what the daemon's API tells.
///
/// `Demo+Phones.swift` has the phones, `Demo+Watching.swift` what is shown.
public final class Demo {
    static let readySecondsMax = 20.0
    static let stopSecondsMax = 6.0

    let options: DemoOptions
    /// Where this program stands, and the others that it starts.
    let binaries: String
    let screen = Screen()
    let loop = MainLoop()
    let agenda: Agenda
    private var signalSources: [any DispatchSourceSignal] = []
    private var status: Int32 = 0
    private(set) var isStopping = false

    private var daemon: ChildProcess?
    private var lines: SpokenLines?
    var configuration = SiteConfiguration()
    var passwords: [DeviceID: String] = [:]
    /// Of the seats at the agents' page.
    var pagePasswords: [AgentID: String] = [:]
    /// At which the page signs in, once; nil until the daemon listens.
    var pageAddress: String?

    // Demo+Phones
    var agents: [AgentPhone] = []
    var callers: [Int32: ChildProcess] = [:]
    var plans: CallerPlans?
    var callsMade = 0

    // Demo+Watching
    var api: APIClient?
    var happenings = Happenings()
    var lastFloor: Floor?
    var queuesToldAt = Date.distantPast

    public init(_ options: DemoOptions) {
        self.options = options
        agenda = Agenda(on: loop)
        let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        binaries = (program as NSString).deletingLastPathComponent
    }

    /// Runs until somebody or its time ends it. Returns the exit status.
    public func run() -> Int32 {
        signal(SIGPIPE, SIG_IGN)
        for number in [SIGINT, SIGTERM, SIGHUP] {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .main)
            source.setEventHandler { MainActor.assumeIsolated { self.stop() } }
            source.resume()
            signalSources.append(source)
        }
        Task {
            do { try await start() } catch { fail("\(error)") }
        }
        loop.run()
        if status == 0 { sayGoodbye() }
        return status
    }

    // MARK: Start

    static var shippedConfiguration: String {
        Bundle.module.bundleURL.appendingPathComponent("Configuration").path
    }

    private func start() async throws {
        guard FileManager.default.isExecutableFile(atPath: callerProgram) else {
            throw DemoFailure(
                "the simulated phones are not built: use `Scripts/run --demo`, or `swift build -c release --product Caller`")
        }
        screen.say("Starting the house ...")
        let folder = try DemoFolder(path: options.folder)
        let furniture = try folder.furnish(from: Self.shippedConfiguration, options)
        configuration = furniture.configuration
        passwords = furniture.secrets.passwords
        pagePasswords = furniture.secrets.pagePasswords
        api = APIClient(port: options.httpPort, token: furniture.secrets.token)
        try startDaemon(folder)
        let spoken = SpokenLines(in: folder.lines)
        try await spoken.render()
        lines = spoken
        openDoors()
    }

    private func startDaemon(_ folder: DemoFolder) throws {
        guard FileManager.default.createFile(atPath: folder.log, contents: nil, attributes: [.posixPermissions: 0o600]),
            let log = FileHandle(forWritingAtPath: folder.log)
        else { throw DemoFailure("cannot write \(folder.log)") }
        daemon = try ChildProcess(
            binaries + "/switchboard",
            ["run", "--config", folder.configuration, "--state", folder.state, "--one-time-code"], deathSignal: "TERM",
            log: log,
            onLine: { [unowned self] line in
                guard pageAddress == nil, let start = line.firstRange(of: "http://")?.lowerBound else { return }
                pageAddress = String(line[start...])
                openDoors()
            },
            onExit: { [unowned self] _ in
                if isStopping { return leave() }
                fail(
                    "The daemon has ended. If a port is taken, choose others with --sip-port, --http-port and --rtp-port."
                        + "\nIts log, \(folder.log), says:\n\(folder.logTail(lines: 5))")
            })
        agenda.after(Self.readySecondsMax) { [unowned self] in
            guard pageAddress == nil else { return }
            fail("The daemon does not come up. Its log, \(folder.log), says:\n\(folder.logTail(lines: 5))")
        }
    }

    /// Two things have to be there before anybody calls: a daemon that listens, and what people say.
    private func openDoors() {
        guard let lines, let pageAddress, agents.isEmpty, !isStopping else { return }
        screen.say("The page shows the same; this address works once: \(pageAddress)")
        for seat in seats { screen.say(seat) }
        startPhones(lines)
        agenda.after(Self.lookSeconds) { [unowned self] in look() }
        if let seconds = options.seconds { agenda.after(Double(seconds)) { [unowned self] in stop() } }
    }

    // MARK: End

    private func fail(_ reason: String) {
        guard !isStopping else { return }
        status = 1
        screen.leave()
        try? FileHandle.standardError.write(contentsOf: Data("\(reason)\n".utf8))
        stop()
    }

    /// The daemon first, so that it hangs up in good order; its end is the phones' and ours.
    private func stop() {
        guard !isStopping else { return }
        isStopping = true
        agenda.clear()
        screen.leave()
        guard let daemon, !daemon.hasExited else { return leave() }
        daemon.signal(SIGTERM)
        agenda.after(Self.stopSecondsMax) { [unowned self] in
            daemon.signal(SIGKILL)
            leave()
        }
    }

    private func leave() {
        endPhones()
        loop.stop()
    }
}
