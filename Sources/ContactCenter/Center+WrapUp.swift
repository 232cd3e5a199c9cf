// After-call work: its terms, its clock, and how the contact went.

import ACD
public import Basics

extension Center {
    /// What the queue asks of the agent after the contact.
    func wrapUp(after contact: ContactID, of queue: QueueID, by agent: AgentID) -> WrapUp? {
        queues.look(at: queue) { queue -> WrapUp? in
            let mode = queue.rules.wrapUpMode
            if mode == .none || mode == .timed && queue.rules.wrapUpSeconds <= 0 { return nil }
            if mode.isOptional, agents.look(at: agent, { $0.wrapUpsAskedFor.contains(contact) }) != true { return nil }
            let hasDesk = agents.look(at: agent) { $0.hasDesk } == true
            let isOpenEnded: Bool
            switch mode {
            case .none: return nil
            // Without a desk nobody can say that it is done.
            case .untilDone where !hasDesk, .timed, .optionalTimed:
                guard queue.rules.wrapUpSeconds > 0 else { return nil }
                isOpenEnded = false
            case .untilDone, .optional: isOpenEnded = true
            }
            // A disposition is given at the desk: who works with a phone alone cannot owe one.
            let owes = queue.rules.isDispositionRequired && hasDesk && !configuration.dispositions.isEmpty
            return WrapUp(
                contact: contact, seconds: isOpenEnded ? queue.rules.wrapUpSecondsMax : queue.rules.wrapUpSeconds,
                isExtendable: queue.rules.isWrapUpExtendable && !isOpenEnded, isDispositionRequired: owes,
                isOpenEnded: isOpenEnded)
        } ?? nil
    }

    /// The conversation is over; wrap-up begins with its deadline, or the agent is free at once.
    mutating func finish(_ id: AgentID, _ contact: ContactID, of queue: QueueID, talkedSince: Instant) {
        let terms = wrapUp(after: contact, of: queue, by: id)
        let today = configuration.day(at: now)
        let medium = contacts.look(at: contact) { $0.medium } ?? .voice, isCall = medium == .voice
        let comparesRecords = queues.look(at: queue, { $0.rules.comparesRecords }) ?? false
        let (deadline, staysAsBefore) =
            agents.update(id) { agent in
                if comparesRecords { agent.noteEnd(of: queue, at: now) }
                agent.countTalk(now - talkedSince, isVoice: isCall, isHandled: true, on: today)
                return (agent.finish(contact, wrapUp: terms, at: now), agent.isThereForGood)
            } ?? (nil, false)
        queues.update(queue) { queue in
            // Of one that ends when the agent says so nobody knows how long it will be; as long as the usual one, it may be.
            let isTimed = queue.rules.wrapUpMode == .timed || terms != nil
            let wrapUp = Duration.seconds(isTimed ? queue.rules.wrapUpSeconds : 0)
            // Mails that lie for hours say nothing of how long callers wait beside them.
            let counts = isCall || !queue.rules.kinds.contains(.call)
            queue.figures.noteHandled(for: (now - talkedSince) + wrapUp, of: medium, countsForQueue: counts)
        }
        orderChanged(in: queue)
        index.mayCall(queue)
        if let deadline { deadlines.set(.wrapUp(id), at: deadline) }
        out.append(.agentChanged(id))
        out.append(.queueChanged(queue))
        if staysAsBefore { return }
        reviewLoss(id)
        dropIfRemoved(id)
        agentMayBeFree(id)
        presenceChanged(id)
    }

    mutating func wrapUpDue(_ id: AgentID) {
        // Several may end at the same time.
        while wrapUpDueOnce(id) {}
    }

    private mutating func wrapUpDueOnce(_ id: AgentID) -> Bool {
        switch agents.update(id, { $0.wrapUpDue(at: now) }) ?? .notDue {
        case .notDue: return false
        case .prolonged(let deadline):
            deadlines.set(.wrapUp(id), at: deadline)
            out.append(.agentChanged(id))
        case .ended: wrapUpEnded(id)
        case .endedUnasked:
            if agents.look(at: id, { $0.presence != .available }) == true { rescindOffers(to: id) }
            wrapUpEnded(id)
        case .endedOwing(let contact):
            note(.disposed(id, code: nil), afterwards: contact)
            if agents.look(at: id, { $0.presence != .available }) == true { rescindOffers(to: id) }
            wrapUpEnded(id)
        }
        return true
    }

    private mutating func wrapUpEnded(_ id: AgentID) {
        out.append(.agentChanged(id))
        dropIfRemoved(id)
        agentMayBeFree(id)
        presenceChanged(id)
    }

    // MARK: By the agent

