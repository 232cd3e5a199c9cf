// Two people talk: connecting them, and the end of it, whoever brings it about.

import ACD
import Basics

extension Center {
    mutating func connect(_ contact: inout Contact, to conversation: Conversation) {
        let before = contact.company == nil ? nil : HearingPlan(contact)
        contact.playback = nil
        contact.playbackDeadline = .distantFuture
        var conversation = conversation
        if contact.isHeldByCaller == true { conversation.heldBy = .caller }
        contact.state = .talking(conversation)
        if let before {
            if conversation.heldBy != nil {
                contact.note(.held, at: now)
                noteHold(of: conversation, contact.id)
            }
            rehear(contact, from: before)
        } else if conversation.heldBy == nil {
            out.append(.bridge(contact.leg, conversation.leg))
        } else {
            beginHeld(&contact, conversation)
        }
    }

    /// Starts the contact's recording if the caller has been told; otherwise nothing is recorded.
    mutating func startRecording(of contact: inout Contact, with other: LegID?) {
        guard contact.isRecordingAnnounced, contact.recording == nil else { return }
        let recording = makeRecording()
        contact.recording = recording
        contact.onRecord = other.map { [$0] }
        contact.note(.recordingStarted(recording), at: now)
        out.append(
            .startRecording(
                RecordingStart(recording: recording, contact: contact.id, caller: contact.leg, other: other)))
    }

    // MARK: The end

    mutating func legEnded(_ leg: LegID) {
        switch legs[leg] {
        case .caller(let id): callerGone(id, .unreachable)
        case .other(let id): otherGone(id, leg)
        case .beside(let id): participantGone(id, leg, nil)
        case .offered(let offer): offerLegFailed(leg, of: offer, .unreachable)
        case .service: endService(leg)
        case nil: figures.lateEvents += 1
        }
    }

    mutating func legFailed(_ leg: LegID, _ failure: LegFailure) {
        switch legs[leg] {
        case .caller(let id): callerGone(id, failure)
        case .other(let id): dialFailed(id, leg, failure)
        case .beside(let id): participantGone(id, leg, failure)
        case .offered(let offer): offerLegFailed(leg, of: offer, failure)
        case .service: endService(leg)
        case nil: figures.lateEvents += 1
        }
    }

    /// Nothing has been heard of the leg for too long: it is taken for dead.
    mutating func legSilent(_ leg: LegID) {
        // Of a leg that is lost it is known, and its grace runs.
        guard legs[leg] != nil, !isLost(leg) else {
            figures.lateEvents += 1
            return
        }
        out.append(.hangUp(leg, .noAudio))
        legEnded(leg)
    }

    private mutating func callerGone(_ id: ContactID, _ failure: LegFailure) {
        guard var contact = contacts[id] else { return }
        letGoOfTimeline(of: id)
        legs[contact.leg] = nil
        if contact.callbackPhase != nil { return customerGone(contact, failure) }
        if isParkedAgain(&contact) { return store(contact) }
        let outcome: Outcome
        switch contact.state {
        case .waiting(let entry):
            let threshold = Duration.seconds(queues.look(at: entry.queue, { $0.rules.serviceLevelSeconds }) ?? 0)
            let medium = contact.medium
            leaveQueue(&contact) { $0.noteAbandon(after: $1, threshold: threshold, of: medium) }
            outcome = .abandoned
        case .announcing, .inFlow, .dialling, .voicemailPrompt:
            outcome = contact.hasLeftMessage ? .voicemail : .hungUpInMenu
        case .talking(let conversation):
            outcome = conversation.outcome
        case .voicemail:
            outcome = .voicemail
        case .leaving(_, let planned, _):
            outcome = planned
        case .ended(let ended):
            outcome = ended
        }
        end(&contact, outcome, by: .caller)
        store(contact)
    }

    private mutating func otherGone(_ id: ContactID, _ leg: LegID) {
        guard var contact = contacts[id] else { return }
        if contact.isBeingReached {
            legs[leg] = nil
            return agentLeftCallback(id)
        }
        switch contact.state {
        case .talking(let conversation) where conversation.leg == leg && conversation.isLost:
            // The agent may come back within the grace, to whom this leg does not.
            legs[leg] = nil
            takeBack(id)
        case .talking(let conversation) where conversation.leg == leg:
            letGoOfTimeline(of: id)
            legs[leg] = nil
            let party: Party
            switch conversation.other {
            case .agent(let agent, _):
                contact.note(.agentLeft(agent), at: now)
                party = .agent
            case .outside:
                party = .other
            }
            if isSucceeded(&contact, conversation) { return }
            end(&contact, conversation.outcome, by: party)
            store(contact)
        case .dialling(leg, _, _):
            dialFailed(id, leg, .failed)
        case .announcing, .inFlow, .waiting, .dialling, .talking, .voicemailPrompt, .voicemail, .leaving, .ended:
            figures.lateEvents += 1
        }
    }

    /// Says something and ends the call; with nothing to say, at once.
    mutating func leave(_ contact: inout Contact, _ words: [Announcement], _ outcome: Outcome) {
        guard !words.isEmpty else { return end(&contact, outcome, by: .system) }
        let playback = play(words, to: &contact)
        let deadline = now + Self.goodbyeMax
        contact.state = .leaving(playback, outcome, deadline: deadline)
        deadlines.set(.leaving(contact.id), at: deadline)
    }

    /// The contact is over: every leg of it is let go, the recording stops, the agent goes to wrap-up.
    mutating func end(_ contact: inout Contact, _ outcome: Outcome, by party: Party) {
        endSecureStep(of: &contact, .cancelled)
        switch contact.state {
        case .talking(let conversation):
            hangUp(conversation.leg)
            if case .agent(let agent, let queue) = conversation.other {
                finish(agent, contact.id, of: queue, talkedSince: conversation.since)
            }
        case .dialling(let leg, _, _):
            hangUp(leg)
        case .voicemail(_, let recording, _):
            stop(recording, of: &contact)
        case .announcing, .inFlow, .waiting, .voicemailPrompt, .leaving, .ended:
            break
        }
        hangUp(contact.leg)
        for agent in removeCompany(of: &contact) { isFreeAgain(agent) }
        if let recording = contact.recording { stop(recording, of: &contact) }
        contact.recording = nil
        contact.endedAt = now
        conclude(contact, outcome)
        contact.note(.ended(outcome, by: party), at: now)
        contact.state = .ended(outcome)
    }

    mutating func stop(_ recording: RecordingID, of contact: inout Contact) {
        out.append(.stopRecording(recording))
        contact.note(.recordingStopped(recording), at: now)
    }

    private func isLost(_ leg: LegID) -> Bool {
        guard case .other(let id)? = legs[leg], let conversation = contacts[id]?.conversation else { return false }
        return conversation.leg == leg && conversation.isLost
    }

    /// Lets go of a leg that may be gone already.
    mutating func hangUp(_ leg: LegID, _ cause: HangUpCause = .normal) {
        guard legs.removeValue(for: leg) != nil else { return }
        out.append(.hangUp(leg, cause))
    }
}

extension Conversation {
    var outcome: Outcome { if case .agent = other { .handled } else { .transferred } }
}
