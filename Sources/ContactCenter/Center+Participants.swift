// Others on a call: calling them, their coming and going.

import ACD
import Basics

extension Center {
    /// How long somebody who is asked to join a call is rung.
    static let participantRingMax = Duration.seconds(30)

    // MARK: Calling

    /// Why the agent cannot be rung to join a call; nil: they can.
    func refusalOfJoining(_ id: AgentID, _ contact: Contact) -> ControlRefusal? {
        guard let agent = agents[id], !agent.isRemoved else { return .unknownTarget }
        guard contact.participants.count < Company.participantsMax else { return .busy }
        switch refusal(of: agent, forKindAt: 0) {
        case nil: return nil
        case .busy?, .roomKept?: return .busy
        case .offline?, .paused?, .notResponding?, .noDevice?, .excluded?, .removed?, .lost?, .unskilled?, .levelNotOpen?,
            .kindNotDone?, .channelClosed?:
            return .notAllowed
        }
    }

    /// Rings at all devices of the agent, who has nothing else to do meanwhile.
    mutating func invite(_ id: AgentID, to contact: inout Contact, as part: Participant.Part, of queue: QueueID) {
        lastOffer += 1
        let offer = OfferID(rawValue: lastOffer)
        let deadline = now + Self.participantRingMax
        let calls = kinds[0]
        agents.update(id) {
            $0.offer(offer, of: contact.id, as: calls.rules, atOnceMax: calls.atOnceMax(for: id), until: deadline)
        }
        var ringing: [LegID] = [], devices: [DeviceID] = []
        for device in agents.look(at: id, { $0.registeredDevices }) ?? [] {
            let leg = makeLeg()
            legs[leg] = .offered(offer)
            ringing.append(leg)
            devices.append(device)
            out.append(
                .ring(
                    Ring(
                        leg: leg, offer: offer, contact: contact.id, agent: id, device: device, callerLeg: contact.leg,
                        joins: part)))
        }
        offers[offer] = Offer(
            contact: contact.id, agent: id, queue: queue, deadline: deadline, legs: ringing, devices: devices, joins: true)
        deadlines.set(.offer(offer), at: deadline)
        contact.participants.append(Participant(who: .agent(id), part: part, line: .ringing(offer), since: now))
        out.append(.agentChanged(id))
    }

    // MARK: Coming

    /// One of the agent's devices has answered.
    mutating func join(_ id: OfferID, _ offer: Offer, on leg: LegID) {
        guard var contact = contacts[offer.contact], let participant = contact.participant(offer.agent) else { return }
        for other in offer.legs where other != leg { hangUp(other, .answeredElsewhere) }
        offers[id] = nil
        legs[leg] = .beside(contact.id)
        agents.update(offer.agent) { $0.join(id, at: now) }
        let before = HearingPlan(contact)
        contact.change(participant) { $0.line = .live(leg, offer.device(of: leg), isHolding: false) }
        // With nobody there any more of whom it could be taken over, the supervisor waits with the caller.
        let mode = participant.mode == .takeOver && contact.conversation == nil ? .monitor : participant.mode
        if let mode { contact.note(.supervised(offer.agent, mode), at: now) }
        if let mode, mode != participant.mode, let joined = contact.participant(offer.agent) {
            contact.change(joined) { $0.part = .supervising(mode) }
        }
        if mode == .takeOver, let joined = contact.participant(offer.agent) {
            return handOver(&contact, to: joined, from: before)
        }
        rehear(contact, from: before)
        tellAgents(of: contact)
        store(contact)
    }

    /// - Returns: false if the leg is not of somebody who is called from outside.
    mutating func participantAnswered(_ id: ContactID, on leg: LegID) {
        guard var contact = contacts[id], let participant = contact.participant(on: leg),
            case .dialling = participant.line
        else { return }
        let before = HearingPlan(contact)
        contact.change(participant) { $0.line = .live(leg, nil, isHolding: false) }
        if participant.handsOver == true, let there = contact.participant(on: leg) {
            return handOver(&contact, to: there, from: before)
        }
        rehear(contact, from: before)
        tellAgents(of: contact)
        store(contact)
    }

    mutating func participantHeard(_ id: ContactID, on leg: LegID) {
        guard var contact = contacts[id], let participant = contact.participant(on: leg),
            case .dialling(_, let until, isHeard: false) = participant.line
        else { return }
        rehearing(&contact) { $1.change(participant) { $0.line = .dialling(leg, until: until, isHeard: true) } }
        store(contact)
    }

    mutating func participantHolds(_ id: ContactID, _ leg: LegID, _ isHolding: Bool) {
        guard var contact = contacts[id], let participant = contact.participant(on: leg),
            case .live(_, let device, !isHolding) = participant.line
        else { return }
        rehearing(&contact) { $1.change(participant) { $0.line = .live(leg, device, isHolding: isHolding) } }
        store(contact)
    }

    // MARK: Going

