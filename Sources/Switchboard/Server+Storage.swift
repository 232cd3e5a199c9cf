// The disk's health and the snapshots.

internal import Basics
internal import ContactCenter
internal import Foundation
internal import Logging
internal import MainLoop
internal import Media
internal import Storage

extension Server {
    /// Calls go on without a disk.
    func storageChanged(_ health: StorageHealth) {
        switch health {
        case .good:
            logger.notice("storage good")
            // The disk that refused these has room again, more often than not.
            edges?.media.retryRecordings()
        case .degraded(let trouble, let unsaved):
            logger.error("storage degraded", metadata: ["reason": "\(trouble)", "unsaved": "\(unsaved)"])
        }
        bridgeGap()
    }

    /// When the buffer is full, new calls take the fallback of their number (S0-83).
    func storeIsFull(_ isFull: Bool) {
        logger.notice(isFull ? "too much is unsaved: new calls take their fallback" : "new calls are taken again")
        turn?.submit(.admissionChanged(fallback: isFull))
    }

    func eventsWereLost(_ count: Int) {
        logger.error("events could not be written down", metadata: ["events": "\(count)"])
        bridgeGap()
    }

    /// What is not in the journal is known to the next start by a snapshot only.
    private func bridgeGap() {
        guard let store, store.health == .good, store.figures.losses > bridgedLosses, !isBridging else { return }
        isBridging = true
        Task {
            let isSaved = await saveSnapshot()
            isBridging = false
            // More may have been lost meanwhile. A snapshot that failed is tried again when the disk is back, or in its turn.
            if isSaved { bridgeGap() }
        }
    }

    enum DatabaseCheck { case waiting, sound, damaged }

    /// Looks through a database that was too large for a check at the start; calls are taken meanwhile.
    func checkDatabase() async {
        guard let store else { return }
        guard !store.isChecked else { return databaseCheck = .sound }
        let start = MonotonicClock.now
        do throws(StoreError) {
            try await store.reader.checkIntegrity()
            databaseCheck = .sound
            logger.notice("database checked", metadata: ["ms": "\((MonotonicClock.now - start) / 1_000_000)"])
        } catch .damaged(_, let finding) {
            databaseCheck = .damaged
            logger.critical("database damaged", metadata: ["finding": "\(finding)"])
        } catch {
            if phase != .stopping { logger.warning("database not checked", metadata: ["reason": "\(error)"]) }
        }
    }

    func scheduleSnapshot() {
        let timer = OneShotTimer(on: loop) { [unowned self] in
            Task { await saveSnapshot() }
            armSnapshot()
        }
        snapshotTimer = timer
        armSnapshot()
    }

    private func armSnapshot() {
        snapshotTimer?.due = MonotonicClock.now + UInt64(Self.snapshotSeconds * 1_000_000_000)
    }

    /// The copy is taken here and costs the pages that change meanwhile; it is encoded beside the loop.
    @discardableResult
    func saveSnapshot() async -> Bool {
        guard let store, let turn else { return false }
        let center = turn.center
        let losses = store.figures.losses
        do {
            try await store.saveSnapshot(sequence: store.lastSequence, at: turn.clock.now) {
                try StateCodec.body(center)
            }
            bridgedLosses = max(bridgedLosses, losses)
            return true
        } catch {
            logger.warning("no snapshot", metadata: ["reason": "\(error)"])
            return false
        }
    }
}
