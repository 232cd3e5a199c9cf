// An agent asks somebody else, and hands the caller on in person, or comes back, or all talk together (definitions.md 3.9).

import ACD
import Basics

extension Center {
    /// The call that the agent has, if it can be shared now.
    private func shared(by agent: AgentID) -> (contact: Contact, conversation: Conversation, queue: QueueID)? {
        guard let (contact, conversation) = conversation(of: agent), !contact.isDigital, !conversation.isLost,
            case .agent(_, let queue) = conversation.other
        else { return nil }
        return (contact, conversation, queue)
    }

    func refusalOfConsult(_ step: ConsultStep, by agent: AgentID) -> ControlRefusal? {
        if step == .leave, participation(of: agent) != nil { return nil }
        guard conversation(of: agent) != nil else { return .noCall }
        guard let (contact, conversation, _) = shared(by: agent) else { return .notAllowed }
        switch step {
        case .begin(let target):
            guard contact.consulted == nil, contact.secure == nil else { return .notAllowed }
            switch target {
            case .agent(let other):
                guard other != agent else { return .unknownTarget }
                guard contact.participant(other) == nil else { return .notAllowed }
                return refusalOfJoining(other, contact)
            case .outside(let trunk, _): return refusalOfCall(over: trunk, for: contact)
            }
        case .swap, .complete, .merge:
            guard contact.consulted?.leg != nil else { return .notAllowed }
            // Whoever holds the phone has both on hold.
            return conversation.heldBy == .agent ? .notAllowed : nil
        case .backOut: return contact.consulted == nil ? .notAllowed : nil
        case .leave: return contact.consulted == nil && successor(in: contact) != nil ? nil : .notAllowed
        }
    }

    mutating func consult(_ step: ConsultStep, by agent: AgentID) {
        if step == .leave, let (found, participant) = participation(of: agent) {
            var contact = found
            return leave(participant, &contact, nil)
        }
        guard let found = shared(by: agent) else { return }
        var contact = found.contact
        switch step {
        case .begin(let target): ask(target, for: &contact, found.conversation, by: agent, of: found.queue)
        case .swap:
            rehearing(&contact) { $1.isTurnedToCaller.toggle() }
            contact.note(contact.isTurnedToCaller ? .resumed : .held, at: now)
            tellAgents(of: contact)
            store(contact)
        case .backOut:
            if let consulted = contact.consulted { leave(consulted, &contact, .rescinded) }
        case .merge:
            guard let consulted = contact.consulted else { return }
            rehearing(&contact) { $1.change(consulted) { $0.part = .conferring } }
            contact.note(.conferred(consulted.who), at: now)
            tellAgents(of: contact)
            store(contact)
        case .complete:
            guard let consulted = contact.consulted else { return }
            handOver(&contact, to: consulted)
        case .leave:
            guard let next = successor(in: contact) else { return }
            handOver(&contact, to: next)
        }
    }

    /// - Parameter handsOver: whoever answers has the caller at once.
    mutating func ask(
        _ target: ConsultTarget, for contact: inout Contact, _ conversation: Conversation, by agent: AgentID, of queue: QueueID,
        handsOver: Bool = false
    ) {
        rehearing(&contact) { center, contact in
            var talk = conversation
            talk.notReached = nil
            // From now on it is by swapping that the caller is with the agent again.
            let isHeld = conversation.heldBy == .agent
            if isHeld { talk.heldBy = contact.isHeldByCaller == true ? .caller : nil }
            contact.state = .talking(talk)
            if isHeld { center.noteHold(of: talk, contact.id) }
            switch target {
            case .agent(let other):
                contact.note(.consulted(.agent(other), by: agent), at: center.now)
                center.invite(other, to: &contact, as: .consulted, of: queue)
            case .outside(let trunk, let callee):
                contact.note(.consulted(.outside(trunk), by: agent), at: center.now)
                center.dial(callee, over: trunk, for: &contact, handsOver: handsOver)
            }
            if isHeld, let asked = contact.consulted { contact.change(asked) { $0.restoresHold = true } }
        }
        out.append(.agentChanged(agent))
        store(contact)
    }

