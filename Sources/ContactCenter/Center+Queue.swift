// Waiting: entering a queue, what is heard there, and leaving it without an agent.

import ACD
import Basics
import IVR

extension Center {
    mutating func enqueue(_ contact: inout Contact, _ enter: EnterQueue) -> StepsEnd {
        let end = join(&contact, enter.queue, with: orderKey(of: contact, enter), isReturn: false, asCallback: enter.asCallback)
        if end == .waiting, enter.asCallback { requestCallback(&contact) }
        return end
    }

    /// - Parameters:
    ///   - isReturn: it has been with an agent, and does not come in as somebody new.
    ///   - former: the agent who has just handed it on.
    ///   - asCallback: it does not come to wait on the line, where somebody parked has come back to.
    mutating func join(
        _ contact: inout Contact, _ id: QueueID, with key: OrderKey, isReturn: Bool, notBy former: AgentID? = nil,
        asCallback: Bool = false
    ) -> StepsEnd {
        contact.queue = id
        followChanges()
        guard queues.look(at: id, { $0.isRemoved }) == false else {
            contact.note(.diverted(id, .withdrawn), at: now)
            return .handedBack
        }
        if !isReturn, !asCallback, goesOnAsParked(&contact, in: id, with: key) { return .waiting }
        let medium = contact.medium
        queues.update(id) { $0.figures.noteEntry(of: medium) }
        if let cause = diversion(from: id, isReturn: isReturn, of: contact, with: key) {
            queues.update(id) { $0.figures.noteDiversion(cause, after: .zero, of: medium) }
            out.append(.queueChanged(id))
            contact.note(.diverted(id, cause), at: now)
            return .handedBack
        }
        contact.firstEnqueuedAt = contact.firstEnqueuedAt ?? now
        contact.orderKey = key
        learnStaff(for: contact, in: id)
        let begin = beginning(of: contact, in: id, with: key, isReturn: isReturn, notBy: former)
        let (isLast, recording, waitSecondsMax) =
            queues.update(id) { queue in
                queue.insert(key)
                return (queue.waiting.last == key, queue.rules.recording, queue.rules.waitSecondsMax)
            } ?? (true, nil, nil)
        var entry = QueueEntry(
            queue: id, key: key, enqueuedAt: now,
            isRoutable: recording == nil || contact.isRecordingAnnounced || contact.isDigital,
            limitAt: contact.isPatient ? .distantFuture : waitSecondsMax.map { now + .seconds($0) } ?? .distantFuture)
        let place = Standing(
            in: id, key, kind: kindPlace(of: contact), begin, values(of: contact, onStep: begin.step, in: id))
        let position = position(of: place)
        if !isReturn, !contact.isDigital, !hasFree(in: id, for: contact, begin) {
            entry.expectedSeconds = expectedWait(of: place)?.seconds
        }
        entry.begin(begin)
        contact.state = .waiting(entry)
        contact.note(.enqueued(id, position: position), at: now)
        deadlines.set(.waitLimit(contact.id), at: entry.limitAt)
        if !isLast { orderChanged(in: id) }
        relax(&contact, isBeginning: true)
        if contact.isDigital {
            // Nothing is to be heard.
        } else if entry.isRoutable {
            contactsToEntertain.append(contact.id)
        } else if let recording {
            play([.prompt(.text(recording.announcement))], to: &contact)
        }
        out.append(.queueChanged(id))
        return .waiting
    }

    /// Why the queue would not take a contact now.
    ///
    /// - Parameters:
    ///   - isReturn: then it has its place, however many wait.
    ///   - key: the place that it would have.
    func diversion(
        from id: QueueID, isReturn: Bool = false, of contact: Contact, with key: OrderKey
    ) -> DiversionCause? {
        queues.look(at: id) { diversion(from: $0, isReturn: isReturn, of: contact, with: key) } ?? nil
    }

