// A house for the API: real rules, a real store, a real server, and four tokens.

import ACD
import API
import Basics
import ContactCenter
import Foundation
import HTTP
import Logging
import MainLoop
import NIOCore
import Simulation
import Storage
import Streams
import TLS
import WebUI

@testable import SiteConfiguration

/// The main queue of the test process is served by the test runner, so members work without `run()`.
@MainActor enum TestLoop {
    static let main = MainLoop(driver: .runLoop)
    static let streams = StreamLoop(on: main)
}

/// The daemon as the API sees it: a virtual floor whose turns go to a real store.
@MainActor final class TestBackend: Backend {
    var floor: VirtualFloor
    let store: Store
    var credentials = Credentials()
    let archive: TestArchive
    var recordings: any RecordingArchive { archive }
    /// The clock of sign-in; the floor keeps its own.
    var elapsed = Duration.zero

    init(_ floor: VirtualFloor, _ store: Store) {
        self.floor = floor
        self.store = store
        archive = TestArchive(store)
    }

    var center: Center { floor.center }
    var reader: StoreReader { store.reader }
    var now: Instant { floor.now + elapsed }

    var status: SystemStatus {
        SystemStatus(
            version: "test", startedAt: Instant(seconds: 1_760_000_000), configurationVersion: "test", storage: "good",
            unsavedTurns: store.unsavedTurns, calls: 4, legs: 5, recordings: 0, registeredDevices: 2, invariantViolations: 0)
    }

    func callerNumber(of contact: ContactID) -> String? { center.contacts[contact] == nil ? nil : "+4930123456" }

    func legs(of contact: ContactID) -> [LegRecord] {
        guard let contact = center.contacts[contact] else { return [] }
        var leg = LegRecord(id: contact.leg, contact: contact.id, party: "caller", opened: contact.arrivedAt)
        leg.packetsReceived = 500
        leg.jitterMilliseconds = 1.5
        return [leg]
    }

    func callerKey(of number: String, for queue: QueueID) -> CallerKey? {
        number.count < 3 ? nil : CallerKey("key-\(number.hashValue)")
    }

    func mayCall(_ number: String, from queue: QueueID) -> Bool {
        let numbers = center.configuration.numbers.map(\.number)
        return center.queues[queue]?.rules.callback?.allows(number, own: numbers) == true
    }

    /// As the edge would keep them.
    private(set) var keptNumbers: [CallerKey: String] = [:]

    func submit(_ request: CallbackRequest, number: String, audit: AuditEntry) async -> Result<Void, StoreError> {
        keptNumbers[request.caller] = number
        return await submit(.callbackScheduled(request), audit: audit)
    }

    func outside(_ number: String) -> Result<OutsideWay, OutsideRefusal> {
        center.configuration.outside.way(to: number, own: center.configuration.numbers.map(\.number)) { _ in nil }.map {
            OutsideWay(trunk: $0.rules.trunk, callee: CallerKey("key-\($0.number.utf8.count)"), number: $0.number)
        }
    }

    /// As the edge would know them.
    private(set) var wantedNumbers: [String] = []
    private(set) var pressed: [(keys: String, leg: LegID)] = []
    func keep(_ way: OutsideWay) { wantedNumbers.append(way.number) }
    func forget(_ way: OutsideWay) { wantedNumbers.removeAll { $0 == way.number } }
    func press(_ keys: String, on leg: LegID) -> Bool {
        pressed.append((keys, leg))
        return true
    }

    let work = WorkRegister()

    func submit(_ request: WorkRequest, audit: AuditEntry) async -> Result<WorkAnswer, StoreError> {
        switch work.begin(request, at: now) {
        case .answered(let answer): return .success(answer)
        case .awaited(let awaited):
            let key = request.customer.map { CallerKey("key-\($0.utf8.count)") } ?? "nobody"
            let event = Event.workArrived(request.arrival(of: key))
            act { $0.submit(event) }
            let entry = JournalEntry(kind: "test", body: event)
            let result = await commit(TurnRecord(at: now, events: [entry], facts: workFacts + [.audit(audit)]))
            workFacts = []
            return result.map { awaited.answer ?? .refused(.notTaken) }
        }
    }

    private var workFacts: [Fact] = []
    /// A house with desks shows them what happens.
    lazy var act: ((inout VirtualFloor) -> Void) -> Void = { [unowned self] change in
        change(&floor)
        followWork()
    }

    /// Shows the register the commands of the last event, as the daemon does behind each.
    func followWork() {
        guard let event = floor.journal.last?.event else { return }
        workFacts += work.follow(event, floor.commands, in: center)
    }

    /// What happens between the look of a route and its event.
    var beforeEvent: ((inout VirtualFloor) -> Void)?

