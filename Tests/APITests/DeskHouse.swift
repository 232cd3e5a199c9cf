// A house with desks: real rules, a real server, and a voice that exists only as a set of names.

import ACD
import API
import Basics
import ContactCenter
import Foundation
import HTTP
import IVR
import Logging
import NIOCore
import Simulation
import Storage
import WebUI

@testable import SiteConfiguration

/// The voice of the desks: connected as soon as an offer was answered. It submits what the edges would.
@MainActor final class TestVoice: DeskAudio {
    var onChange: ((AgentID, DeskAudioChange) -> Void)?
    weak var house: DeskHouse?
    private(set) var connected: Set<AgentID> = []
    private(set) var standing: Set<AgentID> = []
    private(set) var digits = ""
    private var registered: Set<AgentID> = []

    func answer(offer sdp: String, of agent: AgentID) throws -> String {
        if sdp == "bad" { throw DeskAudioError.badOffer(reason: "test") }
        if sdp == "none" { throw DeskAudioError.unavailable }
        connect(agent, true)
        return "answer to \(sdp)"
    }

    func accept(_ offer: OfferID, by agent: AgentID) -> Bool { onRinging(offer, agent) { $0.answer($1) } }
    func decline(_ offer: OfferID, by agent: AgentID) -> Bool { onRinging(offer, agent) { $0.fail($1, .declined) } }

    func digit(_ key: Character, from agent: AgentID) -> Bool {
        digits.append(key)
        return true
    }

    func quality(of agent: AgentID) -> DeskQuality? {
        DeskQuality(lossPercent: 0.5, jitterMilliseconds: 3, roundTripMilliseconds: nil, meanOpinionScore: 4.2)
    }

    func isConnected(_ agent: AgentID) -> Bool { connected.contains(agent) }

    func signedIn(_ agent: AgentID) {
        standing.insert(agent)
        settle(agent, lost: true)
    }

    func gone(_ agent: AgentID, signedOut: Bool) {
        standing.remove(agent)
        settle(agent, lost: !signedOut)
        if signedOut { connect(agent, false) }
    }

    func connect(_ agent: AgentID, _ isConnected: Bool) {
        guard connected.contains(agent) != isConnected else { return }
        if isConnected { connected.insert(agent) } else { connected.remove(agent) }
        settle(agent, lost: true)
        onChange?(agent, .connected(isConnected))
    }

    private func settle(_ agent: AgentID, lost: Bool) {
        let isThere = standing.contains(agent) && connected.contains(agent)
        guard isThere != registered.contains(agent) else { return }
        let device = AgentSettings.browser(of: agent)
        if isThere { registered.insert(agent) } else { registered.remove(agent) }
        house?.act { $0.submit(isThere ? .deviceRegistered(device) : lost ? .deviceLost(device) : .deviceUnregistered(device)) }
    }

    private func onRinging(_ offer: OfferID, _ agent: AgentID, _ act: (inout VirtualFloor, LegID) -> Void) -> Bool {
        guard let house, let leg = house.legs[offer], house.backend.floor.ringing(at: agent).contains(leg) else { return false }
        house.act { act(&$0, leg) }
        return true
    }
}

/// The commands of the events of one act.
@MainActor private final class CommandList {
    var commands: [Command] = []
    var isReload = false
}

@MainActor final class DeskHouse {
    static let hash = (try? PasswordHash.make(of: "right")) ?? ""

    let backend: TestBackend
    let rest: RESTInterface
    let desks: DeskSessions
    let voice = TestVoice()
    let server: HTTPServer
    let port: Int
    private(set) var notes: [NoteRecord] = []
    /// Of each offer the leg that rings, or is shown.
    private(set) var legs: [OfferID: LegID] = [:]
    private let folder: URL

