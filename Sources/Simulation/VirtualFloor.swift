// The edges, played: phones, callers and prompts that exist only as values under a virtual clock.

public import ACD
public import Basics
public import ContactCenter
import IVR

/// A `Center` with make-believe edges around it. Commands change what the edges would hold; time passes only by `advance`.
///
/// Stories, the fuzzer and what-if runs use it; the live daemon has the real edges in its place.
public struct VirtualFloor: Sendable {
    public enum LegState: Hashable, Sendable {
        case arriving(ContactSide)
        case ringing(AgentID)
        case dialling
        case live(ContactSide)
    }

    /// Which side of a contact a leg is on.
    public enum ContactSide: Hashable, Sendable { case caller, agent(AgentID), outside, service }

    struct Playback: Hashable, Sendable {
        var id: PlaybackID
        /// `distantFuture` when it loops.
        var endsAt: Instant
    }

    /// How long one announcement takes.
    public static let announcementSeconds = 2
    /// Turns in one `advance`; a rule that keeps asking to be woken at once is a fault.
    public static let turnsMax = 1_000_000

    public private(set) var center: Center
    public private(set) var now: Instant
    public private(set) var legs = PagedMap<LegID, LegState>()
    private var playbacks = PagedMap<LegID, Playback>()
    public private(set) var collecting: [LegID] = []
    /// Who confers on a contact's call, in which part.
    private var conferences = PagedMap<ContactID, [Conferee]>()
    private var maskedConferences: [ContactID] = []
    /// Who hears whom, from both sides.
    private var bridges = PagedMap<LegID, LegID>()
    public private(set) var muted: [LegID] = []
    /// Offers shown at a desk: to accept one ends its leg.
    private var shown: [LegID] = []
    /// Callers whose numbers are kept, because they will be called back.
    public private(set) var keptNumbers: [CallerKey] = []
    public private(set) var pausedRecordings: [RecordingID] = []
    /// Of each recording that runs whose voices it has beside the caller's.
    public private(set) var recorded = PagedMap<RecordingID, [LegID]>()
    /// Commands about legs that are gone, which no edge could carry out.
    public private(set) var deadCommands: [String] = []
    /// Every event with its time, as the journal would have it.
    public private(set) var journal: [(at: Instant, event: Event)] = []
    public private(set) var closed: [Contact] = []
    /// The commands of the last event.
    public private(set) var commands: [Command] = []
    public var keepsJournal = true
    /// Called after each event, for checks.
    public var afterEvent: (@Sendable (VirtualFloor) -> Void)?
    private var lastCallLeg: UInt64 = 1
    /// Whether the phones of those who are called back ring; otherwise nothing comes of the trunk.
    public var customersRing = true
    private var beginToRing: [LegID] = []
    /// Legs that the event under way has ended: the edge still knows of them who called.
    private var endedLegs: [LegID] = []

    public init(center: Center = Center(), startingAt start: Instant = Instant(seconds: 1_760_000_000)) {
        self.center = center
        now = start
    }

    // MARK: What people do

    public mutating func apply(_ configuration: CenterConfiguration) { submit(.configurationApplied(configuration)) }

    /// Works the configuration out ahead, as the daemon does it; `apply` takes it on.
    public mutating func prepare(_ configuration: CenterConfiguration) {
        let copy = center.beginPreparation()
        center.keep(copy.prepare(configuration))
    }

    @discardableResult
    public mutating func call(
        _ number: String, from caller: CallerKey = "caller", trunk: TrunkID = "carrier", showsNumber: Bool = false
    ) -> LegID {
        let leg = nextLeg()
        legs[leg] = .arriving(.caller)
        submit(
            .callArrived(
                Arrival(
                    leg: leg, number: number, caller: caller, trunk: trunk, channel: 1,
                    canBeCalledBack: showsNumber ? true : nil)))
        return leg
    }