    func diversion(
        from queue: WaitingQueue, isReturn: Bool = false, of contact: Contact, with key: OrderKey
    ) -> DiversionCause? {
        guard queue.rules.kinds.contains(contact.kind) else { return .closed }
        let limits = queue.rules.limits
        let ahead = queue.waiting.count - resting(in: queue.id)
        if contact.isPatient {
            guard !isReturn, let max = queue.rules.waitingMax, ahead >= max else { return nil }
            return .full
        }
        if !isReturn, let hours = limits.hours,
            configuration.hours.first(where: { $0.id == hours })?.isOpen(at: now) == false
        {
            return .closed
        }
        if !isReturn, let max = queue.rules.waitingMax, ahead >= max { return .full }
        let staffed = contact.isDigital ? staffedInAll(queue.id) : staffed(queue.id)
        if !queue.rules.joinEmpty, staffed == 0 { return .joinEmpty }
        guard !isReturn, limits.waitingPerAgentMax != nil || limits.expectedWaitSecondsMax != nil else { return nil }
        // Who is served at once neither waits nor stands in anybody's way.
        let begin = beginning(of: contact, in: queue, with: key, isReturn: isReturn)
        guard !hasFree(in: queue.id, for: contact, begin) else { return nil }
        if let max = limits.waitingPerAgentMax, Double(ahead + 1) > max * Double(staffed) { return .waitRatio }
        if let max = limits.expectedWaitSecondsMax,
            let wait = expectedWait(
                of: Standing(
                    in: queue.id, key, kind: kindPlace(of: contact), begin,
                    values(of: contact, onStep: begin.step, in: queue.id)), in: queue, leavingOutResting: true)?.seconds,
            wait > Double(max)
        {
            return .waitTime
        }
        return nil
    }

    /// A caller who waits presses a key with which one leaves the queue.
    mutating func leave(_ entry: QueueEntry, by key: String, _ contact: inout Contact) {
        if takesCallback(entry, by: key, &contact) { return }
        guard contact.hearsQueue, queues.look(at: entry.queue, { $0.rules.limits.exitKeys.contains(key) }) == true else {
            return
        }
        contact.note(.chose(node: contact.interpreter.node ?? "", key: key), at: now)
        divert(&contact, .key)
    }

    // MARK: What is heard

    /// After matching: who was not offered to anybody hears position and expected wait, the others just music.
    mutating func entertain() {
        guard !contactsToEntertain.isEmpty else { return }
        for id in contactsToEntertain {
            if startMusic(for: id) { continue }
            guard var contact = contacts[id], let entry = contact.entry, contact.hearsQueue, !contact.isDigital else {
                continue
            }
            if entry.offer == nil {
                announce(&contact, entry)
            } else {
                if queues.look(at: entry.queue, { $0.rules.callback != nil }) == true { waitForAnnouncement(&contact) }
                playMusic(&contact, entry)
            }
            // What is heard changes nothing about who may have whom.
            contacts.insertUnwatched(contact, for: id)
        }
        contactsToEntertain.removeAll(keepingCapacity: true)
    }

    /// For whom somebody is rung already and no callback is offered, as most: in place, without the contact being taken out.
    ///
    /// - Returns: false if there is more to do.
    private mutating func startMusic(for id: ContactID) -> Bool {
        let queue =
            contacts.look(at: id) { contact -> QueueID? in
                guard case .waiting(let entry) = contact.state, entry.offer != nil, contact.callback == nil, !contact.isDigital
                else { return nil }
                return entry.queue
            } ?? nil
        guard let queue, let music = queues.look(at: queue, { $0.rules.callback == nil ? .some($0.rules.music) : nil }) ?? nil
        else { return false }
        let playback = makePlayback()
        let leg = contacts.updateUnwatched(id) { contact in
            contact.playback = playback
            contact.playbackDeadline = .distantFuture
            return contact.leg
        }
        out.append(.play(leg ?? .none, playback, [.music(music)], loops: true, stopsOnDigit: false))
        return true
    }

    private mutating func playMusic(_ contact: inout Contact, _ entry: QueueEntry) {
        let music = queues.look(at: entry.queue) { $0.rules.music } ?? nil
        play([.music(music)], to: &contact, loops: true)
    }

    mutating func announce(_ contact: inout Contact, _ entry: QueueEntry) {
        let (isTold, isOffered) =
            queues.look(at: entry.queue) { ($0.rules.announceEverySeconds != nil, $0.rules.callback != nil) } ?? (false, false)
        // A place in the queue means nothing to one who waits for a certain agent.
        guard isTold || isOffered, entry.personal == nil,
            queues.look(at: entry.queue, { $0.waiting.contains(entry.key) }) == true
        else { return playMusic(&contact, entry) }
        let place = standing(of: contact, entry)
        let position = position(of: place), wait = expectedWait(of: place)?.seconds
        var words: [Announcement] = []
        if isTold {
            contact.note(.announced(position: position, expectedWaitSeconds: wait), at: now)
            words = [.position(position)] + (wait.map { [.expectedWait(WaitRange(seconds: $0))] } ?? [])
        }
        words += callbackOffer(to: &contact, entry, expectedSeconds: wait)
        guard !words.isEmpty else {
            waitForAnnouncement(&contact)
            return playMusic(&contact, entry)
        }
        play(words, to: &contact)
    }

