// A callback's call: made to the customer, and what becomes of it.

import ACD
import Basics
import IVR

extension Center {
    // MARK: Calling

    mutating func call(_ id: ContactID, expecting agent: AgentID) {
        guard var contact = contacts[id], let callback = contact.callback else { return }
        // Other hours may hold since a reload that has not come to this one yet.
        guard isOpen(callback.terms, at: now) else {
            park(&contact, notBefore: callback.notBefore)
            return store(contact)
        }
        dialCustomer(&contact, agentLeg: nil)
        set(.dialling(for: agent, until: now + ringing(contact)), of: &contact)
        store(contact)
    }

    private func ringing(_ contact: Contact) -> Duration { .seconds(contact.callback?.terms.ringSeconds ?? 30) }

    private mutating func dialCustomer(_ contact: inout Contact, agentLeg: LegID?) {
        guard let callback = contact.callback else { return }
        let leg = makeLeg()
        contact.leg = leg
        legs[leg] = .caller(contact.id)
        contact.callback?.attempts += 1
        contact.callback?.rings = nil
        queues.update(callback.queue) { $0.figures.noteCallback { $0.noteAttempt() } }
        contact.note(.callbackDialled(callback.terms.trunk, attempt: callback.attempts + 1), at: now)
        out.append(
            .callBack(
                CallBack(
                    leg: leg, contact: contact.id, caller: contact.caller, trunk: callback.terms.trunk,
                    callerID: callback.terms.callerID, agentLeg: agentLeg)))
    }

    /// Agent-first: an agent has accepted the parked contact and hears how the customer is called.
    mutating func reach(_ found: Contact, _ entry: QueueEntry, for agent: AgentID, on leg: LegID, _ device: DeviceID?) {
        var contact = found
        queues.update(entry.queue) { queue in
            queue.remove(entry.key)
            queue.figures.noteCallback { $0.noteEntryLeft() }
        }
        contact.agent = agent
        contact.state = .talking(
            Conversation(other: .agent(agent, entry.queue), leg: leg, since: now, device: device))
        out.append(.play(leg, makePlayback(), [.ringback], loops: true, stopsOnDigit: false))
        dialCustomer(&contact, agentLeg: leg)
        set(.reaching(until: now + ringing(contact)), of: &contact)
        out.append(.agentChanged(agent))
        out.append(.queueChanged(entry.queue))
        store(contact)
    }

    // MARK: The customer

    /// The customer's phone rings: the trunk works.
    mutating func customerRings(_ leg: LegID) {
        guard case .caller(let id)? = legs[leg], contacts.look(at: id, { $0.leg == leg }) == true else { return }
        switch contacts.look(at: id, { $0.callbackPhase }) ?? nil {
        case .dialling, .reaching: break
        case nil, .confirming, .resting, .ready, .proving, .holding, .provingBeside, .greeting, .ended: return
        }
        guard let queue = contacts.look(at: id, { $0.callback?.queue }) ?? nil else { return }
        contacts.update(id) { $0.callback?.rings = true }
        trunkWorks(for: queue)
    }

    /// - Parameter hasCalledIn: it is no call to the customer that was answered; machines do not call back.
    mutating func customerAnswered(_ id: ContactID, hasCalledIn: Bool = false) {
        guard var contact = contacts[id] else { return }
        if let queue = contact.callback?.queue { trunkWorks(for: queue) }
        switch contact.callbackPhase {
        case .dialling(let agent, _):
            contact.note(.callbackAnswered, at: now)
            if contact.callback?.terms.confirmKey == nil {
                set(.holding(for: agent), of: &contact)
                isOnLine(&contact, greeting: [.phrase(.callbackGreeting)])
            } else {
                set(.proving(for: agent, until: now + Self.proofMax), of: &contact)
                askForProof(&contact)
            }
        case .reaching:
            contact.note(.callbackAnswered, at: now)
            if hasCalledIn || contact.callback?.terms.confirmKey == nil {
                greet(&contact, with: hasCalledIn ? [] : [.phrase(.callbackGreeting)])
            } else {
                set(.provingBeside(until: now + Self.proofMax), of: &contact)
                askForProof(&contact)
            }
        case nil, .confirming, .resting, .ready, .proving, .holding, .provingBeside, .greeting, .ended:
            return
        }
        store(contact)
    }

