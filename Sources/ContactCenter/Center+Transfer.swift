// An agent hands a caller on: to a queue, or to a colleague in person. Blind: the agent is out of it at once.

import ACD
import Basics
import IVR

extension Center {
    /// A contact that was handed to one agent is nobody else's for as long as this.
    static let personalWaitMax = Duration.seconds(60)

    func refusalOfTransfer(to target: TransferTarget, by agent: AgentID) -> ControlRefusal? {
        guard let (contact, conversation) = conversation(of: agent) else { return .noCall }
        return refusalOfTransfer(of: (contact, conversation), to: target, by: agent)
    }

    func refusalOfTransfer(
        of talk: (contact: Contact, conversation: Conversation), to target: TransferTarget, by agent: AgentID
    ) -> ControlRefusal? {
        let contact = talk.contact
        guard case .agent(_, let queue) = talk.conversation.other else { return .noCall }
        // With a third on the line it is clear to nobody who would go where: that one is handed the caller, or let go first.
        if contact.participants.contains(where: { $0.mode == nil }) { return .notAllowed }
        switch target {
        case .flow(let flow):
            guard !contact.isDigital, flows.contains(where: { $0.isCurrent && $0.flow.id == flow }) else {
                return .unknownTarget
            }
            return nil
        case .outside(let trunk, _):
            guard !contact.isDigital else { return .unknownTarget }
            let isFree = !talk.conversation.isLost && contact.secure == nil
            return isFree ? refusalOfCall(over: trunk, for: contact) : .notAllowed
        case .queue(let id):
            guard let queue = queues[id], !queue.isRemoved else { return .unknownTarget }
            if isLast(agent, of: queue) { return .notAllowed }
            switch diversion(from: queue, of: contact, with: keyOfReturn(of: contact)) {
            case nil: return nil
            case .full?: return .busy
            case .closed?, .joinEmpty?, .leaveEmpty?, .waitRatio?, .waitTime?, .timeout?, .key?, .withdrawn?:
                return .notAllowed
            }
        case .agent(let other):
            guard other != agent, let agent = agents[other], !agent.isRemoved else { return .unknownTarget }
            guard self.queue(for: other, insteadOf: queue, of: contact) != nil else { return .notAllowed }
            switch refusal(of: agent, forKindAt: kindPlace(of: contact)) {
            case nil, .busy?, .roomKept?: return agent.personal.count < Agent.personalMax ? nil : .busy
            case .offline?, .paused?, .notResponding?, .noDevice?, .excluded?, .removed?, .lost?, .unskilled?, .levelNotOpen?,
                .kindNotDone?, .channelClosed?:
                return .notAllowed
            }
        }
    }

    /// The agent goes with this call, and nobody is left in a queue that takes nobody then.
    private func isLast(_ agent: AgentID, of queue: WaitingQueue) -> Bool {
        guard !queue.rules.joinEmpty, agents[agent]?.pendingPresence == .offline else { return false }
        let takesCalls = index.queues.look(at: queue.id) { $0.members[agent] != nil ? $0.takesCalls : nil } ?? nil
        let isStaff = takesCalls.flatMap { calls in index.agents.look(at: agent) { $0.sight.isStaff(where: calls) } } ?? false
        return staffed(queue.id) == (isStaff ? 1 : 0)
    }

    mutating func transfer(to target: TransferTarget, by id: AgentID) {
        guard let talk = conversation(of: id) else { return }
        transfer(talk.contact, talk.conversation, to: target, by: id)
    }

    mutating func transfer(_ contact: ContactID, to target: TransferTarget, by id: AgentID) {
        guard let talk = work(contact, at: id) else { return }
        transfer(talk.contact, talk.conversation, to: target, by: id)
    }

