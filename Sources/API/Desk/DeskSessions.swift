// The desks of all agents: what changes in the rules goes to the pages, what the pages want goes to the rules.

internal import ACD
internal import Basics
public import ContactCenter
internal import HTTP
public import MainLoop
internal import NIOCore
public import Storage

/// A member of the loop. Whoever performs the rules' commands shows each of them to `note`; the frames follow in the next round,
/// made from the difference between what the page knows and what is.
@MainActor public final class DeskSessions: LoopMember {
    enum Deadline: Hashable, Sendable, Codable {
        case alive(AgentID)
        case quality(AgentID)
        case forget(AgentID)
        case targets
    }

    /// What goes to a desk in its turn.
    enum Broadcast: Sendable {
        case targets(ByteBuffer)
        case snapshot
    }

    /// Changes with a reload: every page gets a new snapshot.
    public var settings: DeskSettings {
        didSet { if settings != oldValue { sendToAll(.snapshot) } }
    }
    /// A wrap-up is over, and something was written in it.
    public var keepNote: (NoteRecord) -> Void = { _ in }
    /// How the session behind a connection stands.
    var standing: (SecretDigest) -> AgentSessions.Standing = { _ in .over }
    public private(set) var figures = DeskSessionsFigures()

    /// A deadline that is served later than this tells of us, not of a page.
    static let lateNanosecondsMax: UInt64 = 1_000_000_000

    let backend: any Backend
    let audio: any DeskAudio
    let limits: DeskLimits
    let submit: (Event) -> Bool
    var desks: [AgentID: Desk] = [:]
    private let loop: MainLoop
    private var changed: [AgentID] = []
    private var isChanged: Set<AgentID> = []
    /// Contacts that ended since the last round: the rules know them no more.
    private var ended: [ContactID: Contact] = [:]
    private var broadcasts: [(desk: AgentID, what: Broadcast)] = []
    private var deadlines = DeadlineHeap<Deadline>()
    private var areTargetsDue = false
    private var targets: DeskTargets?
    private var isServing = false

    init(
        backend: any Backend, audio: any DeskAudio, settings: DeskSettings, limits: DeskLimits, on loop: MainLoop,
        submit: @escaping (Event) -> Bool
    ) {
        self.backend = backend
        self.audio = audio
        self.settings = settings
        self.limits = limits
        self.loop = loop
        self.submit = submit
        loop.add(self)
        audio.onChange = { [weak self] agent, change in
            switch change {
            case .connected: self?.mark(agent)
            }
        }
    }

    /// How many pages there are.
    public var pages: Int { desks.values.reduce(0) { $0 + ($1.holder == nil ? 0 : 1) + $1.asking.count } }

    // MARK: What happens in the rules

    /// A command that the rules gave, when it is performed.
    public func note(_ command: Command) {
        switch command {
        case .agentChanged(let agent):
            mark(agent)
            markTargets()
        case .queueChanged: markTargets()
        case .contactChanged(let contact):
            if let agent = backend.center.contacts[contact]?.agent { mark(agent) }
        case .close(let contact):
            guard !desks.isEmpty else { return }
            ended[contact.id] = contact
            if let agent = contact.agent { mark(agent) }
            wake()
        default: break
        }
    }

    /// Another configuration is in force: what an agent may do can be otherwise without any command that names the agent.
    public func markAll() {
        for agent in desks.keys.sorted() { mark(agent) }
    }

    func mark(_ agent: AgentID) {
        guard desks[agent] != nil, isChanged.insert(agent).inserted else { return }
        changed.append(agent)
        wake()
    }

    private func markTargets() {
        guard !areTargetsDue, desks.values.contains(where: { $0.holder != nil }) else { return }
        areTargetsDue = true
        set(.targets, in: limits.merge)
    }

    // MARK: LoopMember

    public var descriptor: Int32 { -1 }

    public var due: UInt64 {
        if !changed.isEmpty || !broadcasts.isEmpty || !ended.isEmpty { return 0 }
        return deadlines.first.map { UInt64(clamping: $0.at.microseconds) &* 1000 } ?? .max
    }

