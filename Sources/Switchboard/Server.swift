// The daemon as one object: everything it holds, in the order in which it is started. Start reading here.

internal import API
internal import Basics
internal import ContactCenter
@preconcurrency internal import Dispatch
internal import Foundation
internal import HTTP
internal import Logging
internal import MainLoop
internal import Media
internal import NIOCore
internal import SIP
public import SiteConfiguration
internal import Speech
internal import Storage
internal import Streams
internal import TLS
internal import WebRTC
internal import WebUI

/// One running contact center: the loop, the rules, the edges.
///
/// `start` brings it up in order, `reload` puts a new configuration under it, `stop` takes it down in reverse.
public final class Server {
    /// Time between two snapshots of the rules.
    static let snapshotSeconds = 300.0
    /// What a stop may take until open calls are let go of.
    static let stopSeconds = 2.0

    public let configurationFolder: String
    public let stateFolder: String
    public internal(set) var configuration: SiteConfiguration
    /// What the process was started with; of some settings it stays in force until the end.
    let startedConfiguration: SiteConfiguration
    public internal(set) var credentials: Credentials
    /// What the HTTP listener is started with.
    let startedCertificate: ServerCertificate?
    let logger: Logger
    let loop: MainLoop
    private let onReady: ((String) -> Void)?
    let startedAt: Date
    let clockStart = MonotonicClock.now
    var streams: StreamLoop?
    var http: HTTPServer?
    var rest: RESTInterface?
    var desks: DeskSessions?
    var store: Store?
    var turn: Turn?
    var edges: Edges?
    var vault: RecordingVault?
    var retention: RecordingRetention?
    var workRetention: WorkRetention?
    var watch: InvariantWatch?
    var bindings: BindingFile?
    var snapshotTimer: OneShotTimer?
    private(set) var phase = Phase.starting
    var reloading = Reloading.idle
    var signalSources: [any DispatchSourceSignal] = []
    /// What the journal lacks and a saved snapshot makes good.
    var bridgedLosses: UInt64 = 0
    var isBridging = false
    var databaseCheck = DatabaseCheck.waiting
    var databaseCheckTask: Task<Void, Never>?

    enum Phase { case starting, running, stopping }

    /// - Parameters:
    ///   - loaded: a configuration without errors.
    ///   - stateFolder: where run-time data stands; made if it is missing.
    ///   - onReady: told once, when everything stands, the address of the page with a one-time code for it.
    public init(
        loaded: LoadedConfiguration, configurationFolder: String, stateFolder: String, on driver: String = "own",
        onReady: ((String) -> Void)? = nil
    ) {
        self.onReady = onReady
        HouseLog.bootstrap(loaded.configuration.site.log)
        logger = Logger(label: "switchboard")
        configuration = loaded.configuration
        startedConfiguration = loaded.configuration
        credentials = loaded.credentials
        startedCertificate = loaded.certificate
        self.configurationFolder = configurationFolder
        self.stateFolder = stateFolder
        startedAt = Date()
        loop = MainLoop(driver: MainLoop.Driver(rawValue: driver) ?? .own)
    }

    /// Starts, and runs the loop until a stop is asked for. Returns the exit status.
    public func run() -> Int32 {
        var status: Int32 = 0
        signals()
        Task {
            do {
                try await start()
                // A stop may have been asked for meanwhile, and it is asked for once.
                guard phase == .starting else { return }
                phase = .running
                if reloading == .asked {
                    reloading = .idle
                    await reload()
                }
            } catch {
                // The one line that tells an admin why nothing came up.
                logger.critical("cannot start", metadata: ["reason": "\(error)"])
                status = 1
                await stop()
            }
        }
        loop.run()
        return status
    }

    // MARK: Start