    // MARK: Handing over

    /// Who has the caller when the agent goes: first those who talk with the caller, colleagues before others.
    func successor(in contact: Contact) -> Participant? {
        let others = contact.participants.filter { $0.leg != nil && $0.mode == nil }
        return others.first { $0.part == .conferring && $0.agent != nil } ?? others.first {
            $0.part == .consulted && $0.agent != nil
        }
            ?? others.first { $0.part == .consulted } ?? others.first
    }

    /// The agent goes, and wraps up; the caller is with the other one, and with whoever else is on the call.
    ///
    /// - Parameter before: what has been heard until now; nil: what the contact says.
    mutating func handOver(_ contact: inout Contact, to next: Participant, from before: HearingPlan? = nil) {
        guard let conversation = contact.conversation else { return }
        let before = before ?? HearingPlan(contact)
        hangUp(conversation.leg)
        let freed = passOn(&contact, to: next, after: conversation, from: before)
        let id = contact.id
        store(contact)
        if case .agent(let agent, let queue) = conversation.other {
            finish(agent, id, of: queue, talkedSince: conversation.since)
        }
        for agent in freed { isFreeAgain(agent) }
    }

    /// - Returns: whom `isFreeAgain` is to be told of when the contact is stored.
    mutating func passOn(
        _ contact: inout Contact, to next: Participant, after former: Conversation, from before: HearingPlan
    ) -> [AgentID] {
        let agent: AgentID? = if case .agent(let agent, _) = former.other { agent } else { nil }
        unmask(&contact)
        contact.note(.handedOver(agent, to: next.who), at: now)
        promote(next, in: &contact, after: former)
        // Who was asked by the one who goes, and not chosen, has nobody to answer to.
        let freed = contact.consulted.map { remove($0, from: &contact, .rescinded) } ?? []
        rehear(contact, from: before)
        endRecordingWithoutHouse(&contact)
        tellAgents(of: contact)
        return freed
    }

    /// From beside the call to the one whom it is with.
    mutating func promote(_ next: Participant, in contact: inout Contact, after former: Conversation) {
        guard case .live(let leg, let device, let isHolding) = next.line else { return }
        contact.participants.removeAll { $0 == next }
        legs[leg] = .other(contact.id)
        let other: Conversation.Other
        switch (next.who, contact.queue) {
        case (.agent(let agent), let queue):
            let queue: QueueID = if case .agent(_, let known) = former.other { known } else { queue ?? "" }
            other = .agent(agent, queue)
            contact.agent = agent
            contact.queue = queue
            let comparesRecords = queues.look(at: queue, { $0.rules.comparesRecords }) ?? false
            agents.update(agent) { agent in
                agent.takeOver()
                if comparesRecords { agent.noteAnswer(of: queue) }
            }
        case (.outside(let trunk), _): other = .outside(trunk)
        }
        var conversation = Conversation(other: other, leg: leg, since: now, device: device)
        conversation.heldBy = isHolding ? .agent : contact.isHeldByCaller == true ? .caller : nil
        contact.state = .talking(conversation)
        noteHold(of: conversation, contact.id)
    }

    /// The one whom the call is with goes, in whatever way. The caller ends with a person if there is one, with the queue if
    /// somebody was being called for the caller's sake, and otherwise the call is over.
    ///
    /// - Returns: false if nobody else is on the call, and nobody was called.
    mutating func isSucceeded(_ contact: inout Contact, _ conversation: Conversation) -> Bool {
        if let next = successor(in: contact) {
            handOver(&contact, to: next)
            return true
        }
        guard contact.consulted != nil, case .agent(let agent, let queue) = conversation.other else { return false }
        let before = HearingPlan(contact)
        hangUp(conversation.leg)
        unmask(&contact)
        let freed = removeCompany(of: &contact, keepingSupervisors: true)
        finish(agent, contact.id, of: queue, talkedSince: conversation.since)
        followChanges()
        enqueueAgain(&contact, in: queue, notBy: agent)
        rehear(contact, from: before)
        store(contact)
        for agent in freed { isFreeAgain(agent) }
        return true
    }
}