    public func serve(until limit: UInt64) {
        isServing = true
        defer { isServing = false }
        while !changed.isEmpty {
            let agent = changed.removeFirst()
            isChanged.remove(agent)
            if let desk = desks[agent] { refresh(desk) }
            if MonotonicClock.now >= limit { return }
        }
        ended.removeAll(keepingCapacity: true)
        let now = MonotonicClock.now
        while let first = deadlines.first, UInt64(clamping: first.at.microseconds) &* 1000 <= now {
            deadlines.removeFirst()
            fire(first.target, at: now)
        }
        var sent = 0
        while sent < min(broadcasts.count, DeskLimits.desksPerServeMax), sent == 0 || MonotonicClock.now < limit {
            send(broadcasts[sent].what, to: broadcasts[sent].desk)
            sent += 1
        }
        broadcasts.removeFirst(sent)
    }

    func set(_ deadline: Deadline, in duration: Duration) { set(deadline, at: MonotonicClock.now, plus: duration) }

    func set(_ deadline: Deadline, at nanoseconds: UInt64, plus duration: Duration) {
        let start = Instant(microseconds: Int64(clamping: nanoseconds / 1000))
        // Rounded up, or the loop would wake a moment too early.
        deadlines.set(deadline, at: start + duration + .microseconds(1))
        wake()
    }

    private func wake() { if !isServing { loop.dueChanged(self) } }

    private func fire(_ deadline: Deadline, at now: UInt64) {
        switch deadline {
        case .alive(let agent): if let desk = desks[agent] { watch(desk, at: now) }
        case .quality(let agent): if let desk = desks[agent] { tellQuality(desk) }
        case .forget(let agent): if let desk = desks[agent] { forget(desk, at: now) }
        case .targets:
            areTargetsDue = false
            let new = DeskTargets(backend.center, settings)
            guard new != targets else { return }
            targets = new
            sendToAll(.targets(ByteBuffer(bytes: DeskFrame.transferTargets.bytes(new))))
        }
    }

    // MARK: To the pages

    private func sendToAll(_ what: Broadcast) {
        // An older one that waits says nothing that the new one does not.
        broadcasts.removeAll { waiting in
            switch (waiting.what, what) {
            case (.targets, .targets), (.snapshot, .snapshot), (.targets, .snapshot): true
            case (.snapshot, .targets): false
            }
        }
        broadcasts += desks.values.filter { $0.holder != nil }.map { ($0.agent, what) }
        wake()
    }

    private func send(_ what: Broadcast, to agent: AgentID) {
        guard let desk = desks[agent], let holder = desk.holder else { return }
        switch what {
        case .targets(let frame): holder.send(frame)
        case .snapshot: sendSnapshot(desk)
        }
    }

    func sendTargets(_ connection: DeskConnection) {
        connection.send(DeskFrame.transferTargets.bytes(DeskTargets(backend.center, settings)))
    }

    func sendSnapshot(_ desk: Desk) {
        let person = DeskPerson(id: desk.agent, name: settings.names[desk.agent] ?? desk.agent.rawValue)
        let snapshot = DeskSnapshot(
            agent: person, view: desk.view, reasons: backend.center.configuration.pauseReasons,
            targets: DeskTargets(backend.center, settings), dispositions: settings.dispositions, notes: desk.notes,
            recent: desk.recent, graceSeconds: settings.lostGraceSeconds, time: backend.now)
        desk.holder?.send(DeskFrame.numbered(DeskFrame.snapshot.bytes(snapshot), desk.ring.last))
    }

    /// nil: there is no such agent any more.
    func view(of agent: AgentID) -> DeskView? {
        let desk = desks[agent]
        // A voice that another page has left behind is not this page's.
        let isConnected = desk?.hasVoice == true && audio.isConnected(agent)
        return DeskView(
            of: agent, in: backend.center, after: desk?.view, known: desk?.contact, settings: settings,
            isAudioConnected: isConnected, number: { backend.callerNumber(of: $0) },
            record: { backend.work.record(of: $0) })
    }

