// A transfer node: the caller hears ringing while somebody outside is called over a trunk.

import ACD
import Basics
import IVR

extension Center {
    mutating func dial(_ transfer: Transfer, for contact: inout Contact) {
        let leg = makeLeg()
        let deadline = now + .seconds(transfer.ringSeconds)
        legs[leg] = .other(contact.id)
        play([.ringback], to: &contact, loops: true)
        contact.state = .dialling(leg, transfer, deadline: deadline)
        contact.note(.dialled(transfer.trunk), at: now)
        deadlines.set(.dial(contact.id), at: deadline)
        out.append(
            .dial(
                Dial(leg: leg, contact: contact.id, trunk: transfer.trunk, number: transfer.number, callerLeg: contact.leg)))
    }

    /// The caller hears what comes from there instead of our ringing tone.
    mutating func legEarlyMedia(_ leg: LegID) {
        if case .beside(let id)? = legs[leg] { return participantHeard(id, on: leg) }
        guard case .other(let id)? = legs[leg], let contact = contacts[id], case .dialling(leg, _, _) = contact.state else {
            return
        }
        out.append(.bridge(contact.leg, leg))
    }

    mutating func dialAnswered(_ id: ContactID, on leg: LegID) {
        guard var contact = contacts[id], case .dialling(leg, let transfer, _) = contact.state else { return }
        contact.answeredAt = contact.answeredAt ?? now
        contact.note(.connected, at: now)
        connect(&contact, to: Conversation(other: .outside(transfer.trunk), leg: leg, since: now))
        if transfer.record {
            // The node in front of a recorded transfer announces it (checked when the configuration is loaded).
            contact.isRecordingAnnounced = true
            startRecording(of: &contact, with: leg)
        }
        store(contact)
    }

    mutating func dialFailed(_ id: ContactID, _ leg: LegID, _ failure: LegFailure) {
        guard var contact = contacts[id] else { return }
        legs[leg] = nil
        if contact.isBeingReached { return agentLeftCallback(id) }
        if let conversation = contact.conversation, conversation.leg == leg, conversation.isLost { return takeBack(id) }
        switch contact.state {
        case .dialling(leg, let transfer, _):
            contact.note(.notConnected(failure), at: now)
            if transfer.isFallback {
                leave(&contact, [.phrase(.technicalDifficulty)], .fallback)
            } else {
                handBack(&contact)
            }
        case .talking(let conversation) where conversation.leg == leg:
            if isSucceeded(&contact, conversation) { return }
            end(&contact, conversation.outcome, by: .other)
        case .announcing, .inFlow, .waiting, .dialling, .talking, .voicemailPrompt, .voicemail, .leaving, .ended:
            figures.lateEvents += 1
        }
        store(contact)
    }
}

extension Transfer {
    /// Made for a number's fallback, not by a flow: there is no node to go back to.
    var isFallback: Bool { otherwise.rawValue.isEmpty }
}
