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
        case .digit(let leg, let key):
            if turn.center.awaitsKey(on: leg) { turn.submit(.digit(leg, String(key))) }
        case .collected(let leg, _, let digits, let valid):
            turn.submit(.collected(leg, token: token(for: digits), length: digits.count, valid: valid))
        case .noRTP(let leg, _):
            // A phone on hold may be silent for as long as it likes: the session timer, which every call has, looks after it.
            // What has not been answered has a deadline of the rules, and need not be heard before.
            if let known = legs[leg], !known.isHeld, known.isAnswered { turn.submit(.legSilent(leg)) }
        case .silence(let leg, _): turn.submit(.legQuiet(leg))
        case .rtpBack: break
        case .recordingSaved(let id, let path, let seconds):
            finish(id, .recordingSaved(id, seconds: seconds)) { record in
                record.state = "saved"
                record.seconds = seconds
                // The end of one that a crash cut off is known by its length only.
                record.ended = record.ended ?? record.started + .seconds(seconds)
                record.file = path.split(separator: "/").last.map(String.init) ?? path
            }
        case .recordingFailed(let id, let reason):
            logger.error("recording failed", metadata: ["recording": "\(id)", "reason": "\(reason)"])
            finish(id, .recordingFailed(id, reason: reason)) { $0.state = "failed" }
        }
    }

    /// Writes the recording's row and tells the rules. A recording that a crash interrupted has its row in the store only.
    private func finish(_ id: RecordingID, _ event: Event, _ change: @escaping (inout RecordingRecord) -> Void) {
        guard let record = recordings.removeValue(forKey: id) else {
            Task {
                let stored = try? await reader.recording(id)
                finish(stored, event, change)
            }
            return
        }
        finish(record, event, change)
    }

    private func finish(_ record: RecordingRecord?, _ event: Event, _ change: (inout RecordingRecord) -> Void) {
        if var record {
            change(&record)
            record.ended = record.ended ?? clock.now
            note(.recording(record))
        }
        turn.submit(event)
    }
}