    func submit(_ event: Event, audit: AuditEntry) async -> Result<Void, StoreError> {
        beforeEvent?(&floor)
        floor.submit(event)
        return await commit(TurnRecord(at: now, events: [JournalEntry(kind: "test", body: event)], facts: [.audit(audit)]))
    }

    func record(_ audit: AuditEntry) async -> Result<Void, StoreError> {
        await commit(TurnRecord(at: now, facts: [.audit(audit)]))
    }

    /// Whether the disk takes anything.
    var settles = true

    func settle() async -> Bool {
        try? await store.committed(store.lastTurn)
        return settles
    }

    func metrics() -> String { "# TYPE switchboard_calls gauge\nswitchboard_calls 4\n" }

    func commit(_ turn: TurnRecord) async -> Result<Void, StoreError> {
        do {
            try await store.committed(store.append(turn))
            return .success(())
        } catch {
            return .failure(error)
        }
    }
}

@MainActor final class House {
    static let roles: [(name: String, role: Role)] = [
        ("metrics", .reader), ("alice", .agent), ("super", .supervisor), ("root", .admin),
    ]
    private static let hashes: [String: String] = Dictionary(
        uniqueKeysWithValues: roles.map { ($0.name, (try? PasswordHash.make(of: "\($0.name).secret")) ?? "") })

    let backend: TestBackend
    let rest: RESTInterface
    let server: HTTPServer
    let port: Int
    let legs: (talking: LegID, ringing: LegID, waiting: LegID, inMenu: LegID)
    private let folder: URL

    init(
        failuresPerMinuteMax: Int = 20, requestsBurstMax: Int = 200, trustedProxies: [String] = [],
        certificate: ServerCertificate? = nil
    ) async throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("api-\(UUID().uuidString)")
        let store = try await Store.open(folder: folder.path, on: TestLoop.main)
        let (floor, talking, ringing, waiting, inMenu) = SmallFloor.make()
        legs = (talking, ringing, waiting, inMenu)
        backend = TestBackend(floor, store)
        backend.credentials.tokens = Self.roles.map {
            Credentials.Token(name: $0.name, role: $0.role, hash: Self.hashes[$0.name] ?? "")
        }
        rest = RESTInterface(
            backend: backend, failuresPerMinuteMax: failuresPerMinuteMax, requestsBurstMax: requestsBurstMax,
            trustedProxies: trustedProxies)
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let files = try StaticFiles(folder: WebUI.pagesFolder)
        server = HTTPServer(on: TestLoop.streams, router: rest.makeRouter(), files: files, logger: logger)
        rest.registerHotPaths(on: server)
        if let certificate {
            port = try server.listen(host: "127.0.0.1", port: 0, certificate: certificate).port ?? 0
        } else {
            port = try server.listen(host: "127.0.0.1", port: 0).port ?? 0
        }
        for contact in backend.floor.closed { try await keep(contact) }
    }

    /// Stores a contact as the daemon does when it is over.
    func keep(_ contact: Contact, _ change: (inout ContactRecord) -> Void = { _ in }) async throws {
        var record = ContactRecord(contact)
        change(&record)
        let lines = contact.timeline.map {
            Fact.timeline(Storage.TimelineEntry(contact: contact.id, at: $0.at, kind: "line", body: $0.what))
        }
        try await backend.commit(TurnRecord(at: backend.now, facts: [.contact(record)] + lines)).get()
    }

    func keep(_ record: RecordingRecord) async throws {
        try await backend.commit(TurnRecord(at: backend.now, facts: [.recording(record)])).get()
    }

    func close() async {
        await server.shutDown(grace: .zero)
        await backend.store.close()
        try? FileManager.default.removeItem(at: folder)
    }

    /// One request with the token of that name, or with the fields given.
    func send(
        _ method: String, _ path: String, as name: String? = nil, _ fields: [String: String] = [:], body: String? = nil
    ) async throws -> Answer {
        var fields = fields
        if let name { fields["authorization"] = "Bearer \(name).secret" }
        if body != nil, fields["content-type"] == nil { fields["content-type"] = "application/json" }
        return try await Client.exchange(port: port, method: method, path: path, fields: fields, body: body)
    }

    func get(_ path: String, as name: String? = "super") async throws -> Answer { try await send("GET", path, as: name) }

    /// Opens a session as the page does and returns its cookie.
    func signIn() async throws -> String {
        let code = try rest.makeOneTimeCode()
        let answer = try await send("POST", "/v1/sessions", body: #"{"code":"\#(code)"}"#)
        return String(answer.fields["set-cookie"]?.prefix { $0 != ";" } ?? "")
    }

    func contact(_ leg: LegID) -> ContactID? { backend.floor.contact(of: leg)?.id }
}
