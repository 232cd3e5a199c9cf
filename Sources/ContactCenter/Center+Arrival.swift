// Calls come in: from a trunk to a number's flow, from a device to a feature code.

import ACD
import Basics
import IVR

extension Center {
    mutating func callArrived(_ arrival: Arrival) {
        noteEdgeLeg(arrival.leg)
        guard let rules = numbers[arrival.number],
            let version = flows.last(where: { $0.isCurrent && $0.flow.id == rules.flow })
        else { return reject(arrival.leg, .unknownNumber) }
        let takesFallback = isFallbackOnly || rules.isFallbackForced && rules.fallback != nil
        if takesFallback, rules.fallback == nil { return reject(arrival.leg, .unavailable) }

        if !takesFallback, comesBack(arrival) { return }
        lastContact += 1
        figures.contacts += 1
        var contact = Contact(
            id: ContactID(rawValue: lastContact), arrival: arrival, flow: rules.flow, flowVersion: version.number, at: now)
        legs[arrival.leg] = .caller(contact.id)
        out.append(.answer(arrival.leg))
        if takesFallback, let fallback = rules.fallback {
            dial(Transfer(trunk: fallback.trunk, number: fallback.number, otherwise: ""), for: &contact)
        } else if let recording = rules.recording {
            let playback = play([.prompt(.text(recording.announcement))], to: &contact)
            contact.state = .announcing(playback)
        } else {
            startFlow(&contact)
        }
        store(contact)
    }

    private mutating func reject(_ leg: LegID, _ cause: RejectCause) {
        figures.callsRejected += 1
        out.append(.reject(leg, cause))
    }

    /// An agent's device dials a feature code: the state is set and said.
    mutating func deviceCalled(_ call: DeviceCall) {
        noteEdgeLeg(call.leg)
        guard let agent = ownerOfDevice[call.device], agents[agent] != nil else { return reject(call.leg, .forbidden) }
        // The new state counts at once, an offer waits until this very phone is free again.
        agents.update(agent) { $0.callsToCenter += 1 }
        let codes = configuration.featureCodes
        let phrase: Phrase
        if call.dialled == codes.available {
            request(.available, of: agent)
            phrase = .nowAvailable
        } else if call.dialled == codes.offline {
            request(.offline, of: agent)
            phrase = .nowOffline
        } else if let pause = codes.pauses.first(where: { $0.code == call.dialled }) {
            request(.aux(reason: pause.reason), of: agent)
            phrase = .nowPaused
        } else if call.dialled.hasPrefix("*") {
            phrase = .unknownCode
        } else {
            agents.update(agent) { $0.callsToCenter -= 1 }
            return reject(call.leg, .unknownNumber)
        }
        let playback = makePlayback()
        let deadline = now + Self.goodbyeMax
        legs[call.leg] = .service(playback, deadline: deadline, of: agent)
        deadlines.set(.service(call.leg), at: deadline)
        out.append(.answer(call.leg))
        out.append(.play(call.leg, playback, [.phrase(phrase)], loops: false, stopsOnDigit: false))
    }

    /// A feature code has been heard out, or its call is gone: the agent's phone is free again.
    mutating func endService(_ leg: LegID) {
        guard case .service(_, _, let agent)? = legs[leg] else { return }
        legs[leg] = nil
        agents.update(agent) { $0.callsToCenter = max(0, $0.callsToCenter - 1) }
        dropIfRemoved(agent)
        agentMayBeFree(agent)
    }

    /// The contact was taken out to be changed, and will be stored in any case. What is in the table meanwhile can do without the
    /// timeline: with two who have it, the next line would be one in a copy of all others.
    mutating func letGoOfTimeline(of contact: ContactID) { contacts.updateUnwatched(contact) { $0.timeline = [] } }

    /// Writes a contact back that was taken out to be changed; one that ended is handed out and forgotten.
    mutating func store(_ contact: consuming Contact) {
        let id = contact.id
        if contact.isOver {
            contacts.removeValue(for: id)
            out.append(.close(contact))
        } else {
            if contact.recording != nil { followRecording(&contact) }
            contacts.insert(contact, for: id)
            out.append(.contactChanged(id))
        }
    }

    /// Plays to the caller, in place of what was played before.
    @discardableResult
    mutating func play(
        _ announcements: [Announcement], to contact: inout Contact, loops: Bool = false, stopsOnDigit: Bool = false
    ) -> PlaybackID {
        let playback = makePlayback()
        contact.playback = playback
        contact.playbackDeadline = loops ? .distantFuture : now + Self.playbackMax
        deadlines.set(.playback(contact.id), at: contact.playbackDeadline)
        out.append(.play(contact.leg, playback, announcements, loops: loops, stopsOnDigit: stopsOnDigit))
        return playback
    }
}