    init(
        failuresPerMinuteMax: Int = 20, trustedProxies: [String] = [], agents: Int = 0,
        _ change: (inout DeskLimits) -> Void = { _ in }
    ) async throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("desk-\(UUID().uuidString)")
        let store = try await Store.open(folder: folder.path, on: TestLoop.main)
        var floor = VirtualFloor()
        floor.apply(Self.configuration(more: agents))
        backend = TestBackend(floor, store)
        backend.credentials.agents = floor.center.agents.map { .init(agent: $0.key, hash: Self.hash) }
        rest = RESTInterface(
            backend: backend, failuresPerMinuteMax: failuresPerMinuteMax, trustedProxies: trustedProxies)
        var limits = DeskLimits()
        change(&limits)
        var settings = DeskSettings(Self.site)
        settings.autoAnswerQueues = ["sales"]
        let relay = Relay()
        desks = rest.openDesks(audio: voice, settings: settings, limits: limits, on: TestLoop.main) { relay.submit($0) }
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        server = HTTPServer(
            on: TestLoop.streams, router: rest.makeRouter(), files: try StaticFiles(folder: WebUI.pagesFolder), logger: logger)
        rest.registerHotPaths(on: server)
        port = try server.listen(host: "127.0.0.1", port: 0).port ?? 0
        voice.house = self
        relay.house = self
        backend.act = { [weak self] change in self?.act(change) }
        desks.keepNote = { [weak self] in self?.notes.append($0) }
    }

    /// The desks' way to the rules, which stand only when the house does.
    @MainActor private final class Relay {
        weak var house: DeskHouse?
        func submit(_ event: Event) -> Bool {
            guard let house else { return false }
            house.act { $0.submit(event) }
            return true
        }
    }

    static let site: SiteConfiguration = {
        var site = SiteConfiguration()
        site.agents = [AgentSettings(id: "alice", name: "Alice Adler"), AgentSettings(id: "bob", name: "Bob Bauer")]
        site.dispositions.required = true
        site.dispositions.codes = [.init(code: "order", label: "Order"), .init(code: "other", label: "Something else")]
        return site
    }()

    private static func configuration(more: Int) -> CenterConfiguration {
        let ids = ["alice", "bob"] + (0..<more).map { "agent-\($0)" }
        let agents = ids.map { AgentRules(id: AgentID($0), devices: [DeviceID($0 + "-browser")]) }
        var sales = QueueRules(id: "sales", members: [.init(agent: "alice")], wrapUpSeconds: 10)
        sales.isDispositionRequired = true
        let support = QueueRules(id: "support", members: [.init(agent: "bob")], wrapUpSeconds: 0)
        let menu = Menu(
            prompt: .text("One or two."), choices: [.init(key: "1", next: "sales"), .init(key: "2", next: "support")],
            timeoutMilliseconds: 5000, tries: 3, otherwise: "sales")
        let main = Flow(
            id: "main", start: "menu",
            nodes: [
                Node(id: "menu", action: .menu(menu)),
                Node(id: "sales", action: .queue(EnterQueue(queue: "sales"))),
                Node(id: "support", action: .queue(EnterQueue(queue: "support"))),
            ])
        return CenterConfiguration(
            version: "desk", queues: [sales, support], agents: agents, flows: [main],
            numbers: [NumberRules(number: "100", flow: "main")], pauseReasons: ["break", "lunch"],
            dispositions: [.init(code: "order", label: "Order"), .init(code: "other", label: "Something else")])
    }

    func close() async {
        await server.shutDown(grace: .zero)
        await backend.store.close()
        try? FileManager.default.removeItem(at: folder)
    }

    // MARK: The floor

    /// Lets something happen on the floor; the desks see every command, as the daemon's do.
    func act(_ change: (inout VirtualFloor) -> Void) {
        let list = CommandList()
        backend.floor.afterEvent = { floor in
            let commands = floor.commands
            let isReload = if case .configurationApplied? = floor.journal.last?.event { true } else { false }
            MainActor.assumeIsolated {
                list.commands += commands
                if isReload { list.isReload = true }
            }
        }
        change(&backend.floor)
        backend.floor.afterEvent = nil
        for case .ring(let ring) in list.commands { legs[ring.offer] = ring.leg }
        backend.followWork()
        for command in list.commands { desks.note(command) }
        if list.isReload { desks.markAll() }
    }

    /// A caller who presses a key at once.
    func call(_ key: String = "1") -> LegID {
        var leg = LegID(rawValue: 0)
        act {
            leg = $0.call("100")
            $0.press(key, on: leg)
        }
        return leg
    }

    var alice: Agent? { backend.center.agents["alice"] }

    // MARK: The wire

    static let mark = ["x-requested-with": "switchboard"]

    func send(
        _ method: String, _ path: String, _ fields: [String: String] = DeskHouse.mark, body: String? = nil
    ) async throws -> Answer {
        var fields = fields
        if body != nil { fields["content-type"] = "application/json" }
        return try await Client.exchange(port: port, method: method, path: path, fields: fields, body: body)
    }

    func tryToSignIn(
        _ name: String, _ password: String, _ fields: [String: String] = DeskHouse.mark
    ) async throws -> Answer {
        try await send("POST", "/v1/agent-sessions", fields, body: #"{"name":"\#(name)","password":"\#(password)"}"#)
    }

    /// The cookie.
    func signIn(_ name: String = "alice") async throws -> String {
        let answer = try await tryToSignIn(name, "right")
        return String(answer.fields["set-cookie"]?.prefix { $0 != ";" } ?? "")
    }

    func page(_ cookie: String, tab: String = "one", after: Int? = nil) async throws -> Page {
        let query = "?tab=\(tab)" + (after.map { "&after=\($0)" } ?? "")
        return try await Page(port: port, query: query, cookie: cookie, origin: "http://127.0.0.1:\(port)")
    }

    /// A page that stands, with its voice, whose agent is available.
    func readyPage(_ name: String = "alice") async throws -> (page: Page, cookie: String) {
        let cookie = try await signIn(name)
        let page = try await page(cookie)
        _ = try await page.next("snapshot")
        guard try await page.ask("media.offer", ["sdp": "v=0"]) == "done",
            try await page.ask("presence", ["presence": "available"]) == "done"
        else { throw Page.Failure(description: "not ready") }
        return (page, cookie)
    }

    /// A page that talks.
    func talkingPage(_ name: String = "alice", key: String = "1") async throws -> (page: Page, cookie: String, leg: LegID) {
        let (page, cookie) = try await readyPage(name)
        let leg = call(key)
        let offer = try await page.next("offer")
        guard try await page.ask("accept", ["offer": offer["offer"] as? Int ?? 0]) == "done" else {
            throw Page.Failure(description: "not accepted")
        }
        _ = try await page.next("call")
        return (page, cookie, leg)
    }
}