    /// The agent waits: with the customer, unless that one has to hear first that the call is recorded.
    private mutating func greet(_ contact: inout Contact, with words: [Announcement]) {
        let queue = contact.callback?.queue
        guard let recording = queue.flatMap({ queues[$0]?.rules.recording }), !contact.isRecordingAnnounced else {
            return connectCustomer(&contact)
        }
        set(.greeting, of: &contact)
        play(words + [.prompt(.text(recording.announcement))], to: &contact)
    }

    // MARK: Machines

    /// How long whoever has answered is asked for the key; a greeting of a mailbox is over by then.
    static let proofMax = Duration.seconds(25)

    /// From the end of one question to the next: where there is no sound each is over at once.
    static let proofPause = Duration.seconds(1)

    mutating func pauseAsking(_ contact: inout Contact) {
        contact.playbackDeadline = now + Self.proofPause
        deadlines.set(.playback(contact.id), at: contact.playbackDeadline)
    }

    /// Again and again, as nobody hears the first words while the telephone is still on its way to the ear.
    mutating func askForProof(_ contact: inout Contact) {
        // A reload may have taken the key away since: then any will do.
        play([.callbackConfirm(key: contact.callback?.terms.confirmKey ?? "1")], to: &contact)
    }

    /// A key of whoever has answered: only the one that was asked for shows that it is no machine.
    mutating func proves(_ contact: inout Contact, by key: String) {
        guard contact.callback?.terms.confirmKey ?? key == key else { return }
        // The pause between two questions.
        if contact.playback == nil { contact.playbackDeadline = .distantFuture }
        switch contact.callbackPhase {
        case .proving(let agent, _):
            contact.note(.chose(node: "callback-confirm", key: key), at: now)
            set(.holding(for: agent), of: &contact)
            isOnLine(&contact, greeting: [])
        case .provingBeside:
            contact.note(.chose(node: "callback-confirm", key: key), at: now)
            greet(&contact, with: [])
        case nil, .confirming, .resting, .ready, .dialling, .holding, .reaching, .greeting, .ended: break
        }
    }

    /// Nobody has pressed the key: a try, and nobody was reached.
    private mutating func noteUnproved(_ contact: Contact) {
        guard contact.isBeingProved, let queue = contact.callback?.queue else { return }
        queues.update(queue) { $0.figures.noteCallback { $0.noteUnproved() } }
    }

    /// The customer waits at the old place again, with the limits of one who has just come.
    mutating func isOnLine(_ contact: inout Contact, greeting: [Announcement]) {
        guard var entry = contact.entry, let rules = queues.look(at: entry.queue, { $0.rules }) else { return }
        if contact.callback?.wasRecording == true { startRecording(of: &contact, with: nil) }
        entry.isRoutable = rules.recording == nil || contact.isRecordingAnnounced
        // The hours without anybody on the line are no waiting: what is measured and limited begins now.
        entry.enqueuedAt = now
        entry.limitAt = rules.waitSecondsMax.map { now + .seconds($0) } ?? .distantFuture
        deadlines.set(.waitLimit(contact.id), at: entry.limitAt)
        contact.state = .waiting(entry)
        relax(&contact)
        var words = greeting
        if !entry.isRoutable, let recording = rules.recording { words.append(.prompt(.text(recording.announcement))) }
        if words.isEmpty { contactsToEntertain.append(contact.id) } else { play(words, to: &contact) }
        // Nobody shall wait for agents who have all gone.
        queuesToCheck.append(entry.queue)
        out.append(.queueChanged(entry.queue))
    }

    /// The customer has heard that the call is recorded.
    mutating func customerGreeted(_ contact: inout Contact) {
        guard case .greeting = contact.callbackPhase else { return }
        contact.isRecordingAnnounced = true
        connectCustomer(&contact)
    }

