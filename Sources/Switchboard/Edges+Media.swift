// What the media plane reports, as events of the rules.

internal import API
internal import Basics
internal import ContactCenter
internal import Logging
internal import Media
internal import Storage

extension Edges {
    func take(_ event: MediaEvent) {
        switch event {
        case .playbackEnded(let leg, let playback):
            // The end of a collect step's prompt means nothing to the rules.
            if playback != Self.collectPlayback { turn.submit(.playbackEnded(leg, playback)) }
        case .digit(let leg, let key):
            // A key that finds no room is pressed again; whatever else gets lost would leave a call without an end.
            if turn.center.awaitsKey(on: leg), !turn.isFull { turn.submit(.digit(leg, String(key))) }
        case .collected(let leg, _, let digits, let valid):
            collected(digits, isLongEnough: valid, from: leg)
        case .noRTP(let leg, _):
            // A phone on hold may be silent for as long as it likes: the session timer, which every call has, looks after it.
            // What has not been answered has a deadline of the rules, and need not be heard before.
            if let known = legs[leg], !known.isHeld, known.isAnswered { turn.submit(.legSilent(leg)) }
        case .silence(let leg, _): turn.submit(.legQuiet(leg))
        case .deadAir(let leg, let seconds):
            soundAlarms.deadAir += 1
            noteSound("sound.dead", leg) { $0.seconds = seconds }
        case .soundBack(let leg): noteSound("sound.back", leg) { _ in }
        case .jitter(let leg, let milliseconds):
            soundAlarms.jitter += 1
            logger.warning("jitter", metadata: ["leg": "\(leg)", "milliseconds": "\(milliseconds)"])
            noteSound("sound.jitter", leg) { $0.jitterMs = milliseconds }
        case .rtpBack, .conferencePlaybackEnded, .speech: break
        case .recordingSaved(let id, let path, let source, let seconds):
            // The raw file goes once the row is safe: without a row nobody would find the sound again.
            let removeSource: (Result<Void, StoreError>) -> Void = { [media] stored in
                if case .success = stored { media.removeSource(source) }
            }
            recordingCounts.saved += 1
            finish(id, .recordingSaved(id, seconds: seconds), then: removeSource) { record in
                record.state = "saved"
                record.seconds = seconds
                // The end of one that a crash cut off is known by its length only.
                record.ended = record.ended ?? record.started + .seconds(seconds)
                record.file = path.split(separator: "/").last.map(String.init) ?? path
            }
        case .recordingFailed(let id, let reason):
            recordingCounts.failed += 1
            logger.error("recording failed", metadata: ["recording": "\(id)", "reason": "\(reason)"])
            finish(id, .recordingFailed(id, reason: reason)) { $0.state = "failed" }
        }
    }

    /// A line of the contact's story that decides nothing, so that the rules need not hear of it.
    private func noteSound(_ kind: String, _ leg: LegID, _ fill: (inout SoundNote) -> Void) {
        guard let service = legs[leg]?.service, let contact = turn.center.contacts[service.contact] else { return }
        var sound = SoundNote(party: service.party.rawValue)
        fill(&sound)
        note(.contact(ContactRecord(contact)))
        note(.timeline(Storage.TimelineEntry(contact: contact.id, at: clock.now, kind: kind, body: sound)))
    }

    /// Writes the recording's row and tells the rules. A recording that a crash interrupted has its row in the store only.
    private func finish(
        _ id: RecordingID, _ event: Event, then: @escaping (Result<Void, StoreError>) -> Void = { _ in },
        _ change: @escaping (inout RecordingRecord) -> Void
    ) {
        guard let record = recordings.removeValue(forKey: id) else {
            Task {
                do {
                    finish(try await reader.recording(id), event, then, change)
                } catch {
                    // The raw file stays, and the next start tries again.
                    logger.error("recording's row unreadable", metadata: ["recording": "\(id)", "reason": "\(error)"])
                    finish(nil, event, { _ in }, change)
                }
            }
            return
        }
        finish(record, event, then, change)
    }

    private func finish(
        _ record: RecordingRecord?, _ event: Event, _ then: @escaping (Result<Void, StoreError>) -> Void,
        _ change: (inout RecordingRecord) -> Void
    ) {
        if var record {
            change(&record)
            let end = record.ended ?? clock.now
            record.ended = end
            record.closeTracks(at: end)
            note(.recording(record))
            // The rules have often closed the contact by now, so its story is told here.
            note(
                .timeline(
                    Storage.TimelineEntry(
                        contact: record.contact, at: clock.now, kind: "recording." + record.state,
                        body: RecordingEnd(recording: record.id.rawValue))))
            // Its sound may still be saved, perhaps before this row can be read back.
            if record.state == "failed", recordings.count < Self.recordingsMax { recordings[record.id] = record }
        }
        turn.submit(event, then: then)
    }
}