    /// Work that is no call comes in; the contact, if it was taken in.
    @discardableResult
    public mutating func arrive(_ arrival: WorkArrival) -> ContactID? {
        let before = center.contacts.reduce(UInt64(0)) { max($0, $1.key.rawValue) }
        let closedBefore = closed.count
        submit(.workArrived(arrival))
        let new = center.contacts.map(\.key).filter { $0.rawValue > before } + closed[closedBefore...].map(\.id)
        return new.max()
    }

    /// A customer's chat begins.
    @discardableResult
    public mutating func chat(
        _ kind: WorkKindID = "chat", in queue: QueueID, overflow: [QueueID] = [], from customer: CallerKey = "caller"
    ) -> LegID {
        let leg = nextLeg()
        legs[leg] = .live(.caller)
        arrive(WorkArrival(kind: kind, queue: queue, overflow: overflow, customer: customer, leg: leg))
        return leg
    }

    /// Somebody asks for a callback; its number is kept first, as the API does it.
    public mutating func schedule(_ request: CallbackRequest) {
        keep(request.caller)
        submit(.callbackScheduled(request))
    }

    private mutating func keep(_ caller: CallerKey) {
        if !keptNumbers.contains(caller) { keptNumbers.append(caller) }
    }

    @discardableResult
    public mutating func dial(_ code: String, from device: DeviceID) -> LegID {
        let leg = nextLeg()
        legs[leg] = .arriving(.service)
        submit(.deviceCalled(DeviceCall(leg: leg, device: device, dialled: code)))
        return leg
    }

    public mutating func register(_ device: DeviceID) { submit(.deviceRegistered(device)) }
    public mutating func lose(_ device: DeviceID) { submit(.deviceLost(device)) }
    public mutating func set(_ presence: AgentPresence, for agent: AgentID) { submit(.presenceRequested(agent, presence)) }

    /// Registers the agent's devices and makes it available.
    public mutating func signIn(_ agent: AgentID) {
        for device in center.agents[agent]?.devices ?? [] { register(device) }
        set(.available, for: agent)
    }

    public mutating func press(_ key: String, on leg: LegID) {
        guard legs[leg] != nil else { return }
        submit(.digit(leg, key))
    }

    public mutating func answer(_ leg: LegID) {
        switch legs[leg] {
        case .ringing(let agent):
            if shown.contains(leg) { _ = forget(leg) } else { legs[leg] = .live(.agent(agent)) }
        case .dialling:
            let isCustomer = center.contact(of: leg).flatMap { center.contacts[$0] }?.leg == leg
            legs[leg] = .live(isCustomer ? .caller : .outside)
        case .arriving, .live, nil: return
        }
        submit(.legAnswered(leg))
    }

    public mutating func fail(_ leg: LegID, _ failure: LegFailure) {
        guard forget(leg) else { return }
        submit(.legFailed(leg, failure))
    }

    public mutating func hangUp(_ leg: LegID) {
        guard forget(leg) else { return }
        endedLegs.append(leg)
        submit(.legEnded(leg))
    }

    /// The legs that ring at an agent now.
    public func ringing(at agent: AgentID) -> [LegID] {
        legs.filter { $0.value == .ringing(agent) }.map(\.key)
    }

    public func isBridged(_ a: LegID, _ b: LegID) -> Bool { bridges[a] == b }
    /// Whether something is played to the leg that goes on until it is stopped: music, a ringing tone.
    public func hearsLoop(_ leg: LegID) -> Bool { playbacks[leg]?.endsAt == .distantFuture }

    public func hearsAnything(_ leg: LegID) -> Bool {
        playbacks[leg] != nil || bridges[leg] != nil || conference(of: leg).contains { hears(leg, $0.leg) }
    }

