// The turn: input, rules, commands, flush (architecture.md, "The turn").

internal import Basics
internal import CLoop
internal import ContactCenter
internal import Logging
internal import MainLoop
internal import Storage

/// Holds the rules and is the only one that changes them. A member of the loop, served when events wait or a deadline of the
/// rules has come.
final class Turn: LoopMember {
    /// Turns longer than this are logged with their first event.
    static let longTurnNanoseconds: UInt64 = 20_000_000

    /// From so many events on that wait for their turn, no new call is taken on. Those under way are always taken in: each
    /// leg brings a few events only, and one that got lost would leave its call without an end.
    let inboxEventsMax: Int

    private(set) var center: Center
    private(set) var figures = TurnFigures()
    let clock: HouseClock
    var eventsMax: Int
    /// Carries a command out; it may only submit, never handle.
    var perform: (Command) -> Void = { _ in }
    /// Told each event behind its commands, and when the one before it was handled.
    var onHandled: (Event, [Command], _ lastSeen: Instant) -> Void = { _, _, _ in }
    /// Facts that the commands of this turn brought.
    var takeFacts: () -> [Fact] = { [] }
    private let loop: MainLoop
    private let store: Store
    private let logger: Logger
    private var inbox: [Event] = []
    private var inboxNext = 0
    private var isRunning = false
    private var isClosed = false
    private var rulesDue = UInt64.max
    private var commands: [Command] = []
    /// Told the ticket of the turn that takes their event.
    private var waiting: [(index: Int, then: (TurnTicket) -> Void)] = []

    init(
        center: Center, clock: HouseClock, store: Store, eventsMax: Int, inboxEventsMax: Int = 20_000, on loop: MainLoop,
        logger: Logger
    ) {
        self.center = center
        self.clock = clock
        self.store = store
        self.eventsMax = eventsMax
        self.inboxEventsMax = inboxEventsMax
        self.loop = loop
        self.logger = logger
        rulesDue = clock.monotonic(at: center.nextDeadline)
        loop.add(self)
    }

    // MARK: Inbox

    /// Events that wait for their turn.
    var inboxEvents: Int { inbox.count - inboxNext }
    var isFull: Bool { isClosed || inboxEvents >= inboxEventsMax }

    /// The event is handled in the next turn, in order. After `close` only the ends of recordings are still taken.
    func submit(_ event: Event) {
        guard !isClosed || event.isAboutRecording else { return }
        inbox.append(event)
        if !isRunning, inboxEvents == 1 { loop.dueChanged(self) }
    }

    /// As `submit`, and returns when the event is stored for good; `durable` is false if the store could not promise it.
    func submitDurably(_ event: Event) async -> Result<Void, StoreError> {
        await withCheckedContinuation { continuation in
            submit(event) { continuation.resume(returning: $0) }
        }
    }

    /// As `submitDurably`, for those who can't wait.
    func submit(_ event: Event, then: @escaping (Result<Void, StoreError>) -> Void) {
        guard !isClosed || event.isAboutRecording else { return then(.failure(.closed)) }
        submit(event)
        waiting.append((inbox.count - 1, { [store] ticket in store.whenCommitted(ticket, then: then) }))
    }

    /// Applies a configuration in a turn of its own length: what takes long about it is worked out on `worker`.
    func apply(_ configuration: CenterConfiguration, on worker: WorkerQueue) async {
        let copy = center.beginPreparation()
        // A worker that takes nothing more on leaves the work to the turn.
        if let prepared = try? await worker.run({ copy.prepare(configuration) }) { center.keep(prepared) }
        await withCheckedContinuation { continuation in
            submit(.configurationApplied(configuration)) { _ in continuation.resume() }
        }
        let replaced = center.takeReplaced()
        _ = try? await worker.run { _ = replaced }
    }

    /// The process ends. What has happened so far is handled; that its end takes legs away and lets deadlines pass is no
    /// caller's patience and no agent's miss, so the rules hear nothing of it. The next process closes what is open as lost.
    func close() {
        isClosed = true
        while inboxNext < inbox.count { serve(until: .max) }
    }

    // MARK: LoopMember

    var descriptor: Int32 { -1 }
    var due: UInt64 { inboxNext < inbox.count ? 0 : isClosed ? .max : rulesDue }

    func serve(until limit: UInt64) {
        precondition(!isRunning, "a turn inside a turn")
        let start = MonotonicClock.now
        let startCPU = cloop_thread_cpu()
        let now = clock.now
        var taken: [JournalEntry] = []
        isRunning = true
        // What fell due while there was no process is no agent's miss and no reason to dial out for a dead caller: the calls
        // of the old process are closed first.
        if center.nextDeadline <= now, !isTakingOver, !isClosed { handle(.deadlinesPassed, at: now, &taken) }
        while inboxNext < inbox.count, taken.count < eventsMax {
            let event = inbox[inboxNext]
            inboxNext += 1
            handle(event, at: now, &taken)
            if taken.count & 15 == 0, MonotonicClock.now >= limit { break }
        }
        isRunning = false
        rulesDue = clock.monotonic(at: center.nextDeadline)
        guard !taken.isEmpty else { return }
        flush(taken, at: now)
        let length = MonotonicClock.now - start
        figures.note(events: taken.count, nanoseconds: length, at: start + length)
        if length > Self.longTurnNanoseconds, let event = taken.first {
            // What is not the processor's was another process's, or the disk's.
            let cpu = cloop_thread_cpu() &- startCPU
            logger.warning(
                "long turn",
                metadata: ["ms": "\(length / 1_000_000)", "cpu_ms": "\(cpu / 1_000_000)", "first": "\(event.kind)"])
        }
    }

    private var isTakingOver: Bool {
        if inboxNext < inbox.count, case .restarted = inbox[inboxNext] { true } else { false }
    }

    private func handle(_ event: Event, at now: Instant, _ taken: inout [JournalEntry]) {
        taken.append(JournalCodec.line(event))
        commands.removeAll(keepingCapacity: true)
        let lastSeen = center.now
        center.handle(event, at: now, into: &commands)
        // A command's own failure comes back as an event of a later turn, so the list does not change under the walk.
        for command in commands { perform(command) }
        onHandled(event, commands, lastSeen)
    }

    private func flush(_ taken: [JournalEntry], at now: Instant) {
        let ticket = store.append(TurnRecord(at: now, events: taken, facts: takeFacts()))
        if !waiting.isEmpty {
            let ready = waiting.filter { $0.index < inboxNext }
            waiting.removeAll { $0.index < inboxNext }
            for waiter in ready { waiter.then(ticket) }
        }
        if inboxNext == inbox.count {
            inbox.removeAll(keepingCapacity: true)
            inboxNext = 0
        } else if inboxNext > 1024 {
            inbox.removeFirst(inboxNext)
            for index in waiting.indices { waiting[index].index -= inboxNext }
            inboxNext = 0
        }
    }
}

extension Event {
    /// Recordings become files after their calls, and nothing follows from it but what is noted.
    fileprivate nonisolated var isAboutRecording: Bool {
        switch self {
        case .recordingSaved, .recordingFailed: true
        default: false
        }
    }
}

/// How long the turns were.
nonisolated struct TurnFigures: Sendable {
    private(set) var turns: UInt64 = 0
    private(set) var events: UInt64 = 0
    private(set) var lengths = LoopFigures.Histogram()
    private(set) var recentLengths = RecentTimes()

    mutating func note(events count: Int, nanoseconds: UInt64, at now: UInt64) {
        turns += 1
        events += UInt64(count)
        lengths.note(nanoseconds)
        recentLengths.note(nanoseconds, at: now)
    }
}
