// What the media plane reports, as events of the rules.

internal import Basics
internal import ContactCenter
internal import Logging
internal import Media
internal import Storage

extension Edges {
    func take(_ event: MediaEvent) {
        switch event {
        case .playbackEnded(let leg, let playback): turn.submit(.playbackEnded(leg, playback))
        case .digit(let leg, let key): turn.submit(.digit(leg, String(key)))
        case .collected(let leg, _, let digits, let valid):
            turn.submit(.collected(leg, token: token(for: digits), length: digits.count, valid: valid))
        case .noRTP(let leg, _):
            // A phone on hold may be silent for as long as it likes; its session timer looks after it.
            if legs[leg]?.isHeld != true { turn.submit(.legSilent(leg)) }
        case .rtpBack, .silence: break
        case .recordingSaved(let id, let path, let seconds):
            finish(id) { record in
                record.state = "saved"
                record.seconds = seconds
                record.file = path.split(separator: "/").last.map(String.init) ?? path
            }
            turn.submit(.recordingSaved(id, seconds: seconds))
        case .recordingFailed(let id, let reason):
            logger.error("recording failed", metadata: ["recording": "\(id)", "reason": "\(reason)"])
            finish(id) { $0.state = "failed" }
            turn.submit(.recordingFailed(id, reason: reason))
        }
    }

    private func finish(_ id: RecordingID, _ change: (inout RecordingRecord) -> Void) {
        guard var record = recordings.removeValue(forKey: id) else { return }
        record.ended = record.ended ?? clock.now
        change(&record)
        note(.recording(record))
    }
}
