// The disk's health and the snapshots.

internal import Basics
internal import ContactCenter
internal import Foundation
internal import Logging
internal import MainLoop
internal import Media
internal import Storage

extension Server {
    /// Calls go on without a disk; when the buffer is full, new calls take the fallback of their number (S0-83).
    func storageChanged(_ health: StorageHealth) {
        guard let store, let turn else { return }
        switch health {
        case .good:
            logger.notice("storage good")
            // The disk that refused these has room again, more often than not.
            edges?.media.retryRecordings()
        case .degraded(let trouble, let unsaved):
            logger.error("storage degraded", metadata: ["reason": "\(trouble)", "unsaved": "\(unsaved)"])
        }
        // Compared with what was asked for last: the rules may not have heard of that yet.
        if store.isFull != isFallbackAsked {
            isFallbackAsked = store.isFull
            turn.submit(.admissionChanged(fallback: store.isFull))
        }
        if store.figures.droppedTurns > droppedTurnsSeen, health == .good {
            // What was dropped is not in the journal: only a snapshot makes the next start true again.
            droppedTurnsSeen = store.figures.droppedTurns
            Task { await saveSnapshot() }
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
    func saveSnapshot() async {
        guard let store, let turn else { return }
        let center = turn.center
        do {
            try await store.saveSnapshot(sequence: store.lastSequence, at: turn.clock.now) {
                try JournalCodec.encoder.encode(center)
            }
        } catch {
            logger.warning("no snapshot", metadata: ["reason": "\(error)"])
        }
    }
}
