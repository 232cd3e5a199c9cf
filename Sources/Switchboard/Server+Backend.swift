// The daemon as the API sees it.

internal import ACD
internal import API
internal import Basics
internal import ContactCenter
internal import Foundation
internal import Media
internal import SIP
internal import SiteConfiguration
internal import Storage

/// What the API may look at while everything is up.
final class RunningBackend: Backend {
    private unowned let server: Server
    private let turn: Turn
    private let edges: Edges
    private let store: Store
    let recordings: any RecordingArchive

    init(_ server: Server, turn: Turn, edges: Edges, store: Store, vault: RecordingVault) {
        recordings = vault
        self.server = server
        self.turn = turn
        self.edges = edges
        self.store = store
    }

    var center: Center { turn.center }
    var reader: StoreReader { store.reader }
    var now: Instant { turn.clock.now }
    var credentials: Credentials { server.credentials }

    var status: SystemStatus {
        let figures = edges.media.figures
        let storage =
            switch store.health {
            case .good: "good"
            case .degraded(let trouble, _): trouble.description
            }
        return SystemStatus(
            version: Version.current,
            startedAt: Instant(microseconds: Int64(server.startedAt.timeIntervalSince1970 * 1_000_000)),
            configurationVersion: turn.center.configuration.version, storage: storage, unsavedTurns: store.unsavedTurns,
            calls: edges.sip.figures.calls, legs: figures.legs, recordings: figures.recordings,
            registeredDevices: edges.sip.figures.bindings, invariantViolations: server.watch?.violations ?? 0)
    }

    func callerNumber(of contact: ContactID) -> String? {
        turn.center.contacts[contact].flatMap { edges.legs[$0.leg]?.caller.user } ?? edges.parkedNumber(of: contact)
    }

    func callerKey(of number: String, for queue: QueueID) -> CallerKey? {
        guard CallbackNumbers.isDialable(number) else { return nil }
        let trunk = turn.center.queues[queue]?.rules.callback?.trunk
        return edges.callerKey(of: number, over: trunk ?? "")
    }

    func mayCall(_ number: String, from queue: QueueID) -> Bool { edges.mayCall(number, from: queue) }

    func submit(_ request: CallbackRequest, number: String, audit: AuditEntry) async -> Result<Void, StoreError> {
        guard !turn.isFull else { return .failure(.overloaded) }
        edges.note(edges.callbackNumbers.keep(number, of: request.caller, at: turn.clock.now))
        return await submit(.callbackScheduled(request), audit: audit)
    }

    func outside(_ number: String) -> Result<OutsideWay, OutsideRefusal> { edges.outside(number) }
    func keep(_ way: OutsideWay) { edges.outsideNumbers.keep(way.number, as: way.callee) }
    func forget(_ way: OutsideWay) { edges.outsideNumbers.forget(way.callee) }

    func press(_ keys: String, on leg: LegID) -> Bool {
        // All or none: whoever is refused presses them again.
        guard edges.media.roomForKeys(from: leg) >= keys.count else { return false }
        for key in keys { _ = edges.media.sendKey(key, from: leg) }
        return true
    }

    var work: WorkRegister { edges.work }

    func submit(_ request: WorkRequest, audit: AuditEntry) async -> Result<WorkAnswer, StoreError> {
        guard !turn.isFull else { return .failure(.overloaded) }
        switch edges.work.begin(request, at: turn.clock.now) {
        case .answered(let answer):
            // What it was answered before may not be on the disk yet.
            guard case .known = answer, await !settle() else { return .success(answer) }
            return .failure(.overloaded)
        case .awaited(let awaited):
            edges.note(.audit(audit))
            let result = await turn.submitDurably(.workArrived(request.arrival(of: edges.customerKey(of: request))))
            return result.map { awaited.answer ?? .refused(.notTaken) }
        }
    }

    func legs(of contact: ContactID) -> [LegRecord] {
        edges.legs.all.filter { $0.service?.contact == contact }
            .compactMap { leg in edges.media.figures(leg.id).flatMap { LegRecord(leg, $0) } }
            .sorted { ($0.opened, $0.id) < ($1.opened, $1.id) }
    }

    func submit(_ event: Event, audit: AuditEntry) async -> Result<Void, StoreError> {
        guard !turn.isFull else { return .failure(.overloaded) }
        edges.note(.audit(audit))
        return await turn.submitDurably(event)
    }

    func record(_ audit: AuditEntry) async -> Result<Void, StoreError> {
        let ticket = store.append(TurnRecord(at: turn.clock.now, facts: [.audit(audit)]))
        return await withCheckedContinuation { continuation in
            store.whenCommitted(ticket) { continuation.resume(returning: $0) }
        }
    }

    func settle() async -> Bool {
        let ticket = store.lastTurn
        return await withCheckedContinuation { continuation in
            store.whenCommitted(ticket) { result in
                let isStored = if case .success = result { true } else { false }
                continuation.resume(returning: isStored)
            }
        }
    }

    func metrics() -> String { server.metrics() }
}