    /// Whether what is said on one leg is heard on the other, muting aside; said again from definitions.md 3.9.
    public func hears(_ listener: LegID, _ speaker: LegID) -> Bool {
        guard listener != speaker, playbacks[listener] == nil else { return false }
        if bridges[listener] == speaker { return true }
        let all = conference(of: listener)
        guard let ear = all.first(where: { $0.leg == listener }), let mouth = all.first(where: { $0.leg == speaker }),
            !ear.isDeafTo.contains(speaker)
        else { return false }
        let isMasked = maskedConferences.contains { conferences[$0]?.contains { $0.leg == listener } == true }
        switch (ear.part, mouth.part) {
        case (.member, .member): return true
        case (.member, .supervisor(let mode, let agent)):
            return mode == .barge || mode != .monitor && agent == listener
        case (.supervisor(.privateWhisper, let agent), .member): return !isMasked && agent == speaker
        case (.supervisor, .member): return !isMasked
        case (.supervisor(let own, _), .supervisor(let other, _)):
            return !isMasked && other == .barge && own != .privateWhisper
        }
    }

    private func conference(of leg: LegID) -> [Conferee] {
        conferences.first { $0.value.contains { $0.leg == leg } }?.value ?? []
    }

    /// The contact of a caller's leg, while it lives.
    public func contact(of leg: LegID) -> Contact? { center.contacts.first { $0.value.leg == leg }?.value }

    // MARK: Time

    public mutating func advance(seconds: Int) { advance(by: .seconds(seconds)) }

    /// Lets time pass: prompts end and deadlines fall due, each at its own moment.
    public mutating func advance(by duration: Duration) {
        let end = now + duration
        for _ in 0..<Self.turnsMax {
            while let leg = beginToRing.popLast() {
                if legs[leg] == .dialling { submit(.legRinging(leg)) }
            }
            let playback = playbacks.min { ($0.value.endsAt, $0.key) < ($1.value.endsAt, $1.key) }
            let due = min(playback?.value.endsAt ?? .distantFuture, center.nextDeadline)
            guard due <= end else { break }
            now = max(now, due)
            if let playback, playback.value.endsAt <= center.nextDeadline {
                playbacks[playback.key] = nil
                submit(.playbackEnded(playback.key, playback.value.id))
            } else {
                submit(.deadlinesPassed)
            }
        }
        now = end
    }

    /// The process ends and another takes over from the snapshot.
    public mutating func restart(with center: Center) {
        self.center = center
        legs.removeAll()
        beginToRing = []
        playbacks.removeAll()
        bridges.removeAll()
        conferences.removeAll()
        maskedConferences = []
        collecting = []
        muted = []
        shown = []
        pausedRecordings = []
        recorded.removeAll()
        submit(.restarted)
    }

    // MARK: The edges

    public mutating func submit(_ event: Event) {
        if keepsJournal { journal.append((now, event)) }
        if case .collected(let leg, _, _, _) = event { collecting.removeAll { $0 == leg } }
        commands.removeAll(keepingCapacity: true)
        center.handle(event, at: now, into: &commands)
        for command in commands {
            note(command, after: event)
            perform(command)
        }
        endedLegs.removeAll(keepingCapacity: true)
        afterEvent?(self)
    }

    private mutating func note(_ command: Command, after event: Event) {
        let named: [LegID]
        switch command {
        case .hangUp(let leg, _):
            // An answer that crossed the end of its offer is hung up, whether the leg is known or not.
            if case .legAnswered = event { return }
            named = [leg]
        case .bridge(let a, let b): named = [a, b]
        case .confer(_, let members, _): named = members.map(\.leg)
        case .play(let leg, _, _, _, _), .mute(let leg, _), .collect(let leg, _), .collectSecurely(let leg, _),
            .answer(let leg):
            named = [leg]
        case .record(_, let legs): named = legs
        case .reject, .stopPlayback, .cancelCollection, .unbridge, .ring, .dial, .callBack, .keepNumber, .forgetNumber, .close,
            .startRecording,
            .stopRecording, .pauseRecording, .append, .agentChanged, .queueChanged, .contactChanged, .trialBrokenOff,
            .trialStageBegan:
            return
        }
        if named.contains(where: { legs[$0] == nil }), deadCommands.count < 10 {
            deadCommands.append("\(command) after \(event)")
        }
    }

