// Whoever was promised a callback and turns up: by another call, with another request, after a reload or a restart.

import ACD
import Basics
import IVR

extension Center {
    // MARK: Calling in

    /// The caller rings the same number again while the contact is parked: the call goes on at the old place.
    mutating func comesBack(_ arrival: Arrival) -> Bool {
        guard arrival.canBeCalledBack == true else { return false }
        followChanges()
        var next = index.callbacks.first(notBefore: CallbackKey(caller: arrival.caller, queue: ""))
        while let entry = next, entry.key.caller == arrival.caller {
            if let contact = contacts[entry.value], contact.number == arrival.number, goesOnOnLine(contact) {
                out.append(.answer(arrival.leg))
                attach(arrival.leg, to: contact, at: nil)
                return true
            }
            next = index.callbacks.first(after: entry.key)
        }
        return false
    }

    /// Whether it would be taken on the line now. If not, the promise stands, and the call takes the way of any other.
    private func goesOnOnLine(_ contact: Contact) -> Bool {
        guard canCancelCallback(contact.id), let callback = contact.callback else { return false }
        // An agent waits for this very customer.
        if contact.isBeingReached { return true }
        guard let entry = contact.entry, let queue = queues[entry.queue] else { return false }
        if let hours = queue.rules.limits.hours {
            guard configuration.hours.first(where: { $0.id == hours })?.isOpen(at: now) == true else { return false }
        }
        return isOpen(callback.terms, at: now) && callback.wishedAt.map { $0 <= now } != false && staffed(queue.id) > 0
            && diversion(from: queue, isReturn: true, of: contact, with: entry.key) == nil
    }

    /// The caller comes by another way to the queue in which a callback waits: the call goes on as the contact that was first.
    mutating func goesOnAsParked(_ contact: inout Contact, in queue: QueueID, with key: OrderKey) -> Bool {
        guard contact.canBeCalledBack == true, contact.callbackPhase == nil else { return false }
        followChanges()
        guard let id = index.callbacks[CallbackKey(caller: contact.caller, queue: queue)], id != contact.id,
            var parked = contacts[id], goesOnOnLine(parked)
        else { return false }
        let isAnnounced = contact.isRecordingAnnounced
        if let recording = contact.recording {
            stop(recording, of: &contact)
            contact.recording = nil
            parked.callback?.wasRecording = true
        }
        // Supervisors may have waited with the caller.
        let freed = removeCompany(of: &contact)
        contact.playback = nil
        contact.playbackDeadline = .distantFuture
        contact.endedAt = now
        conclude(contact, .merged)
        contact.note(.ended(.merged, by: .system), at: now)
        contact.state = .ended(.merged)
        attach(contact.leg, to: parked, at: key, isAnnounced: isAnnounced)
        for agent in freed { isFreeAgain(agent) }
        return true
    }

    /// - Parameter key: a place that the call could have had by itself.
    ///   - isAnnounced: whoever is on the line now has heard that the call is recorded.
    private mutating func attach(_ leg: LegID, to found: Contact, at key: OrderKey?, isAnnounced: Bool = false) {
        var contact = found
        contact.isRecordingAnnounced = isAnnounced
        hangUp(contact.leg)
        contact.leg = leg
        legs[leg] = .caller(contact.id)
        if contact.isBeingReached {
            contacts[contact.id] = contact
            return customerAnswered(contact.id, hasCalledIn: true)
        }
        endCallback(&contact, .reattached)
        if let key { move(&contact, to: key, since: now) }
        isOnLine(&contact, greeting: [])
        store(contact)
    }

    // MARK: Asking twice

    /// The caller has a callback already: that one counts, at the better of the two places.
    mutating func merge(_ contact: inout Contact, into other: ContactID) {
        guard let entry = contact.entry else { return }
        leaveQueue(&contact) { figures, _ in
            figures.noteCallback { figures in
                figures.noteMerge()
                figures.noteEntryLeft()
            }
        }
        contact.note(.callbackRequested(entry.queue, promisedSeconds: nil), at: now)
        leave(&contact, [.phrase(.callbackPromised)], .merged)
        bringForward(other, to: entry.key, since: entry.enqueuedAt, wishedAt: nil)
    }

    /// Another request, which may be for an earlier time.
    mutating func bringForward(_ id: ContactID, to key: OrderKey, since: Instant, wishedAt: Instant?) {
        guard var contact = contacts[id], contact.isParked, move(&contact, to: key, since: since) else { return }
        contact.callback?.wishedAt = wishedAt
        contact.callback?.promisedAt = wishedAt
        park(&contact, notBefore: wishedAt ?? now)
        store(contact)
    }