    private mutating func connectCustomer(_ contact: inout Contact) {
        guard let conversation = contact.conversation, case .agent(let agent, let queue) = conversation.other,
            let callback = contact.callback
        else { return }
        contact.answeredAt = contact.answeredAt ?? now
        contact.note(.answered(agent, queue, waitSeconds: (now - callback.requestedAt).inSeconds), at: now)
        endCallback(&contact, .reached)
        if queues.look(at: queue, { $0.rules.preference?.lastAgent }) ?? nil != nil {
            lastAgents.note(agent, with: contact.caller, at: now)
        }
        connect(&contact, to: conversation)
        if callback.wasRecording || queues[queue]?.rules.recording != nil {
            startRecording(of: &contact, with: conversation.leg)
        }
        out.append(.agentChanged(agent))
    }

    /// The customer's leg is gone, or has not come about.
    mutating func customerGone(_ found: Contact, _ failure: LegFailure) {
        var contact = found
        var agent: AgentID?
        switch contact.callbackPhase {
        case .confirming:
            park(&contact, notBefore: now)
        case .dialling, .reaching:
            agent = letGoOfAgent(&contact)
            if failure == .notCallable {
                takeBackAttempt(&contact)
                fail(&contact, .notCallable)
                break
            }
            tryAgain(&contact, after: failure == .failed ? .notMade : failure)
        case .proving, .provingBeside:
            // A mailbox that has heard enough, or somebody who does not want to.
            noteUnproved(contact)
            agent = letGoOfAgent(&contact)
            tryAgain(&contact, after: .unreachable)
        case .holding, .greeting:
            agent = letGoOfAgent(&contact)
            fail(&contact, .hungUp)
        case nil, .resting, .ready, .ended:
            figures.lateEvents += 1
        }
        store(contact)
        if let agent { isFreeAgain(agent) }
    }

    // MARK: Tries

    /// Later, at the old place; after the last try, never.
    private mutating func tryAgain(_ contact: inout Contact, after failure: LegFailure) {
        var later = now
        if failure == .notMade {
            // What the trunk could not do was no try, and the next customer would meet it, too.
            takeBackAttempt(&contact)
            later = noteFault(of: &contact)
        } else {
            contact.note(.notConnected(failure), at: now)
            if let queue = contact.callback?.queue { trunkWorks(for: queue) }
        }
        guard let callback = contact.callback, callback.attempts < callback.terms.attemptsMax else {
            return fail(&contact, .notReached)
        }
        if contact.entry == nil, !queueAgain(&contact) { return }
        if failure != .notMade { later = now + .seconds(callback.terms.spacingSeconds) }
        park(&contact, notBefore: later)
    }

    /// The last call to the customer was none.
    mutating func takeBackAttempt(_ contact: inout Contact) {
        guard let callback = contact.callback, callback.attempts > 0 else { return }
        contact.callback?.attempts = callback.attempts - 1
        queues.update(callback.queue) { $0.figures.noteCallback { $0.takeBackAttempt() } }
    }

    // MARK: Faults of the trunk

    /// Until when the queue calls nobody; nil: it calls.
    func pause(of queue: QueueID) -> Instant? {
        (queues.look(at: queue, { $0.callbacksPausedUntil }) ?? nil).flatMap { $0 > now ? $0 : nil }
    }

    /// A call could not be made. The first such call pauses the whole queue's calling, and is noted; others were under way.
    ///
    /// - Returns: when the queue calls again.
    private mutating func noteFault(of contact: inout Contact) -> Instant {
        guard let id = contact.callback?.queue else { return now + Self.callbackRetry }
        if let until = pause(of: id) { return until }
        let seconds = min(
            (queues.look(at: id, { $0.callbackPauseSeconds }) ?? nil).map { $0 * 2 } ?? Self.callbackPauseSecondsMin,
            Self.callbackPauseSecondsMax)
        let until = now + .seconds(seconds)
        queues.update(id) { queue in
            queue.callbackPauseSeconds = seconds
            queue.callbacksPausedUntil = until
        }
        if seconds == Self.callbackPauseSecondsMin { contact.note(.notConnected(.notMade), at: now) }
        index.mayCall(id)
        return until
    }

