// Deletes recordings whose time has passed.

internal import Basics
internal import Foundation
internal import Glibc
internal import Logging
internal import MainLoop
internal import Media
internal import Storage

/// Wakes when the next recording's time passes, and deletes in portions: the row is marked first, in a transaction that leaves
/// out what is under legal hold, then the file goes, then the row says when. A crash in between is made good by the next run.
final class RecordingRetention {
    static let portionMax = 50
    /// So long after the start, when callers come back first.
    nonisolated static let firstSeconds: UInt64 = 60
    /// What is saved meanwhile may be due before what was next.
    static let waitSecondsMax: UInt64 = 3600
    private static let settleSeconds: UInt64 = 1

    private enum State { case waiting, running, runningAgain, closed }

    /// Files that went, since the start.
    private(set) var deleted: UInt64 = 0
    var periods = RetentionPeriods() {
        didSet { if periods != oldValue { lookAgain() } }
    }
    private let store: Store
    private let folder: String
    private let clock: HouseClock
    private let logger: Logger
    private let worker = WorkerQueue(label: "recording-retention", serial: true)
    private let loop: MainLoop
    private var timer: OneShotTimer?
    private var state = State.waiting
    private var isFirst = true
    private let firstSeconds: UInt64

    init(
        store: Store, folder: String, clock: HouseClock, on loop: MainLoop, logger: Logger,
        firstSeconds: UInt64 = RecordingRetention.firstSeconds
    ) {
        self.firstSeconds = firstSeconds
        self.store = store
        self.folder = folder
        self.clock = clock
        self.logger = logger
        self.loop = loop
        timer = OneShotTimer(on: loop) { [unowned self] in start() }
    }

    /// Something may be due that was not before.
    func lookAgain() {
        switch state {
        case .waiting: arm(seconds: isFirst ? firstSeconds : Self.settleSeconds)
        case .running: state = .runningAgain
        case .runningAgain, .closed: break
        }
    }

    func close() {
        state = .closed
        if let timer { loop.remove(timer) }
        timer = nil
    }

    private func arm(seconds: UInt64) {
        timer?.due = periods.isEmpty ? .max : MonotonicClock.now + seconds * 1_000_000_000
    }

    private func start() {
        guard case .waiting = state, !periods.isEmpty else { return }
        state = .running
        isFirst = false
        Task {
            let wait = await run()
            let isAsked = state == .runningAgain
            if state == .closed { return }
            state = .waiting
            arm(seconds: isAsked ? Self.settleSeconds : wait)
        }
    }

    /// Deletes all that is due, and returns the seconds until the next is.
    func run() async -> UInt64 {
        do throws(StoreError) {
            while state != .closed {
                let due = try await store.claimExpired(periods, at: clock.now, limit: Self.portionMax)
                if due.isEmpty { break }
                let gone = await remove(due)
                try await store.noteDeleted(gone, at: clock.now) { id in
                    AuditEntry(
                        actor: "retention", role: "daemon", action: "recording.deleted", object: "recording/\(id)")
                }
                deleted += UInt64(gone.count)
                if !gone.isEmpty {
                    logger.info("recordings deleted after their time", metadata: ["recordings": "\(gone.count)"])
                }
                guard gone.count == due.count else {
                    logger.error("recordings not deleted", metadata: ["recordings": "\(due.count - gone.count)"])
                    return Self.waitSecondsMax
                }
            }
            guard let next = try await store.nextExpiry(periods) else { return Self.waitSecondsMax }
            let seconds = max(0, (next - clock.now).microseconds / 1_000_000 + 1)
            return min(max(UInt64(seconds), Self.settleSeconds), Self.waitSecondsMax)
        } catch {
            logger.warning("retention put off", metadata: ["reason": "\(error)"])
            return Self.waitSecondsMax
        }
    }

    /// Those whose files are gone, all of them.
    private func remove(_ records: [RecordingRecord]) async -> [RecordingID] {
        let folder = folder
        let gone = try? await worker.run { records.filter { Self.removeFiles(of: $0, in: folder) }.map(\.id) }
        return gone ?? []
    }

    private nonisolated static func removeFiles(of record: RecordingRecord, in folder: String) -> Bool {
        let path = RecordingVault.path(of: record, in: folder)
        let stem = (path as NSString).deletingPathExtension
        // What a recording that failed has left.
        let files: [String] = [path, "\(stem).\(RecordingFormat.runningExtension)", "\(path).part"]
        for file in files {
            guard unlink(file) == 0 || errno == ENOENT else { return false }
        }
        return true
    }
}
