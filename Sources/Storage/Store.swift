// The daemon's memory on disk, as the loop sees it: turns go in without waiting, and are told when they are safe.

public import Basics
public import MainLoop

/// One SQLite database in one folder, owned by one process.
///
/// `append` takes a turn and returns at once. Turns are gathered for `StoreLimits.gatherMilliseconds`, or not at all when
/// somebody waits for one (`whenCommitted`), and those that come while a transaction is being synced share the next one.
/// When a transaction fails, turns stay in memory in their order, the store is `.degraded`, and it tries again.
public final class Store {
    private enum State {
        /// Nothing to write.
        case idle
        /// Turns wait for company until the timer fires.
        case gathering
        /// A transaction is on the database queue.
        case writing
        /// The last transaction failed; the timer says when to try again.
        case backingOff
        case closed
    }

    private struct Waiter {
        let ticket: UInt64
        let then: (Result<Void, StoreError>) -> Void
    }

    public let limits: StoreLimits
    /// The same database for reading.
    public let reader: StoreReader
    /// The sequence of the last event that was appended, or found at the start.
    public private(set) var lastSequence: UInt64
    /// When the newest stored event happened, as found at the start: the clock must not go back behind it.
    public let lastInstant: Instant?
    /// Whether the database was checked for damage when it was opened; if not, it is too large for that
    /// (`StoreLimits.checkedAtOpenBytesMax`): call `reader.checkIntegrity` when there is time.
    public var isChecked: Bool { file.isChecked }
    /// Told of every change, and of every failed attempt.
    public var onHealthChange: ((StorageHealth) -> Void)?
    /// Told when `isFull` changes: because the disk is out, or only slower than what happens.
    public var onFullChange: ((Bool) -> Void)?
    /// Told how many events and details of a transaction could not be encoded: take a snapshot.
    public var onUnencodable: ((Int) -> Void)?
    public private(set) var health = StorageHealth.good
    public private(set) var figures = StoreFigures()
    /// Turns that are not on the disk yet.
    public private(set) var unsavedTurns = 0
    public private(set) var isFull = false

    let file: StoreFile
    let worker: WorkerQueue
    let encodingWorker = WorkerQueue(label: "storage.encoding", serial: true)
    private let writer: BatchWriter
    private let loop: MainLoop
    private var timer: OneShotTimer?
    private var state = State.idle
    private var batches: [TurnBatch] = []
    private var waiters: [Waiter] = []
    private var lastTicket: UInt64 = 0
    private var committedTicket: UInt64 = 0
    private var retryMilliseconds: Int
    private var isClosing = false

    /// Opens or makes the database of `folder`, checks and migrates it, beside the loop.
    ///
    /// Throws `.inUse` if another process, or another store of this one, has it open.
    public static func open(
        folder: String, tenant: String = "default", limits: StoreLimits = StoreLimits(), on loop: MainLoop
    ) async throws(StoreError) -> Store {
        let worker = WorkerQueue(label: "storage", serial: true)
        do {
            let file = try await worker.run { try StoreFile(folder: folder, limits: limits) }
            return Store(file: file, tenant: tenant, limits: limits, worker: worker, loop: loop)
        } catch {
            throw StoreError(error)
        }
    }

    private init(file: StoreFile, tenant: String, limits: StoreLimits, worker: WorkerQueue, loop: MainLoop) {
        self.file = file
        self.limits = limits
        self.worker = worker
        self.loop = loop
        reader = StoreReader(database: file.pool, tenant: tenant)
        writer = BatchWriter(pool: file.pool, tenant: tenant)
        lastSequence = file.lastSequence
        lastInstant = file.lastInstant
        retryMilliseconds = limits.retryMillisecondsMin
        timer = OneShotTimer(on: loop) { [weak self] in self?.timerFired() }
    }

    var tenant: String { writer.tenant }

    /// Stands for the last turn that was appended.
    public var lastTurn: TurnTicket { TurnTicket(number: lastTicket, isDropped: false) }

    /// Takes a turn. Costs the loop an array element; never blocks, never fails.
    ///
    /// Beyond `unsavedTurnsMax + overrunTurnsMax` the turn is dropped: its sequences stay unused, so that the gap shows.
    @discardableResult
    public func append(_ turn: TurnRecord) -> TurnTicket {
        let firstSequence = lastSequence &+ 1
        lastSequence &+= UInt64(turn.events.count)
        if turn.events.isEmpty, turn.facts.isEmpty { return lastTurn }
        if case .closed = state { return dropped() }
        if unsavedTurns >= limits.unsavedTurnsMax + limits.overrunTurnsMax { return dropped() }
        lastTicket += 1
        let item = TurnBatch.Item(ticket: lastTicket, firstSequence: firstSequence, turn: turn)
        if let last = batches.indices.last, batches[last].items.count < limits.turnsPerTransactionMax {
            batches[last].items.append(item)
        } else {
            batches.append(TurnBatch(items: [item]))
        }
        countUnsaved(1)
        if case .idle = state { gather() }
        return TurnTicket(number: lastTicket, isDropped: false)
    }

