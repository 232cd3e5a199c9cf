// An agent's browser is gone without a word: reload, crash, frozen tab, network (asks.md 23). Nobody is clicked off for that.

import ACD
import Basics

extension Center {
    mutating func deviceLost(_ device: DeviceID) {
        if let id = owner(of: device) { loseParticipant(device, of: id) }
        guard let id = owner(of: device), let agent = agents[id] else {
            figures.lateEvents += 1
            return
        }
        if let contact = reached(by: id), contacts[contact]?.conversation?.device == device { agentLeftCallback(contact) }
        let isNews = conversations(of: id).contains { $0.conversation.device == device && !$0.conversation.isLost }
        guard agent.registeredDevices.contains(device) || isNews else {
            figures.lateEvents += 1
            return
        }
        agents.update(id) { $0.registeredDevices.removeAll { $0 == device } }
        stopRinging(device, of: id)
        // Whoever can still be rung on another device is not lost, but for the contact on this one.
        let isReachable = !(agents[id]?.registeredDevices.isEmpty ?? true)
        if isNews || (!isReachable && agent.presence.isSignedIn && agent.loss == nil) {
            lose(id, device)
        }
        out.append(.agentChanged(id))
    }

    private mutating func lose(_ id: AgentID, _ device: DeviceID) {
        // Who is missed on another device already is not waited for any longer.
        let until = lostConversations(of: id).isEmpty ? nil : agents[id]?.graceUntil
        lose(id, device, until: until ?? now + configuration.lostGrace)
    }

    private mutating func lose(_ id: AgentID, _ device: DeviceID, until: Instant) {
        agents.update(id) { $0.lose(device, until: until, at: now) }
        deadlines.set(.lost(id), at: until)
        for case .offered(let offer, _, _) in agents[id]?.work ?? [] { endOffer(offer, .rescinded) }
        for (found, talk) in conversations(of: id) where talk.device == device {
            var contact = found, conversation = talk
            conversation.isLost = true
            change(&contact, to: conversation)
            contact.note(.lost(id), at: now)
            store(contact)
        }
    }

    /// One device of those that ring is gone; the others ring on.
    mutating func stopRinging(_ device: DeviceID, of id: AgentID) {
        for case .offered(let id, _, _) in agents[id]?.work ?? [] {
            stopRinging(device, for: id)
        }
    }

    private mutating func stopRinging(_ device: DeviceID, for id: OfferID) {
        guard var offer = offers[id], let leg = offer.leg(of: device) else { return }
        offer.remove(leg)
        offers[id] = offer
        hangUp(leg)
        if offer.legs.isEmpty { endOffer(id, .rescinded) }
    }

    /// A browser has said goodbye. Of a call its edge says so for the leg that rings; nothing else has one that could end.
    mutating func stopShowing(_ device: DeviceID, to agent: AgentID) {
        for case .offered(let id, let contact, _) in agents[agent]?.work ?? []
        where contacts.look(at: contact, { $0.isDigital }) == true {
            stopRinging(device, for: id)
        }
    }

    /// A device is there again. With it comes the caller, if it is the one that had the caller.
    mutating func comeBack(_ id: AgentID, on device: DeviceID) {
        guard let loss = agents[id]?.loss else { return }
        let lost = lostConversations(of: id)
        let returned = lost.filter { $0.conversation.device == device }
        guard loss.device == device || lost.isEmpty || !returned.isEmpty else { return }
        agents.update(id) { $0.comeBack() }
        if let missed = lost.first(where: { $0.conversation.device != device })?.conversation.device {
            agents.update(id) { $0.lose(missed, until: loss.graceUntil, at: loss.since) }
        }
        for (found, talk) in returned {
            var contact = found, conversation = talk
            conversation.isLost = false
            change(&contact, to: conversation)
            // The media of the leg may be another than before.
            if conversation.isMuted { out.append(.mute(conversation.leg, true)) }
            contact.note(.returned(id), at: now)
            store(contact)
        }
    }

    private func lostConversations(of id: AgentID) -> [(contact: Contact, conversation: Conversation)] {
        conversations(of: id).filter(\.conversation.isLost)
    }

    /// The agents have not come back in time: offline, and their callers have the old places in their queues.
    ///
    /// All have gone before the first caller goes back: into no queue whose last agent is among them.
    mutating func gracesOver(_ ids: [AgentID]) {
        var callers: [ContactID] = []
        var gone: [AgentID] = []
        for id in ids where agents.look(at: id, { $0.loss != nil }) == true {
            let lost = lostConversations(of: id).map(\.contact.id)
            let owing = agents.update(id) { $0.giveUp(lost, at: now) } ?? []
            for contact in owing { note(.disposed(id, code: nil), afterwards: contact) }
            callers += lost
            gone.append(id)
        }
        followChanges()
        for caller in callers { takeBack(caller) }
        for id in gone {
            out.append(.agentChanged(id))
            dropIfRemoved(id)
            presenceChanged(id)
        }
    }

    /// The caller of an agent that is gone for good waits again, as after an offer that was missed.
    ///
    /// - Parameter end: when the agent has had it last; nil: until now.
    mutating func takeBack(_ id: ContactID, endedAt end: Instant? = nil) {
        guard var contact = contacts[id], let conversation = contact.conversation,
            case .agent(let agent, let queue) = conversation.other
        else { return }
        let before = HearingPlan(contact)
        unmask(&contact)
        hangUp(conversation.leg, .timeout)
        let end = end ?? now, isCall = !contact.isDigital
        let today = configuration.day(at: end)
        let comparesRecords = queues.look(at: queue, { $0.rules.comparesRecords }) ?? false
        agents.update(agent) { agent in
            if comparesRecords { agent.noteEnd(of: queue, at: now) }
            _ = agent.finish(id, wrapUp: nil, at: now)
            agent.countTalk(end - conversation.since, isVoice: isCall, isHandled: false, on: today)
        }
        contact.note(.agentLeft(agent), at: now)
        out.append(.agentChanged(agent))
        var freed: [AgentID] = []
        if let next = successor(in: contact) {
            freed = passOn(&contact, to: next, after: conversation, from: before)
        } else if contact.company != nil {
            freed = removeCompany(of: &contact, keepingSupervisors: true)
            enqueueAgain(&contact, in: queue)
            rehear(contact, from: before)
        } else {
            enqueueAgain(&contact, in: queue)
        }
        store(contact)
        for agent in freed { isFreeAgain(agent) }
        reviewLoss(agent)
        dropIfRemoved(agent)
        presenceChanged(agent)
    }

    /// A device may have been missed for the sake of a contact that is gone now: then it is the device of another such contact
    /// that is missed, and without any a phone will do.
    mutating func reviewLoss(_ id: AgentID) {
        guard let loss = agents.look(at: id, { $0.loss }) ?? nil else { return }
        let devices = lostConversations(of: id).map(\.conversation.device)
        if devices.isEmpty {
            guard agents.look(at: id, { !$0.registeredDevices.isEmpty }) == true else { return }
            agents.update(id) { $0.comeBack() }
            agentMayBeFree(id)
        } else if !devices.contains(loss.device), let missed = devices.first ?? nil {
            agents.update(id) { $0.lose(missed, until: loss.graceUntil, at: loss.since) }
        }
    }

    /// Of a device that is out of the configuration, alone or with its agent, the last conversation is still known.
    func owner(of device: DeviceID) -> AgentID? {
        if let owner = ownerOfDevice[device] { return owner }
        return agents.first { agent in
            conversations(of: agent.key).contains { $0.conversation.device == device }
                || participation(of: agent.key)?.participant.device == device
        }?.key
    }
}