    private mutating func perform(_ command: Command) {
        switch command {
        case .answer(let leg):
            if case .arriving(let side)? = legs[leg] { legs[leg] = .live(side) }
        case .reject(let leg, _), .hangUp(let leg, _):
            if legs[leg] != nil { endedLegs.append(leg) }
            _ = forget(leg)
        case .play(let leg, let id, let announcements, let loops, _):
            guard legs[leg] != nil else { return }
            let length = Duration.seconds(Self.announcementSeconds * announcements.count)
            playbacks[leg] = Playback(id: id, endsAt: loops ? .distantFuture : now + length)
        case .stopPlayback(let leg):
            playbacks[leg] = nil
        case .bridge(let a, let b):
            playbacks[a] = nil
            playbacks[b] = nil
            part(a)
            part(b)
            takeOut(a)
            takeOut(b)
            guard legs[a] != nil, legs[b] != nil else { return }
            bridges[a] = b
            bridges[b] = a
        case .unbridge(let a, _):
            part(a)
        case .confer(let contact, let members, let isMasked):
            for member in members {
                playbacks[member.leg] = nil
                part(member.leg)
            }
            conferences[contact] = members.isEmpty ? nil : members
            maskedConferences.removeAll { $0 == contact }
            if isMasked { maskedConferences.append(contact) }
        case .mute(let leg, let isOn):
            muted.removeAll { $0 == leg }
            if isOn { muted.append(leg) }
        case .pauseRecording(let recording, let isOn):
            pausedRecordings.removeAll { $0 == recording }
            if isOn { pausedRecordings.append(recording) }
        case .startRecording(let start):
            recorded[start.recording] = start.other.map { [$0] } ?? []
        case .record(let recording, let legs):
            recorded[recording] = legs
        case .stopRecording(let recording):
            pausedRecordings.removeAll { $0 == recording }
            recorded[recording] = nil
        case .collect(let leg, _):
            playbacks[leg] = nil
            collecting.removeAll { $0 == leg }
            collecting.append(leg)
        case .collectSecurely(let leg, _):
            collecting.removeAll { $0 == leg }
            collecting.append(leg)
        case .cancelCollection(let leg):
            collecting.removeAll { $0 == leg }
        case .ring(let ring):
            legs[ring.leg] = .ringing(ring.agent)
            if ring.kind != nil { shown.append(ring.leg) }
        case .dial(let dial):
            legs[dial.leg] = .dialling
        case .callBack(let call):
            legs[call.leg] = .dialling
            if customersRing { beginToRing.append(call.leg) }
        case .keepNumber(let caller, let leg):
            if legs[leg] != nil || endedLegs.contains(leg) { keep(caller) }
        case .forgetNumber(let caller):
            keptNumbers.removeAll { $0 == caller }
        case .close(let contact):
            closed.append(contact)
        case .append, .agentChanged, .queueChanged, .contactChanged, .trialBrokenOff,
            .trialStageBegan:
            break
        }
    }

    private mutating func part(_ leg: LegID) {
        guard let other = bridges[leg] else { return }
        bridges[leg] = nil
        bridges[other] = nil
    }

    private mutating func takeOut(_ leg: LegID) {
        for entry in conferences where entry.value.contains(where: { $0.leg == leg }) {
            let left = entry.value.filter { $0.leg != leg }
            conferences[entry.key] = left.isEmpty ? nil : left
        }
    }

    private mutating func forget(_ leg: LegID) -> Bool {
        playbacks[leg] = nil
        collecting.removeAll { $0 == leg }
        muted.removeAll { $0 == leg }
        shown.removeAll { $0 == leg }
        part(leg)
        takeOut(leg)
        return legs.removeValue(for: leg) != nil
    }

    private mutating func nextLeg() -> LegID {
        lastCallLeg += 2
        return LegID(rawValue: lastCallLeg)
    }
}