    private mutating func transfer(
        _ found: Contact, _ conversation: Conversation, to target: TransferTarget, by id: AgentID
    ) {
        guard case .agent(_, let queue) = conversation.other else { return }
        var contact = found
        if case .outside(let trunk, let callee) = target {
            return ask(.outside(trunk, callee), for: &contact, conversation, by: id, of: queue, handsOver: true)
        }
        let before = HearingPlan(contact)
        contact.note(.transferred(id, to: target), at: now)
        unmask(&contact)
        if conversation.sound == .eachOther, !contact.isDigital, contact.company == nil {
            out.append(.unbridge(contact.leg, conversation.leg))
        }
        hangUp(conversation.leg)
        finish(id, contact.id, of: queue, talkedSince: conversation.since)
        followChanges()
        switch target {
        case .queue(let queue): enqueueAgain(&contact, in: queue, notBy: id)
        case .agent(let agent):
            enqueueAgain(&contact, in: self.queue(for: agent, insteadOf: queue, of: contact) ?? queue, notBy: id)
            keep(&contact, for: agent)
        case .flow(let flow): begin(flow, for: &contact)
        case .outside: break
        }
        if contact.company != nil { rehear(contact, from: before) }
        store(contact)
    }

    /// The caller hears a flow from its beginning. What was noted of the contact until now is known there.
    private mutating func begin(_ flow: FlowID, for contact: inout Contact) {
        guard let version = flows.last(where: { $0.isCurrent && $0.flow.id == flow }) else { return handBack(&contact) }
        contact.flowVersion = version.number
        contact.interpreter = Interpreter(flow: flow)
        startFlow(&contact)
    }

    /// Back to where one waits, as a new entry with the old order key (definitions.md 3.6).
    ///
    /// - Parameter agent: who shall not get it straight back.
    mutating func enqueueAgain(_ contact: inout Contact, in queue: QueueID, notBy agent: AgentID? = nil) {
        let key = keyOfReturn(of: contact)
        guard join(&contact, queue, with: key, isReturn: true, notBy: agent) == .waiting else { return handBack(&contact) }
        guard let agent, var entry = contact.entry else { return }
        let until = now + Self.exclusionAfterReject
        entry.exclusions.append(QueueEntry.Exclusion(agent: agent, until: until))
        deadlines.set(.exclusion(contact.id), at: until)
        contact.state = .waiting(entry)
    }

    private func keyOfReturn(of contact: Contact) -> OrderKey {
        contact.orderKey
            ?? OrderKey(
                priorityClass: 0, enqueuedAt: contact.firstEnqueuedAt ?? now, boostSeconds: 0, contact: contact.id)
    }

    /// In whose queue a contact waits for an agent in person: in the one where it was, so that its members can take over.
    private func queue(for agent: AgentID, insteadOf queue: QueueID, of contact: Contact) -> QueueID? {
        let key = keyOfReturn(of: contact)
        let candidates = [queue] + (index.agents.look(at: agent, { $0.queues }) ?? [])
        return candidates.first { id in
            queues[id].map { !$0.isRemoved && diversion(from: $0, isReturn: true, of: contact, with: key) == nil } ?? false
        }
    }

    // MARK: In person

    /// Nobody else gets the contact for a while.
    private mutating func keep(_ contact: inout Contact, for agent: AgentID) {
        guard var entry = contact.entry else { return }
        let until = now + Self.personalWaitMax
        entry.personal = QueueEntry.Personal(agent: agent, until: until)
        contact.state = .waiting(entry)
        agents.update(agent) { $0.personal.append(contact.id) }
        deadlines.set(.personal(contact.id), at: until)
        agents.touch(agent)
    }

    /// Everybody of the queue may have the contact now.
    mutating func open(_ contact: inout Contact) {
        guard var entry = contact.entry, entry.personal != nil else { return }
        forgetPersonal(&entry, contact.id)
        contact.state = .waiting(entry)
        queuesToCheck.append(entry.queue)
        guard entry.isRoutable else { return }
        contactsToEntertain.append(contact.id)
    }

    mutating func forgetPersonal(_ entry: inout QueueEntry, _ contact: ContactID) {
        guard let personal = entry.personal else { return }
        entry.personal = nil
        agents.update(personal.agent) { $0.personal.removeAll { $0 == contact } }
    }

    /// Who waits for an agent that has gone or pauses waits for anybody.
    mutating func openPersonal(of id: AgentID) {
        guard agents.look(at: id, { !$0.personal.isEmpty }) == true, let agent = agents[id] else { return }
        let isAway = agent.isRemoved || agent.presence != .available
        for id in agent.personal {
            guard var contact = contacts[id], isAway || agent.isClosed(contact.medium) else { continue }
            open(&contact)
            store(contact)
        }
    }
}
