// What an agent's page shows, read from the rules.

internal import ACD
internal import Basics
internal import ContactCenter
internal import Storage

extension DeskView {
    /// `old`: what the page shows so far. `known`: the contact that the agent had to do with last, for what the rules forget
    /// when it ends. `number`: the caller's number as signalled. nil: there is no such agent any more.
    init?(
        of id: AgentID, in center: Center, after old: DeskView?, known: DeskContact?, settings: DeskSettings,
        isAudioConnected: Bool, number: (ContactID) -> String?, record: (ContactID) -> WorkRecord?
    ) {
        // Who is out of the configuration finishes what is begun, and is forgotten then.
        guard let agent = center.agents[id] else { return nil }
        state = DeskState(
            presence: agent.presence, since: agent.presenceSince, pending: agent.pendingPresence,
            channels: center.channels(of: id).map { DeskState.Channel(id: $0, isOpen: !agent.isClosed($0)) })
        figures = DeskFigures(id, in: center)
        self.isAudioConnected = isAudioConnected
        work = Self.work(of: agent, in: center, after: old?.work ?? [], record: record)
        capacity = DeskCapacity(of: agent, in: center)
        for work in agent.pieces.filter({ $0.load.channel == .voice }).map(\.work) {
            // Handed on and offered again, it has been in other queues and has waited longer.
            let isTheSame =
                switch work {
                case .offered(let offer, _, _): offer == old?.offer?.id
                case .active: work.contact == old?.offer?.contact.id || work.contact == old?.call?.contact.id
                case .wrapUp: true
                }
            let contact = Self.contact(work.contact, in: center, known: isTheSame ? known : nil, number: number)
            switch work {
            case .offered(let offer, _, let deadline):
                let joins = center.contacts[work.contact]?.participants.first { $0.agent == id }.map { DeskCall.Part($0.part) }
                let isAutomatic = joins == nil && contact.queue.map(settings.autoAnswerQueues.contains) ?? false
                self.offer = DeskOffer(
                    id: offer, contact: contact, until: deadline, autoAnswer: isAutomatic, joins: joins)
            case .active(_, let since, _):
                var call = DeskCall(contact, since: since, center.contacts[work.contact])
                call.take(id, in: center, names: settings.names)
                call.wrapUpAfter = center.wrapUpChoice(after: work.contact, by: id)
                self.call = call
            case .wrapUp(_, let since, let deadline):
                wrapUp = DeskWrapUp(
                    contact: contact, since: since, until: deadline,
                    isExtended: agent.wrapUp(of: work.contact)?.isExtended ?? false)
            }
        }
    }

    /// The contact that the view is about.
    var contact: DeskContact? { offer?.contact ?? call?.contact ?? wrapUp?.contact }

    private static func contact(
        _ id: ContactID, in center: Center, known: DeskContact?, number: (ContactID) -> String?
    ) -> DeskContact {
        if let known, known.id == id { return known }
        guard let contact = center.contacts[id] else {
            // After a restart in the middle of a wrap-up nothing more is known.
            return DeskContact(id: id, number: nil, queue: nil, waitSeconds: 0, path: [], attributes: [])
        }
        return DeskContact(contact, number: number(id), at: center.now)
    }
}

extension DeskContact {
    init(_ contact: Contact, number: String?, at now: Instant) {
        id = contact.id
        self.number = number
        queue = contact.queue
        waitSeconds = 0
        path = Self.path(contact)
        attributes = contact.attributes
        switch contact.state {
        case .waiting(let entry):
            queue = entry.queue
            waitSeconds = max(0, (now - (contact.firstEnqueuedAt ?? entry.enqueuedAt)).inSeconds)
        case .talking(let conversation):
            if case .agent(_, let answering) = conversation.other { queue = answering }
            for case .answered(_, _, let seconds) in contact.timeline.map(\.what) { waitSeconds = seconds }
        case .announcing, .inFlow, .dialling, .voicemailPrompt, .voicemail, .leaving, .ended: break
        }
    }

    /// Flows and menu choices in the order in which the caller met them, then the queue.
    private static func path(_ contact: Contact) -> [String] {
        var steps: [String] = []
        var flow: FlowID?
        for line in contact.timeline {
            switch line.what {
            case .visited(let visited, _) where visited != flow:
                flow = visited
                steps.append(visited.rawValue)
            case .chose(let node, let key): steps.append("\(node): \(key)")
            case .enqueued(let queue, _): steps.append(queue.rawValue)
            // Whoever accepts knows that the customer is called, and how often that was in vain.
            case .callbackRequested: steps.append("callback")
            case .callbackDialled(_, let attempt): steps.append("called back, \(attempt)")
            default: continue
            }
        }
        return Array(steps.suffix(DeskLimits.pathStepsMax))
    }
}

extension DeskCall {
    init(_ contact: DeskContact, since: Instant, _ live: Contact?) {
        self.contact = contact
        self.since = since
        isHeld = live?.conversation?.heldBy == .agent
        isMuted = live?.conversation?.isMuted ?? false
        isLost = live?.conversation?.isLost ?? false
        recording = live?.recording == nil ? .off : live?.isMasked == true ? .paused : .on
    }
}

extension DeskCall {
    /// Who else is on it, and what can be done with them now: the buttons are there only when they can be used.
    fileprivate mutating func take(_ id: AgentID, in center: Center, names: [AgentID: String]) {
        guard let live = center.contacts[contact.id] else { return }
        if let own = live.participants.first(where: { $0.agent == id }) {
            part = Part(own.part)
            (isHeld, isMuted, isLost, recording) = (false, false, false, .off)
        }
        if part != .agent, case .agent(let agent, _)? = live.conversation?.other {
            others.append(Other(agent: agent, name: names[agent], part: .agent, isRinging: false))
        }
        for participant in live.participants where participant.agent != id && participant.mode == nil {
            others.append(
                Other(
                    agent: participant.agent, name: participant.agent.flatMap { names[$0] }, part: Part(participant.part),
                    isRinging: participant.leg == nil))
        }
        isTurnedToCaller = live.isTurnedToCaller
        notReached = part == .agent ? live.conversation?.notReached : nil
        isSupervised =
            part != .supervising && center.configuration.showsSupervision && live.supervisors.contains { $0.leg != nil }
        acts = Act.allCases.filter { act in
            guard let step = act.step else { return part == .agent && !isLost && live.consulted == nil }
            return center.refusal(of: .consultRequested(id, step)) == nil
        }
    }
}

extension DeskFigures {
    init(_ agent: AgentID, in center: Center) {
        let today = center.figuresToday(of: agent)
        handled = today.handled
        talkSeconds = today.talkSeconds
        averageHandleSeconds = today.averageHandleSeconds
        missed = today.missed
    }
}