    /// Only where the queue leaves it to the agent, and while the agent has the contact.
    func refusalOfWrapUp(_ isOn: Bool, after id: ContactID, by agent: AgentID) -> ControlRefusal? {
        guard let contact = contacts[id], let conversation = contact.conversation,
            case .agent(agent, let queue) = conversation.other, !contact.isBeingReached
        else { return .tooLate }
        guard queues.look(at: queue, { $0.rules.wrapUpMode.isOptional }) == true else { return .notAllowed }
        return agents.look(at: agent, { $0.wrapUpsAskedFor.contains(id) }) == isOn ? .notAllowed : nil
    }

    /// Whether a wrap-up comes after the contact that the agent has, where the queue leaves that to the agent; nil: it does not.
    public func wrapUpChoice(after id: ContactID, by agent: AgentID) -> Bool? {
        let queue = contacts.look(at: id) { contact -> QueueID? in
            guard !contact.isBeingReached, case .agent(agent, let queue)? = contact.conversation?.other else { return nil }
            return queue
        }
        guard case let queue?? = queue, queues.look(at: queue, { $0.rules.wrapUpMode.isOptional }) == true else { return nil }
        return agents.look(at: agent) { $0.wrapUpsAskedFor.contains(id) }
    }

    mutating func askForWrapUp(_ isOn: Bool, after contact: ContactID, by agent: AgentID) {
        agents.update(agent) { $0.askForWrapUp(isOn, of: contact) }
        out.append(.agentChanged(agent))
    }

    func refusalOfCompletion(_ disposition: String?, by id: AgentID) -> ControlRefusal? {
        guard let contact = agents[id]?.wrapUpContact else { return .tooLate }
        return refusalOfCompletion(of: contact, disposition, by: id)
    }

    func refusalOfCompletion(of contact: ContactID, _ disposition: String?, by id: AgentID) -> ControlRefusal? {
        guard let agent = agents[id], agent.isWrappingUp(contact) else { return .tooLate }
        guard let disposition else {
            return agent.wrapUp(of: contact)?.isDispositionRequired == true ? .dispositionRequired : nil
        }
        return configuration.dispositions.contains { $0.code == disposition } ? nil : .unknownDisposition
    }

    mutating func completeWrapUp(_ disposition: String?, by id: AgentID) {
        guard let contact = agents[id]?.wrapUpContact else { return }
        completeWrapUp(of: contact, disposition, by: id)
    }

    mutating func completeWrapUp(of contact: ContactID, _ disposition: String?, by id: AgentID) {
        if let disposition { note(.disposed(id, code: disposition), afterwards: contact) }
        agents.update(id) { $0.completeWrapUp(of: contact, at: now) }
        wrapUpEnded(id)
    }

    func refusalOfExtension(by id: AgentID) -> ControlRefusal? {
        guard let contact = agents[id]?.wrapUpContact else { return .tooLate }
        return refusalOfExtension(of: contact, by: id)
    }

    func refusalOfExtension(of contact: ContactID, by id: AgentID) -> ControlRefusal? {
        guard var agent = agents[id], agent.isWrappingUp(contact) else { return .tooLate }
        return agent.extendWrapUp(of: contact) == nil ? .notAllowed : nil
    }

    mutating func extendWrapUp(by id: AgentID) {
        guard let contact = agents[id]?.wrapUpContact else { return }
        extendWrapUp(of: contact, by: id)
    }

    mutating func extendWrapUp(of contact: ContactID, by id: AgentID) {
        guard let deadline = agents.update(id, { $0.extendWrapUp(of: contact) }) ?? nil else { return }
        deadlines.set(.wrapUp(id), at: deadline)
        out.append(.agentChanged(id))
    }

    /// A line of a contact that may be closed already, or live on with somebody else.
    mutating func note(_ what: Happening, afterwards id: ContactID) {
        guard var contact = contacts[id] else {
            out.append(.append(id, TimelineEntry(at: now, what: what)))
            return
        }
        contact.note(what, at: now)
        store(contact)
    }
}

extension Agent {
    /// The call that is wrapped up; without one, whatever is wrapped up first.
    var wrapUpContact: ContactID? {
        var first: ContactID?
        for piece in pieces {
            guard case .wrapUp(let contact, _, _) = piece.work else { continue }
            if piece.load.channel == .voice { return contact }
            first = first ?? contact
        }
        return first
    }

    /// There is nothing that the end of a contact could be the end of: it is not waited for, does not go, and nobody waits for
    /// this agent alone.
    var isThereForGood: Bool { loss == nil && !isRemoved && presence == .available && personal.isEmpty }

    func isWrappingUp(_ contact: ContactID) -> Bool {
        work.contains { if case .wrapUp(contact, _, _) = $0 { true } else { false } }
    }
}