    /// The ringing comes to nothing: missed, declined, taken back. The call stands as before.
    mutating func endJoining(_ id: OfferID, _ offer: Offer, _ end: OfferEnd) {
        guard var contact = contacts[offer.contact], let participant = contact.participant(offer.agent) else { return }
        var freed: [AgentID] = []
        rehearing(&contact) {
            freed = $0.remove(participant, from: &$1, end)
            $0.holdAgain(after: participant, end, of: &$1)
        }
        tellAgents(of: contact)
        store(contact)
        for agent in freed { isFreeAgain(agent) }
    }

    /// Nobody has come: the call is as it was before, which was on hold. Whoever backs out wants the caller back.
    private mutating func holdAgain(after participant: Participant, _ end: OfferEnd?, of contact: inout Contact) {
        guard participant.restoresHold == true, participant.leg == nil, let end, end != .rescinded,
            var talk = contact.conversation, talk.heldBy == nil, !talk.isLost
        else { return }
        talk.heldBy = .agent
        contact.state = .talking(talk)
        noteHold(of: talk, contact.id)
    }

    /// A leg beside the call is gone, or does not come about.
    mutating func participantGone(_ id: ContactID, _ leg: LegID, _ failure: LegFailure?) {
        legs[leg] = nil
        guard var contact = contacts[id], let participant = contact.participant(on: leg) else {
            figures.lateEvents += 1
            return
        }
        let end: OfferEnd?
        switch failure {
        case nil: end = nil
        case .busy?, .declined?: end = .rejected
        case .unreachable?, .failed?, .notCallable?, .noSuchNumber?: end = .failed
        case .notMade?: end = .notMade
        }
        noteNotReached(participant, &contact, failure ?? .failed)
        leave(participant, &contact, participant.leg == nil ? end ?? .failed : nil)
    }

    /// One of those beside the call goes; the others talk on.
    mutating func leave(_ participant: Participant, _ contact: inout Contact, _ end: OfferEnd?) {
        var freed: [AgentID] = []
        rehearing(&contact) {
            freed = $0.remove(participant, from: &$1, end)
            $0.holdAgain(after: participant, end, of: &$1)
        }
        endRecordingWithoutHouse(&contact)
        tellAgents(of: contact)
        store(contact)
        for agent in freed { isFreeAgain(agent) }
    }

    /// Whoever of the agents is on the call, but not the one it is with.
    func participation(of agent: AgentID) -> (contact: Contact, participant: Participant)? {
        guard let id = agents.look(at: agent, { $0.activeContact }) ?? nil, let contact = contacts[id],
            let participant = contact.participant(agent), participant.leg != nil
        else { return nil }
        return (contact, participant)
    }

    /// The legs go, what rings ends; what is heard, and whom `isFreeAgain` is to be told of when the contact is stored, is the
    /// caller's affair.
    mutating func remove(_ participant: Participant, from contact: inout Contact, _ end: OfferEnd?) -> [AgentID] {
        contact.participants.removeAll { $0 == participant }
        switch participant.line {
        case .ringing(let id):
            guard let offer = offers[id] else { break }
            offers[id] = nil
            for leg in offer.legs { hangUp(leg, (end ?? .rescinded).cause) }
            agents.update(offer.agent) { _ = $0.withdraw(id, isMiss: false, missesMax: .max, at: now) }
        case .dialling(let leg, _, _): hangUp(leg, end == .missed ? .timeout : .normal)
        case .live(let leg, _, _):
            hangUp(leg)
            if let agent = participant.agent {
                agents.update(agent) { _ = $0.finish(contact.id, wrapUp: nil, at: now) }
            }
        }
        if let agent = participant.agent, participant.mode != nil {
            if participant.leg != nil { contact.note(.supervised(agent, nil), at: now) }
        } else {
            contact.note(.participantLeft(participant.who, participant.leg == nil ? end : nil), at: now)
        }
        guard let agent = participant.agent else { return [] }
        out.append(.agentChanged(agent))
        return [agent]
    }

    /// Everybody beside the call, or all but those who watch on.
    mutating func removeCompany(of contact: inout Contact, keepingSupervisors: Bool = false) -> [AgentID] {
        guard contact.company != nil else { return [] }
        var freed: [AgentID] = []
        for participant in contact.participants where !keepingSupervisors || participant.mode == nil {
            freed += remove(participant, from: &contact, .rescinded)
        }
        return freed
    }

    /// The device of somebody beside the call is gone. Nobody waits for that one: the caller has somebody.
    mutating func loseParticipant(_ device: DeviceID, of agent: AgentID) {
        guard let (found, participant) = participation(of: agent), participant.device == device else { return }
        var contact = found
        leave(participant, &contact, nil)
    }

    mutating func dialDue(_ id: ContactID) {
        guard var contact = contacts[id] else { return }
        let due = contact.participants.first {
            if case .dialling(_, let until, _) = $0.line { until <= now } else { false }
        }
        guard let due else { return }
        noteNotReached(due, &contact, .unreachable)
        leave(due, &contact, .missed)
    }

    /// What the pages of those on the call show has changed.
    mutating func tellAgents(of contact: Contact) {
        if case .agent(let agent, _)? = contact.conversation?.other { out.append(.agentChanged(agent)) }
        for participant in contact.participants {
            if let agent = participant.agent { out.append(.agentChanged(agent)) }
        }
    }
}
