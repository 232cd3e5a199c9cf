// The rules, the edges and a browser port, without a daemon around them.

import ACD
import API
import Basics
import ContactCenter
import IVR
import Logging
import Media
import RTP
import SDP
import SIP
import Speech
import Storage
import WebRTC

@testable import Switchboard

/// One queue, one agent who works in a browser, callers without a trunk.
final class BrowserRoom {
    static let anna: AgentID = "anna"
    let folder: TestFolder
    let edges: Edges
    let port: BrowserPort
    var desks: BrowserDesks { edges.browsers }
    private(set) var changes: [DeskAudioChange] = []
    private var lastCall: UInt64 = 900

    var center: Center { edges.turn.center }
    var agent: Agent? { center.agents[Self.anna] }
    var isRegistered: Bool { agent?.registeredDevices == [Self.anna.browser] }
    var offer: OfferID? {
        for case .offered(let offer, _, _) in agent?.work ?? [] { return offer }
        return nil
    }

    init(sipPort: UInt16, rtpPorts: ClosedRange<UInt16>) async throws {
        folder = try TestFolder()
        let store = try await folder.store()
        let media = MediaPlane(on: testLoop, settings: MediaSettings(ports: rtpPorts, legsMax: 16))
        let sip = try Endpoint(
            on: testLoop, settings: EndpointSettings(address: "127.0.0.1", port: sipPort, realm: "test"), logger: silentLogger)
        let turn = Turn(
            center: Center(), clock: HouseClock(), store: store, eventsMax: 100, on: testLoop, logger: silentLogger)
        edges = Edges(
            sip: sip, media: media,
            prompts: PromptLibrary(speech: SpeechCache(folder: folder.path + "/speech"), logger: silentLogger), turn: turn,
            callerHash: try KeyedHash(path: folder.path + "/key"), recordingsFolder: folder.path, reader: store.reader,
            logger: silentLogger)
        let settings = BrowserPortSettings(addresses: [TransportAddress(ipv4: 0x7F00_0001, port: 0)])
        port = try BrowserPort(on: testLoop, settings: settings)
        desks.port = port
        desks.onChange = { [weak self] _, change in self?.changes.append(change) }
        turn.submit(.configurationApplied(Self.configuration))
    }

    isolated deinit {
        edges.turn.close()
        edges.media.shutDown()
        port.shutDown()
    }

    private static let configuration = CenterConfiguration(
        version: "browsers", queues: [QueueRules(id: "sales", members: [.init(agent: anna, level: 1)], wrapUpSeconds: 0)],
        agents: [AgentRules(id: anna, devices: [anna.browser])],
        flows: [Flow(id: "in", start: "queue", nodes: [Node(id: "queue", action: .queue(EnterQueue(queue: "sales")))])],
        numbers: [NumberRules(number: "200", flow: "in")])

    /// A caller from nowhere: what Sofia would say is said here.
    func call(_ phone: TestPhone) throws -> LegID {
        lastCall += 1
        let leg = edges.legs.addInbound(
            CallID(rawValue: lastCall), caller: Caller(user: "100"), offer: phone.description())
        edges.turn.submit(
            .callArrived(Arrival(leg: leg, number: "200", caller: "caller", trunk: "carrier", channel: 1)))
        return leg
    }

    /// The phone learns where to send to once its call is answered.
    func aim(_ phone: TestPhone, at leg: LegID) throws {
        try phone.aim(at: edges.media.change(leg, offer: phone.description()))
    }

    func connect(_ browser: TestBrowser) async throws {
        browser.portFingerprint = port.fingerprint
        try browser.take(desks.answer(offer: browser.offer, of: Self.anna))
        browser.check(nominates: true)
        guard await wait(until: { self.desks.isConnected(Self.anna) && browser.srtp != nil }) else { throw NoConnection() }
    }

    struct NoConnection: Error {}

    /// Whether `condition` came true within `seconds`.
    func wait(_ seconds: Double = 15, until condition: () -> Bool) async -> Bool {
        let end = ContinuousClock.now + .seconds(seconds)
        while !condition() {
            if ContinuousClock.now > end { return false }
            try? await Task.sleep(for: .milliseconds(8))
        }
        return true
    }
}