    /// Tells when the turn is on the disk, synced; at once if it is already. A failure means that nothing promises the
    /// turn (an API answers 503): it comes when the transaction fails, or at once while the store is degraded. The turn is
    /// written later all the same if the disk comes back.
    public func whenCommitted(_ ticket: TurnTicket, then: @escaping (Result<Void, StoreError>) -> Void) {
        if ticket.isDropped { return then(.failure(.dropped)) }
        if ticket.number <= committedTicket { return then(.success(())) }
        if case .closed = state { return then(.failure(.closed)) }
        if case .degraded(let trouble, _) = health, !isClosing { return then(.failure(.notDurable(trouble))) }
        if waiters.count >= limits.waitersMax { return then(.failure(.tooManyWaiters(max: limits.waitersMax))) }
        waiters.append(Waiter(ticket: ticket.number, then: then))
        if case .gathering = state { writeNext() }
    }

    /// Returns when the turn is on the disk, as `whenCommitted`.
    public func committed(_ ticket: TurnTicket) async throws(StoreError) {
        let result: Result<Void, StoreError> = await withCheckedContinuation { continuation in
            whenCommitted(ticket) { continuation.resume(returning: $0) }
        }
        try result.get()
    }

    /// Writes what is left, once more if the disk was out, then closes the database and gives the folder free.
    /// Returns the number of turns that could not be written.
    @discardableResult
    public func close() async -> Int {
        if case .closed = state { return 0 }
        isClosing = true
        if case .backingOff = state { writeNext() }
        while unsavedTurns > 0 {
            do throws(StoreError) {
                try await committed(lastTurn)
            } catch {
                break
            }
        }
        state = .closed
        if let timer { loop.remove(timer) }
        timer = nil
        let file = file
        await withCheckedContinuation { continuation in
            worker.run({ file.close() }, then: { continuation.resume() })
        }
        return unsavedTurns
    }

    // MARK: Writing

    private func dropped() -> TurnTicket {
        figures.droppedTurns += 1
        return TurnTicket(number: lastTicket, isDropped: true)
    }

    private func gather() {
        state = .gathering
        arm(milliseconds: limits.gatherMilliseconds)
    }

    private func arm(milliseconds: Int) {
        timer?.due = MonotonicClock.now &+ UInt64(clamping: milliseconds) &* 1_000_000
    }

    private func timerFired() {
        switch state {
        case .gathering, .backingOff: writeNext()
        case .idle, .writing, .closed: break
        }
    }

    private func writeNext() {
        timer?.due = .max
        guard !batches.isEmpty else {
            state = .idle
            return
        }
        state = .writing
        let batch = batches.removeFirst()
        worker.run({ [writer] in writer.write(batch) }, then: { self.finished($0) })
    }

    private func finished(_ outcome: BatchOutcome) {
        switch outcome {
        case .written(let report): written(report)
        case .failed(let batch, let trouble): failed(batch, trouble)
        }
    }

    private func written(_ report: BatchReport) {
        figures.transactions += 1
        figures.turns += UInt64(report.turns)
        figures.rejectedFacts += UInt64(report.rejectedFacts)
        figures.unencodable += UInt64(report.unencodable)
        figures.transactionTimes.note(report.nanoseconds)
        committedTicket = report.lastTicket
        retryMilliseconds = limits.retryMillisecondsMin
        // Before the waiters hear of it, so that what they append finds the store as it is.
        let next = waiters.firstIndex { $0.ticket > committedTicket } != nil
        if batches.isEmpty { state = .idle } else if next || batches.count > 1 { writeNext() } else { gather() }
        let isBack = health != .good
        health = .good
        countUnsaved(-report.turns)
        if isBack { onHealthChange?(health) }
        if report.unencodable > 0 { onUnencodable?(report.unencodable) }
        let ready = waiters.filter { $0.ticket <= committedTicket }
        guard !ready.isEmpty else { return }
        waiters.removeAll { $0.ticket <= committedTicket }
        for waiter in ready { waiter.then(.success(())) }
    }

    private func failed(_ batch: TurnBatch, _ trouble: StorageTrouble) {
        figures.failedTransactions += 1
        batches.insert(batch, at: 0)
        state = .backingOff
        arm(milliseconds: retryMilliseconds)
        retryMilliseconds = min(retryMilliseconds * 2, limits.retryMillisecondsMax)
        health = .degraded(trouble, unsavedTurns: unsavedTurns)
        onHealthChange?(health)
        let refused = waiters
        waiters = []
        for waiter in refused { waiter.then(.failure(.notDurable(trouble))) }
    }

    private func countUnsaved(_ change: Int) {
        unsavedTurns += change
        let full = unsavedTurns >= limits.unsavedTurnsMax
        guard full != isFull else { return }
        isFull = full
        onFullChange?(full)
    }
}