    /// Agent first: nobody is asked to wait for a customer who cannot be called. It rests until the queue calls again.
    mutating func restsWhilePaused(_ found: Contact) -> Bool {
        guard found.isParked, let entry = found.entry, let until = pause(of: entry.queue) else { return false }
        var contact = found
        park(&contact, notBefore: until)
        store(contact)
        return true
    }

    private mutating func trunkWorks(for queue: QueueID) {
        guard queues.look(at: queue, { $0.callbackPauseSeconds != nil }) == true else { return }
        queues.update(queue) { queue in
            queue.callbackPauseSeconds = nil
            queue.callbacksPausedUntil = nil
        }
        index.mayCall(queue)
    }

    /// The agent who waits for the customer has hung up, or is gone.
    mutating func agentLeftCallback(_ id: ContactID) {
        guard var contact = contacts[id] else { return }
        let agent = letGoOfAgent(&contact)
        switch contact.callbackPhase {
        case .greeting:
            // The customer is on the line: somebody else takes over.
            if queueAgain(&contact) {
                set(.holding(for: nil), of: &contact)
                isOnLine(&contact, greeting: [])
            }
        case .provingBeside(let until):
            if queueAgain(&contact) { set(.proving(for: nil, until: until), of: &contact) }
        case .reaching, nil, .confirming, .resting, .ready, .dialling, .proving, .holding, .ended:
            hangUp(contact.leg, .callerGone)
            if contact.callback?.rings == true {
                tryAgain(&contact, after: .declined)
            } else {
                // Nobody has heard anything of it: no try, and no fault of the trunk either.
                takeBackAttempt(&contact)
                if contact.entry != nil || queueAgain(&contact) { park(&contact, notBefore: now + Self.callbackRetry) }
            }
        }
        store(contact)
        if let agent { isFreeAgain(agent) }
    }

    /// The agent who waits for this customer.
    func reached(by agent: AgentID) -> ContactID? {
        guard let id = agents.look(at: agent, { $0.activeContact }) ?? nil,
            contacts.look(at: id, { $0.isBeingReached }) == true
        else { return nil }
        return id
    }

    /// - Returns: whom `isFreeAgain` is to be told of when the contact is stored.
    mutating func letGoOfAgent(_ contact: inout Contact) -> AgentID? {
        guard contact.isBeingReached, let conversation = contact.conversation,
            case .agent(let agent, let queue) = conversation.other
        else { return nil }
        hangUp(conversation.leg, .callerGone)
        let today = configuration.day(at: now)
        let comparesRecords = queues.look(at: queue, { $0.rules.comparesRecords }) ?? false
        agents.update(agent) { agent in
            if comparesRecords { agent.noteEnd(of: queue, at: now) }
            _ = agent.finish(contact.id, wrapUp: nil, at: now)
            agent.countTalk(now - conversation.since, isHandled: false, on: today)
        }
        contact.state = .inFlow
        contact.note(.agentLeft(agent), at: now)
        out.append(.agentChanged(agent))
        return agent
    }

    mutating func isFreeAgain(_ agent: AgentID) {
        reviewLoss(agent)
        dropIfRemoved(agent)
        agentMayBeFree(agent)
        presenceChanged(agent)
    }

    mutating func callbackDue(_ id: ContactID) {
        guard var contact = contacts[id], let callback = contact.callback else { return }
        var agent: AgentID?
        switch callback.phase {
        case .confirming: callbackConfirmed(&contact)
        case .resting, .ready: park(&contact, notBefore: callback.notBefore)
        case .dialling, .reaching:
            hangUp(contact.leg, .timeout)
            agent = letGoOfAgent(&contact)
            // Where nothing rang nobody was called.
            tryAgain(&contact, after: callback.rings == true ? .unreachable : .notMade)
        case .proving, .provingBeside:
            noteUnproved(contact)
            hangUp(contact.leg, .timeout)
            agent = letGoOfAgent(&contact)
            tryAgain(&contact, after: .unreachable)
        case .holding, .greeting, .ended: return
        }
        store(contact)
        if let agent { isFreeAgain(agent) }
    }
}
