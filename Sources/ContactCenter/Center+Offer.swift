// An offer's life: the agent's devices ring, and it ends by an answer, a miss, a decline or by being rescinded.

import ACD
import Basics

extension Center {
    /// - Parameter place: of the contact's kind.
    mutating func ring(
        _ id: AgentID, offer: OfferID, contact: ContactID, ofKindAt place: Int, callerLeg: LegID, queue: QueueID
    ) {
        let deadline = now + .seconds(queues.look(at: queue, { $0.rules.offerSeconds }) ?? 20)
        let kind = kinds[place].rules, atOnceMax = kinds[place].atOnceMax(for: id)
        let isDigital = kind.channel != .voice
        let registered = agents.update(id) { agent in
            agent.offer(offer, of: contact, as: kind, atOnceMax: atOnceMax, until: deadline)
            return agent.registeredDevices
        }
        var legsOfOffer: [LegID] = [], devices: [DeviceID] = []
        for device in registered ?? [] where !isDigital || device == id.browser {
            let leg = makeLeg()
            legs[leg] = .offered(offer)
            legsOfOffer.append(leg)
            devices.append(device)
            out.append(
                .ring(
                    Ring(
                        leg: leg, offer: offer, contact: contact, agent: id, device: device, callerLeg: callerLeg,
                        kind: isDigital ? kind.id : nil)))
        }
        offers[offer] = Offer(
            contact: contact, agent: id, queue: queue, deadline: deadline, legs: legsOfOffer, devices: devices)
        deadlines.set(.offer(offer), at: deadline)
        out.append(.agentChanged(id))
        out.append(.contactChanged(contact))
    }

    mutating func legAnswered(_ leg: LegID) {
        switch legs[leg] {
        case .offered(let id):
            accept(id, on: leg)
        case .other(let id):
            dialAnswered(id, on: leg)
        case .beside(let id):
            participantAnswered(id, on: leg)
        case .caller(let id):
            customerAnswered(id)
        case .service:
            break
        case nil:
            // The answer crossed the end of its offer on the wire.
            figures.lateEvents += 1
            out.append(.hangUp(leg, .answeredElsewhere))
        }
    }

    private mutating func accept(_ id: OfferID, on leg: LegID) {
        guard let offer = offers[id] else { return }
        if offer.joins == true { return join(id, offer, on: leg) }
        guard var contact = contacts[offer.contact], var entry = contact.entry else { return }
        letGoOfTimeline(of: contact.id)
        if entry.offer != id || entry.furtherOffers != nil {
            for other in entry.offers where other != id {
                if let lost = offers[other] { close(other, lost, .answeredElsewhere, noting: &contact) }
            }
        }
        forgetPersonal(&entry, contact.id)
        for other in offer.legs where other != leg {
            legs[other] = nil
            out.append(.hangUp(other, .answeredElsewhere))
        }
        offers[id] = nil
        legs[leg] = contact.isDigital ? nil : .other(contact.id)
        let comparesRecords = queues.look(at: offer.queue, { $0.rules.comparesRecords }) ?? false
        agents.update(offer.agent) { agent in
            agent.accept(id, at: now)
            if comparesRecords { agent.noteAnswer(of: offer.queue) }
        }
        if contact.isParked { return reach(contact, entry, for: offer.agent, on: leg, offer.device(of: leg)) }
        let wait = now - entry.enqueuedAt
        let (remembersAgent, isRecorded) =
            queues.update(entry.queue) { queue in
                queue.remove(entry.key)
                if contact.callbackPhase != nil {
                    queue.figures.noteCallback { $0.noteEntryLeft() }
                } else {
                    queue.figures.noteAnswer(
                        after: wait, threshold: .seconds(queue.rules.serviceLevelSeconds), of: contact.medium)
                    if let expected = entry.expectedSeconds {
                        queue.figures.noteExpectedWait(error: wait - .seconds(min(expected, ExpectedWait.secondsMax)))
                    }
                }
                return (queue.rules.preference?.lastAgent != nil, queue.rules.recording != nil)
            } ?? (false, false)
        index.mayCall(entry.queue)
        callbackReached(&contact)
        if remembersAgent { lastAgents.note(offer.agent, with: contact.caller, at: now) }
        contact.agent = offer.agent
        contact.answeredAt = contact.answeredAt ?? now
        contact.note(.answered(offer.agent, entry.queue, waitSeconds: wait.inSeconds), at: now)
        if contact.isDigital {
            begin(&contact, with: offer.agent, of: entry.queue, on: offer.device(of: leg))
        } else {
            connect(
                &contact,
                to: Conversation(
                    other: .agent(offer.agent, entry.queue), leg: leg, since: now, device: offer.device(of: leg)))
            if isRecorded { startRecording(of: &contact, with: leg) }
        }
        out.append(.agentChanged(offer.agent))
        out.append(.queueChanged(entry.queue))
        store(contact)
    }

