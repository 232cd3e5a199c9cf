// Recordings: their beginning, and whose voices they have.

internal import API
internal import Basics
internal import ContactCenter
internal import Logging
internal import Media
internal import Storage

extension Edges {
    func startRecording(_ start: RecordingStart) {
        var record = RecordingRecord(
            id: start.recording, contact: start.contact, started: clock.now,
            file: media.fileName(of: start.recording), state: "recording")
        record.tracks = [RecordingRecord.Track(party: "caller", agent: nil, leg: start.caller, channel: 0, from: clock.now)]
        if let contact = turn.center.contacts[start.contact] {
            record.take(contact)
            // The recording's row refers to the contact's.
            note(.contact(ContactRecord(contact)))
        }
        let parties = start.other.map { record.place([party(on: $0, of: start.contact)], at: clock.now) } ?? []
        recordings[start.recording] = record
        // Known before its first second, so that one that a crash cuts off is still found by its contact.
        note(.recording(record))
        do {
            try media.startRecording(start.recording, into: recordingsFolder, caller: start.caller)
            try media.record(parties, on: start.recording)
            media.watchSilence(start.caller, seconds: start.silenceSeconds ?? 0)
        } catch {
            take(MediaEvent.recordingFailed(start.recording, reason: "\(error)"))
        }
    }

    /// Whom the caller hears from now on.
    func record(_ legs: [LegID], on id: RecordingID) {
        guard var record = recordings[id], record.state == "recording" else { return }
        let parties = record.place(legs.map { party(on: $0, of: record.contact) }, at: clock.now)
        if let contact = turn.center.contacts[record.contact] { record.take(contact) }
        recordings[id] = record
        note(.recording(record))
        do {
            try media.record(parties, on: id)
        } catch {
            logger.warning(
                "media refused", metadata: ["act": "record", "recording": "\(id)", "reason": "\(error)"])
        }
    }

    func pauseRecording(_ recording: RecordingID, _ isPaused: Bool) {
        do {
            if isPaused {
                try media.pauseRecording(recording)
            } else {
                try media.resumeRecording(recording)
            }
        } catch {
            logger.warning(
                "media refused",
                metadata: ["act": "pause recording", "recording": "\(recording)", "reason": "\(error)"])
        }
    }

    private func party(on leg: LegID, of contact: ContactID) -> RecordingRecord.Party {
        let agent = legs[leg]?.service?.agent
        let isSupervisor = turn.center.contacts[contact]?.supervisors.contains { $0.leg == leg } ?? false
        return RecordingRecord.Party(
            kind: isSupervisor ? "supervisor" : agent == nil ? "other" : "agent", agent: agent, leg: leg)
    }
}

extension RecordingRecord {
    /// Somebody who speaks now.
    struct Party {
        var kind: String
        var agent: AgentID?
        var leg: LegID

        /// An agent who comes back on another leg is the same party.
        func isSame(as track: Track) -> Bool {
            track.party == kind && (agent == nil ? track.leg == leg : track.agent == agent)
        }
    }

    /// Gives each party its track, from 1, and notes who goes.
    mutating func place(_ parties: [Party], at now: Instant) -> [(leg: LegID, track: Int)] {
        var all = tracks ?? []
        for index in all.indices.dropFirst()
        where all[index].to == nil && !parties.contains(where: { $0.isSame(as: all[index]) }) {
            all[index].to = now
        }
        var placed: [(leg: LegID, track: Int)] = []
        for party in parties {
            let track: Int
            if let known = all.indices.dropFirst().first(where: { party.isSame(as: all[$0]) }) {
                track = known
                all[known].to = nil
            } else {
                track = all.count
                guard track < RecordingFormat.tracksMax else {
                    placed.append((party.leg, track))
                    continue
                }
                all.append(
                    Track(
                        party: party.kind, agent: party.agent, leg: party.leg,
                        channel: RecordingFormat.channel(ofTrack: track, of: RecordingFormat.channelsMax), from: now))
            }
            placed.append((party.leg, track))
        }
        tracks = all
        return placed
    }

    /// Nobody speaks any more.
    mutating func closeTracks(at end: Instant) {
        for index in (tracks ?? []).indices where tracks?[index].to == nil { tracks?[index].to = end }
    }
}