    /// Sets the time of the next announcement, if there is to be one.
    private mutating func waitForAnnouncement(_ contact: inout Contact) {
        guard var entry = contact.entry, let rules = queues.look(at: entry.queue, { $0.rules }) else { return }
        var next = Instant.distantFuture
        if let seconds = rules.announceEverySeconds, seconds > 0 { next = now + .seconds(seconds) }
        if let offer = nextCallbackOffer(to: contact, entry, rules) { next = min(next, offer) }
        guard next != .distantFuture else { return }
        entry.announceAt = next
        deadlines.set(.announcement(contact.id), at: next)
        contact.state = .waiting(entry)
    }

    mutating func waitingPlaybackEnded(_ contact: inout Contact) {
        guard var entry = contact.entry else { return }
        guard contact.hearsQueue else {
            return contact.isBeingProved ? askForProof(&contact) : callbackConfirmed(&contact)
        }
        if !entry.isRoutable {
            entry.isRoutable = true
            contact.isRecordingAnnounced = true
            contact.state = .waiting(entry)
            if let personal = entry.personal { agents.touch(personal.agent) }
            contactsToEntertain.append(contact.id)
            return
        }
        waitForAnnouncement(&contact)
        playMusic(&contact, entry)
    }

    // MARK: Leaving

    /// Takes the contact out of its queue; what rings for it is rescinded in the same turn (freeswitch#2529).
    mutating func leaveQueue(_ contact: inout Contact, _ count: (inout QueueFigures, Duration) -> Void) {
        guard var entry = contact.entry else { return }
        for offer in entry.offers { rescind(offer, noting: &contact) }
        forgetPersonal(&entry, contact.id)
        queues.update(entry.queue) { queue in
            queue.remove(entry.key)
            count(&queue.figures, now - entry.enqueuedAt)
        }
        index.mayCall(entry.queue)
        out.append(.queueChanged(entry.queue))
    }

    /// The queue gives the contact back to its flow.
    mutating func divert(_ contact: inout Contact, _ cause: DiversionCause) {
        guard let entry = contact.entry, !staysAsCallback(&contact, cause) else { return }
        let medium = contact.medium
        leaveQueue(&contact) { $0.noteDiversion(cause, after: $1, of: medium) }
        contact.note(.diverted(entry.queue, cause), at: now)
        handBack(&contact)
    }

    /// Contacts that queues give away at once in one turn; the others follow in turns of their own.
    static let diversionsOfAllInTurnMax = 50

    /// Everybody who waits in the queue goes on with its flow, first come first.
    mutating func divertAll(from id: QueueID, _ cause: DiversionCause) {
        var first: [ContactID] = []
        var isMore = false
        let isStaffed = staffedInAll(id) > 0
        for key in queues.look(at: id, { $0.waiting }) ?? WaitingLine() {
            // Somebody may do other work of the queue although nobody takes its calls.
            let stays = contacts.look(at: key.contact) { $0.staysInEmpty || $0.isDigital && isStaffed }
            if cause == .leaveEmpty, stays == true { continue }
            isMore = first.count >= diversionsLeft
            if isMore { break }
            first.append(key.contact)
        }
        diversionsLeft -= first.count
        for contact in first {
            guard var contact = contacts[contact] else { continue }
            divert(&contact, cause)
            store(contact)
        }
        let next = isMore ? now + .microseconds(1) : nil
        queues.update(id) { $0.emptiesAt = next }
        if let next { deadlines.set(.emptying(id), at: next) }
    }

    /// Those who are left of a queue that was too long to be emptied in one turn.
    mutating func goOnEmptying(_ id: QueueID) {
        queues.update(id) { $0.emptiesAt = nil }
        guard queues.look(at: id, { $0.isRemoved }) == true else { return queuesToCheck.append(id) }
        emptyRemoved(id)
    }

    mutating func emptyRemoved(_ id: QueueID) {
        divertAll(from: id, .withdrawn)
        dropIfOver(id)
    }

    /// Takes a queue that is gone out of the table as soon as nobody waits in it any more, and nobody is being called back for
    /// it: if it comes again meanwhile it must know of them.
    mutating func dropIfOver(_ id: QueueID) {
        if queues.look(at: id, { $0.isRemoved && $0.waiting.isEmpty && $0.figures.callbacks.open == 0 }) == true {
            queues[id] = nil
        }
    }
}