    private func start() async throws {
        let store = try await openStore()
        await makeRecordingKey()
        let restored = try await Restoration(reader: store.reader).restore()
        let clock = HouseClock(notBefore: store.lastInstant)
        let media = MediaPlane(on: loop, settings: configuration.mediaSettings)
        let sip = try Endpoint(on: loop, settings: configuration.endpointSettings, logger: logger)
        let turn = Turn(
            center: restored.center, clock: clock, store: store, eventsMax: configuration.site.limits.eventsPerTurnMax,
            on: loop, logger: logger)
        let prompts = PromptLibrary(speech: SpeechCache(folder: stateFolder + "/speech"), logger: logger)
        let edges = try Edges(
            sip: sip, media: media, prompts: prompts, turn: turn,
            callerHash: KeyedHash(path: stateFolder + "/secrets/caller-key"), recordingsFolder: recordingsFolder(),
            reader: store.reader, logger: logger)
        edges.timelines = AgentTimelines(
            try await store.reader.lastAgentStates(of: restored.center.agents.map(\.key)).compactMap(\.change))
        let bindings = BindingFile(folder: stateFolder, sip: sip, clock: clock, on: loop, logger: logger)
        self.bindings = bindings
        self.store = store
        self.turn = turn
        self.edges = edges
        watch = InvariantWatch(turn: turn, on: loop, logger: logger)
        edges.keep = { store.append($0) }
        store.onHealthChange = { [unowned self] in storageChanged($0) }
        store.onFullChange = { [unowned self] in storeIsFull($0) }
        store.onUnencodable = { [unowned self] in eventsWereLost($0) }

        let compiled = configuration.compile(now: clock.now)
        if restored.sequence > 0 { turn.submit(.restarted) }
        if restored.center.configuration.version != compiled.version {
            try await save(compiled, at: clock.now)
            turn.submit(.configurationApplied(compiled))
        }
        // Before the first call that could be recorded: what stands there now is the old process's.
        let vault = openVault(edges: edges, store: store)
        let left = try await RecordingReconciliation(
            reader: store.reader, folder: edges.recordingsFolder, keys: media.recordingKeys
        ).settled()
        if !left.isEmpty { store.append(TurnRecord(at: clock.now, facts: left.map { .recording($0) })) }
        media.rescueRecordings(in: edges.recordingsFolder)
        try await edges.restoreCallbackNumbers()
        try await edges.restoreWork()
        applyToEdges()
        if configuration.listeners.webrtc.addresses.isEmpty {
            // Nobody named an address: that one is lacking stops no telephone.
            await openBrowserPortLater(for: compiled)
        } else {
            try await openBrowserPort(for: compiled)
        }
        await keepApplied(isStart: true)
        await bindings.restore()
        try listenHTTP(RunningBackend(self, turn: turn, edges: edges, store: store, vault: vault))
        scheduleSnapshot()
        if let onReady, let rest {
            let http = configuration.listeners.http
            let host = http.address.contains(":") ? "[\(http.address)]" : http.address
            let scheme = http.tls == nil ? "http" : "https"
            onReady("\(scheme)://\(host):\(http.port)/#code=\(try rest.makeOneTimeCode())")
        }
        for reason in restored.unreadable { logger.warning("snapshot passed over", metadata: ["reason": "\(reason)"]) }
        logger.notice(
            "ready",
            metadata: [
                "sip": "\(configuration.listeners.sip.address):\(configuration.listeners.sip.port)",
                "http": "\(configuration.listeners.http.address):\(configuration.listeners.http.port)",
                "journal": "\(restored.sequence)", "replayed": "\(restored.lines)", "gaps": "\(restored.gaps)",
                "pid": "\(ProcessInfo.processInfo.processIdentifier)",
            ])
        databaseCheckTask = Task { await checkDatabase() }
    }

    private func openStore() async throws -> Store {
        var limits = StoreLimits()
        limits.unsavedTurnsMax = configuration.site.limits.unsavedTurnsMax
        return try await Store.open(folder: stateFolder, limits: limits, on: loop)
    }

    private func recordingsFolder() throws -> String {
        let folder = stateFolder + "/recordings"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        return folder
    }

    func save(_ compiled: CenterConfiguration, at now: Instant) async throws {
        guard let store else { return }
        try await store.saveConfiguration(version: compiled.version, at: now) { try StateCodec.body(compiled) }
    }

    /// Trunks, devices, prompts and limits of the configuration that counts now.
    func applyToEdges() {
        guard let edges, let turn else { return }
        edges.callerIDs = configuration.callerIDs
        edges.numberPlans = configuration.numberPlans
        edges.deadAirSeconds = configuration.listeners.rtp.deadAirSeconds
        edges.callsMax = configuration.site.limits.callsMax
        edges.sip.callSecondsMax = configuration.site.limits.callHoursMax * 3_600
        edges.sip.apply(
            trunks: configuration.endpointTrunks(credentials), accounts: credentials.accounts)
        applyRecordings()
        edges.prompts.prepare(configuration, folder: configurationFolder)
        turn.eventsMax = configuration.site.limits.eventsPerTurnMax
        desks?.settings = DeskSettings(configuration)
        desks?.markAll()
    }

    // MARK: Stop

    /// Takes everything down in reverse: no new work, calls let go, history on the disk, then the rest.
    func stop() async {
        guard phase != .stopping else { return }
        phase = .stopping
        logger.notice("stopping")
        databaseCheckTask?.cancel()
        retention?.close()
        workRetention?.close()
        await http?.shutDown(grace: .seconds(1))
        desks?.keepAllNotes()
        turn?.close()
        await edges?.sip.shutDown(within: Self.stopSeconds)
        if let turn, let store, let facts = edges?.dropAll(), !facts.isEmpty {
            store.append(TurnRecord(at: turn.clock.now, facts: facts))
        }
        edges?.media.shutDown()
        edges?.browsers.port?.shutDown()
        await bindings?.saveNow()
        if turn != nil { await saveSnapshot() }
        // The library's own shutdown may abort on half-open dialogs (facts/sip.md, T5), so the database is safe before.
        if let lost = await store?.close(), lost > 0 {
            logger.critical("turns could not be saved", metadata: ["turns": "\(lost)"])
        }
        logger.notice("stopped")
        loop.stop()
    }
}