    /// Brings the page from what it knows to what is.
    func refresh(_ desk: Desk) {
        guard let view = view(of: desk.agent) else { return close(desk) }
        let old = desk.view
        guard view != old else { return }
        moveNotes(of: desk, to: view)
        // Whoever was called outside has answered, and has the caller.
        if let call = old.call, view.call == nil, case .outside? = backend.center.contacts[call.contact.id]?.conversation?.other
        {
            desk.transferred.insert(call.contact.id)
        }
        let changes = view.changes(
            since: old, in: backend.center, ended: ended, transferred: desk.transferred, notes: desk.notes)
        desk.view = view
        if let known = view.contact { desk.contact = known }
        for change in changes {
            desk.tell(change.frame)
            if let call = change.recent { desk.remember(call) }
        }
        figures.frames += changes.count
        if !desk.transferred.isEmpty { desk.transferred.formIntersection(view.activeContacts) }
        if view.call != nil, !desk.hasQualityDeadline {
            desk.hasQualityDeadline = true
            set(.quality(desk.agent), in: limits.quality)
        }
    }

    private func tellQuality(_ desk: Desk) {
        desk.hasQualityDeadline = false
        guard let call = desk.view.call, let holder = desk.holder else { return }
        if !call.isLost, let quality = audio.quality(of: desk.agent) { holder.send(DeskFrame.quality.bytes(quality)) }
        desk.hasQualityDeadline = true
        set(.quality(desk.agent), in: limits.quality)
    }

    /// The process ends: what agents have written of work that they still have is kept as it is.
    public func keepAllNotes() {
        for agent in desks.keys.sorted() { if let desk = desks[agent] { keepNotes(of: desk) } }
    }

    func keepNotes(of desk: Desk) {
        for key in desk.notes.keys.sorted() { keepNote(of: desk, key) }
    }

    /// What was written while a piece was worked on goes on in its wrap-up; what is over is kept.
    private func moveNotes(of desk: Desk, to view: DeskView) {
        guard !desk.notes.isEmpty else { return }
        let places = view.notePlaces, over = desk.view.notePlaces.filter { !places.contains($0) }
        func wrapUp(after place: DeskView.NotePlace) -> DeskView.NotePlace? {
            guard place.key.hasPrefix(DeskPiece.workPrefix) else { return nil }
            return places.first { $0.key == DeskPiece.wrapUpPrefix + "\(place.contact)" }
        }
        // First what is over: the wrap-up of an earlier part of a contact has the same key as that of the next one.
        for place in over where wrapUp(after: place) == nil { keepNote(of: desk, place.key) }
        for place in over {
            guard let wrapUp = wrapUp(after: place), var note = desk.notes.removeValue(forKey: place.key) else { continue }
            note.since = wrapUp.since
            if desk.notes[wrapUp.key] == nil { desk.notes[wrapUp.key] = note }
        }
    }

    func keepNote(of desk: Desk, _ key: String) {
        guard let note = desk.notes.removeValue(forKey: key) else { return }
        guard note.disposition != nil || !note.notes.isEmpty else { return }
        keepNote(
            NoteRecord(
                contact: note.contact, agent: desk.agent, began: note.since, disposition: note.disposition, text: note.notes))
    }

    func count(_ change: (inout DeskSessionsFigures) -> Void) { change(&figures) }
}

/// What has been counted since the start.
public struct DeskSessionsFigures: Sendable, Hashable {
    /// Frames that were kept for pages.
    public internal(set) var frames = 0
    public internal(set) var resumed = 0
    public internal(set) var snapshots = 0
    public internal(set) var takenOver = 0
    public internal(set) var frozen = 0
    public internal(set) var refused = 0
    public internal(set) var malformed = 0
    /// Connections closed because too many frames came.
    public internal(set) var floods = 0
}