    /// - Parameter since: the time from which that place counts its wait.
    /// - Returns: false if it is not the better place.
    @discardableResult
    private mutating func move(_ contact: inout Contact, to place: OrderKey, since: Instant) -> Bool {
        guard var entry = contact.entry else { return false }
        var key = place
        key.contact = contact.id
        guard key < entry.key else { return false }
        queues.update(entry.queue) { queue in
            queue.remove(entry.key)
            queue.insert(key)
        }
        entry.key = key
        entry.enqueuedAt = min(entry.enqueuedAt, since)
        contact.firstEnqueuedAt = contact.firstEnqueuedAt.map { min($0, since) } ?? since
        orderChanged(in: entry.queue)
        contact.orderKey = key
        contact.state = .waiting(entry)
        relax(&contact)
        return true
    }

    // MARK: Other rules, another process

    /// Open callbacks get to know other terms, some in each turn.
    struct TermsWave: Codable, Hashable, Sendable {
        var after: ContactID?
        var at: Instant
    }

    /// Callbacks in one turn.
    static let termsPerTurnMax = 50

    /// Promises are kept under the terms that count now; where none do any more, under the old ones, agent first.
    mutating func applyCallbacks(_ new: CenterConfiguration) {
        followChanges()
        termsWave = nil
        spreadTerms(after: nil)
        for rules in new.queues { index.mayCall(rules.id) }
    }

    mutating func termsWaveDue() {
        guard let wave = termsWave else { return }
        termsWave = nil
        spreadTerms(after: wave.after)
    }

    private mutating func spreadTerms(after last: ContactID?) {
        var last = last
        for _ in 0..<Self.termsPerTurnMax {
            guard let id = (last.map { index.callbackPlaces.first(after: $0) } ?? index.callbackPlaces.first)?.key else {
                return
            }
            last = id
            takeTerms(id)
            followChanges()
        }
        termsWave = TermsWave(after: last, at: now + .microseconds(1))
        deadlines.set(.terms, at: now + .microseconds(1))
    }

    private mutating func takeTerms(_ id: ContactID) {
        guard var contact = contacts[id], let callback = contact.callback else { return }
        if var terms = queues.look(at: callback.queue, { $0.rules.callback }) ?? nil {
            // Who waits for a call gets one, however many there have been.
            terms.attemptsMax = max(terms.attemptsMax, callback.attempts + (callback.isParked ? 1 : 0))
            contact.callback?.terms = terms
        } else {
            contact.callback?.terms.mode = .agentFirst
        }
        if callback.isParked { park(&contact, notBefore: callback.notBefore) }
        if contacts.look(at: id, { $0 == contact }) != true { store(contact) }
    }

    /// A promise outlives the process in which it was made: the contact keeps its place, and a call that was cut off is made
    /// again and was no try.
    ///
    /// - Returns: false if the contact has died with its legs.
    mutating func outlives(_ contact: inout Contact, lastSeen: Instant) -> Bool {
        guard let callback = contact.callback, callback.isOpen else { return false }
        legs[contact.leg] = nil
        if contact.recording != nil { contact.callback?.wasRecording = true }
        contact.recording = nil
        var notBefore = callback.notBefore
        switch callback.phase {
        case .confirming, .resting, .ready, .ended: break
        case .holding:
            forgive(&contact)
            notBefore = now
            // Who has answered and was cut off gets another call, however many there have been.
            contact.callback?.terms.attemptsMax = max(callback.terms.attemptsMax, callback.attempts + 1)
        case .dialling, .proving, .reaching, .provingBeside, .greeting:
            forgive(&contact)
            contact.note(.notConnected(.notMade), at: now)
            notBefore = now + .seconds(callback.terms.spacingSeconds)
        }
        if let talk = contact.conversation, case .agent(let agent, _) = talk.other {
            let day = configuration.day(at: lastSeen)
            agents.update(agent) { $0.countTalk(lastSeen - talk.since, isHandled: false, on: day) }
            contact.state = .inFlow
        }
        if var entry = contact.entry {
            entry.offers = []
            entry.nextOfferAt = nil
            entry.isRoutable = true
            entry.limitAt = .distantFuture
            entry.announceAt = .distantFuture
            contact.state = .waiting(entry)
        }
        if let now = contact.callback, now.attempts >= now.terms.attemptsMax {
            // The last try, and the second that was cut off.
            fail(&contact, .notReached)
        } else if contact.entry != nil || queueAgain(&contact) {
            park(&contact, notBefore: notBefore)
        }
        store(contact)
        return true
    }

    /// A call that a process did not see the end of was no try: once, or one that ends with each such call makes it for ever.
    private mutating func forgive(_ contact: inout Contact) {
        guard let callback = contact.callback, callback.wasForgiven != true else { return }
        contact.callback?.wasForgiven = true
        takeBackAttempt(&contact)
    }
}