    /// One of the offer's devices cannot be had; the offer ends with the last of them.
    mutating func offerLegFailed(_ leg: LegID, of id: OfferID, _ failure: LegFailure) {
        legs[leg] = nil
        guard var offer = offers[id] else { return }
        offer.remove(leg)
        switch failure {
        case .declined, .busy: offer.wasDeclined = true
        case .notMade: offer.wasNotMade = true
        case .unreachable, .failed, .notCallable: break
        }
        offers[id] = offer
        guard offer.legs.isEmpty else { return }
        endOffer(id, offer.wasDeclined ? .rejected : offer.wasNotMade == true ? .notMade : .failed)
    }

    /// The offer comes to nothing; the contact stays at its old place in the queue.
    mutating func endOffer(_ id: OfferID, _ end: OfferEnd) {
        if let offer = offers[id], offer.joins == true { return endJoining(id, offer, end) }
        guard let offer = offers[id], var contact = contacts[offer.contact] else { return }
        letGoOfTimeline(of: contact.id)
        let isGone = close(id, offer, end, noting: &contact)
        if var entry = contact.entry {
            entry.offers.removeAll { $0 == id }
            if entry.offers.isEmpty { entry.nextOfferAt = nil }
            if let exclusion = exclusion(after: end) {
                let until = now + exclusion
                entry.exclusions.append(QueueEntry.Exclusion(agent: offer.agent, until: until))
                deadlines.set(.exclusion(contact.id), at: until)
            }
            contact.state = .waiting(entry)
            // The one agent that it was for does not take it.
            open(&contact)
        }
        store(contact)
        if isGone { rescindOffers(to: offer.agent) }
        agentMayBeFree(offer.agent)
        presenceChanged(offer.agent)
    }

    /// Nobody is there: what else rings is for others.
    mutating func rescindOffers(to agent: AgentID) {
        for case .offered(let offer, _, _) in agents.look(at: agent, { $0.work }) ?? [] { endOffer(offer, .rescinded) }
    }

    private func exclusion(after end: OfferEnd) -> Duration? {
        switch end {
        case .rejected: Self.exclusionAfterReject
        case .notMade: Self.exclusionAfterNotMade
        case .missed, .failed: Self.exclusionAfterMiss
        // The agent is lost or removed, which is reason enough; one that is back has not refused anything.
        case .rescinded, .answeredElsewhere: nil
        }
    }

    /// The contact does not need the agent any more.
    mutating func rescind(_ id: OfferID, noting contact: inout Contact) {
        guard let offer = offers[id] else { return }
        close(id, offer, .rescinded, noting: &contact)
        if var entry = contact.entry {
            entry.offers.removeAll { $0 == id }
            contact.state = .waiting(entry)
        }
        agentMayBeFree(offer.agent)
    }

    /// - Returns: whether the agent is now "not responding".
    @discardableResult
    private mutating func close(_ id: OfferID, _ offer: Offer, _ end: OfferEnd, noting contact: inout Contact) -> Bool {
        offers[id] = nil
        for leg in offer.legs {
            legs[leg] = nil
            out.append(.hangUp(leg, end.cause))
        }
        let missesMax = queues.look(at: offer.queue) { $0.rules.missesMax } ?? 2
        let isMiss = end == .missed || end == .failed
        let today = configuration.day(at: now)
        let isGone = agents.update(offer.agent) { agent in
            if isMiss { agent.countMiss(on: today) }
            return agent.withdraw(id, isMiss: isMiss, missesMax: missesMax, at: now)
        }
        contact.note(.offerEnded(id, offer.agent, end), at: now)
        out.append(.agentChanged(offer.agent))
        dropIfRemoved(offer.agent)
        return isGone ?? false
    }
}

extension OfferEnd {
    /// What the phone that has rung in vain is told.
    var cause: HangUpCause {
        switch self {
        case .missed: .timeout
        case .answeredElsewhere: .answeredElsewhere
        case .rejected, .failed, .rescinded, .notMade: .callerGone
        }
    }
}

extension Center.Offer {
    func device(of leg: LegID) -> DeviceID? {
        guard let devices, let index = legs.firstIndex(of: leg), index < devices.count else { return nil }
        return devices[index]
    }

    func leg(of device: DeviceID) -> LegID? {
        guard let index = devices?.firstIndex(of: device), index < legs.count else { return nil }
        return legs[index]
    }

    mutating func remove(_ leg: LegID) {
        guard let index = legs.firstIndex(of: leg) else { return }
        legs.remove(at: index)
        if let count = devices?.count, index < count { devices?.remove(at: index) }
    }
}
