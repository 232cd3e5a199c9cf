// A callback's beginning and end: who may have one, what is promised, parking, and what is counted (definitions.md 3.7).

import ACD
public import Basics
import IVR

extension Center {
    /// Callbacks open at once, in all queues.
    public static let callbacksMax = 20_000
    /// Between two looks whether a callback can be offered to somebody who waits.
    static let callbackOfferCheck = Duration.seconds(30)
    /// What is left at the opening to a callback that would have been given up while the line was closed.
    static let openingGraceMax = Duration.seconds(3600)
    /// After a call that the center itself could not make.
    static let callbackRetry = Duration.seconds(callbackPauseSecondsMin)
    /// How long a queue calls nobody after a call that the trunk could not make; each further one doubles it.
    static let callbackPauseSecondsMin = 30
    static let callbackPauseSecondsMax = 900

    // MARK: Offering

    private func mayAsk(_ contact: Contact, in queue: QueueID, _ terms: CallbackRules) -> Bool {
        contact.canBeCalledBack(by: queue) && contact.callbackPhase == nil && index.callbackPlaces.count < Self.callbacksMax
            && isOpen(terms, at: now) && callbackAllowance.allows(contact.caller, on: configuration.day(at: now))
    }

    private func hours(of terms: CallbackRules) -> OpeningHours? {
        terms.hours.flatMap { id in configuration.hours.first { $0.id == id } }
    }

    /// Hours that are not known are over.
    func isOpen(_ terms: CallbackRules, at time: Instant) -> Bool {
        terms.hours == nil || hours(of: terms)?.isOpen(at: time) == true
    }

    /// What a caller who waits hears of it now.
    mutating func callbackOffer(
        to contact: inout Contact, _ place: QueueEntry, expectedSeconds: Double?
    ) -> [Announcement] {
        guard let terms = queues.look(at: place.queue, { $0.rules.callback }) ?? nil, let key = terms.key,
            mayAsk(contact, in: place.queue, terms),
            place.callbackOffered == true
                || terms.isOffered(after: now - place.enqueuedAt, expectedSeconds: expectedSeconds)
        else { return [] }
        var entry = place
        entry.callbackOffered = true
        contact.state = .waiting(entry)
        return [.callbackOffer(key: key)]
    }

    /// When it is looked at next whether a callback can be offered; nil: never, or it has been.
    func nextCallbackOffer(to contact: Contact, _ entry: QueueEntry, _ rules: QueueRules) -> Instant? {
        guard let terms = rules.callback, terms.key != nil, entry.callbackOffered != true,
            contact.canBeCalledBack(by: entry.queue), contact.callbackPhase == nil
        else { return nil }
        let check = now + Self.callbackOfferCheck
        guard let seconds = terms.offerAfterSeconds else { return check }
        let due = entry.enqueuedAt + .seconds(seconds)
        guard due > now else { return check }
        return terms.offerWhenExpectedWaitOver == nil ? due : min(due, check)
    }

    // MARK: Asking

    /// A caller who waits presses the key that was offered.
    mutating func takesCallback(_ entry: QueueEntry, by key: String, _ contact: inout Contact) -> Bool {
        guard entry.callbackOffered == true, contact.hearsQueue,
            let terms = queues.look(at: entry.queue, { $0.rules.callback }) ?? nil, terms.key == key,
            mayAsk(contact, in: entry.queue, terms)
        else { return false }
        contact.note(.chose(node: contact.interpreter.node ?? "", key: key), at: now)
        requestCallback(&contact)
        return true
    }

    /// The contact keeps its place, and the line is let go of. Who cannot be called back waits on.
    mutating func requestCallback(_ contact: inout Contact) {
        guard let place = contact.entry, let queue = queues[place.queue], let terms = queue.rules.callback,
            mayAsk(contact, in: place.queue, terms)
        else { return }
        followChanges()
        if let other = index.callbacks[CallbackKey(caller: contact.caller, queue: place.queue)], other != contact.id {
            // One that is about to end would take the promise with it.
            guard canCancelCallback(other) else { return }
            return merge(&contact, into: other)
        }
        leaveLine(&contact)
        guard let entry = contact.entry else { return }
        callbackAllowance.note(contact.caller, on: configuration.day(at: now))
        let wait = expectedWait(of: standing(of: contact, entry), in: queue)?.seconds
        contact.callback = Callback(
            queue: entry.queue, terms: terms, requestedAt: now,
            promisedAt: wait.map { now + .seconds(min($0, ExpectedWait.secondsMax)) }, hasConsented: true,
            phase: .confirming(until: now + Self.goodbyeMax), givesUpAt: now + .seconds(terms.giveUpSeconds), notBefore: now)
        deadlines.set(.callback(contact.id), at: now + Self.goodbyeMax)
        queues.update(entry.queue) { $0.figures.noteCallback { $0.noteRequest() } }
        contact.note(.callbackRequested(entry.queue, promisedSeconds: wait), at: now)
        out.append(.keepNumber(contact.caller, of: contact.leg))
        out.append(.queueChanged(entry.queue))
        let range = wait.map { [Announcement.expectedWait(WaitRange(seconds: $0))] } ?? []
        play([.phrase(.callbackPromised)] + range, to: &contact)
    }

    /// Nobody is rung for it, and it has the limits of nobody on the line.
    private mutating func leaveLine(_ contact: inout Contact) {
        for offer in contact.entry?.offers ?? [] { rescind(offer, noting: &contact) }
        guard var entry = contact.entry else { return }
        forgetPersonal(&entry, contact.id)
        entry.isRoutable = true
        entry.limitAt = .distantFuture
        entry.announceAt = .distantFuture
        entry.nextOfferAt = nil
        entry.expectedSeconds = nil
        contact.state = .waiting(entry)
        // An agent whom it would have had before them may be there for those behind it.
        index.mayCall(entry.queue)
    }

    /// Who came back on the line hangs up before being served: the promise counts again.
    ///
    /// - Returns: false if there was none, or it is too late for it.
    mutating func isParkedAgain(_ contact: inout Contact) -> Bool {
        guard let callback = contact.callback, case .ended(.reattached) = callback.phase,
            contact.entry?.queue == callback.queue, callback.givesUpAt > now
        else { return false }
        followChanges()
        guard index.callbacks[CallbackKey(caller: contact.caller, queue: callback.queue)] == nil else { return false }
        leaveLine(&contact)
        // Who has been on the line was reached in a way: the tries are counted anew.
        contact.callback?.attempts = 0
        contact.callback?.wasForgiven = nil
        queues.update(callback.queue) { $0.figures.noteCallback { $0.noteRequest() } }
        contact.note(.callbackRequested(callback.queue, promisedSeconds: nil), at: now)
        out.append(.keepNumber(contact.caller, of: contact.leg))
        park(&contact, notBefore: now)
        return true
    }

    /// The caller has heard that somebody will call.
    mutating func callbackConfirmed(_ contact: inout Contact) {
        guard case .confirming = contact.callbackPhase else { return }
        hangUp(contact.leg)
        park(&contact, notBefore: now)
    }

    // MARK: Scheduling

    /// Why such a request would be refused now; nil: it would not.
    ///
    /// - Parameter time: the rules' own time is that of the last event.
    public func refusal(of request: CallbackRequest, at time: Instant) -> CallbackRefusal? {
        let now = max(now, time)
        guard let queue = queues[request.queue], !queue.isRemoved else { return .unknownQueue }
        guard let terms = queue.rules.callback, queue.rules.kinds.contains(.call) else { return .notOffered }
        guard request.hasConsented else { return .noConsent }
        if let known = index.callbacks[CallbackKey(caller: request.caller, queue: request.queue)] {
            guard canCancelCallback(known) else { return .underWay }
        } else {
            if index.callbackPlaces.count >= Self.callbacksMax { return .full }
            if !callbackAllowance.allows(request.caller, on: configuration.day(at: now)) { return .tooMany }
        }
        guard let wished = request.wishedAt else { return nil }
        if wished < now { return .past }
        if wished > now + .seconds(CallbackRules.scheduleDaysMax * 86_400) { return .tooFar }
        return isOpen(terms, at: wished) ? nil : .closed
    }

    mutating func schedule(_ request: CallbackRequest) {
        followChanges()
        guard refusal(of: request, at: now) == nil, let terms = queues.look(at: request.queue, { $0.rules.callback }) ?? nil
        else {
            figures.lateEvents += 1
            return forgetNumber(of: request.caller, but: nil)
        }
        let at = request.wishedAt ?? now
        if let known = index.callbacks[CallbackKey(caller: request.caller, queue: request.queue)] {
            queues.update(request.queue) { $0.figures.noteCallback { $0.noteMerge() } }
            let key = OrderKey(priorityClass: 0, enqueuedAt: at, boostSeconds: 0, contact: known)
            return bringForward(known, to: key, since: at, wishedAt: request.wishedAt)
        }
        callbackAllowance.note(request.caller, on: configuration.day(at: now))
        lastContact += 1
        figures.contacts += 1
        var contact = Contact(id: ContactID(rawValue: lastContact), request: request, trunk: terms.trunk, at: now)
        contact.queue = request.queue
        contact.firstEnqueuedAt = at
        contact.orderKey = OrderKey(priorityClass: 0, enqueuedAt: at, boostSeconds: 0, contact: contact.id)
        contact.callback = Callback(
            queue: request.queue, terms: terms, requestedAt: now, wishedAt: request.wishedAt, promisedAt: request.wishedAt,
            hasConsented: true, phase: .resting(until: at), givesUpAt: at + .seconds(terms.giveUpSeconds), notBefore: at)
        queues.update(request.queue) { $0.figures.noteCallback { $0.noteRequest() } }
        contact.note(.callbackRequested(request.queue, promisedSeconds: request.wishedAt.map { ($0 - now).inSeconds }), at: now)
        if queueAgain(&contact) { park(&contact, notBefore: at) }
        store(contact)
    }

    // MARK: Parking

    /// Nobody is on the line any more: the contact waits for its turn, not before that time and not while the line is closed.
    mutating func park(_ contact: inout Contact, notBefore: Instant) {
        guard let callback = contact.callback else { return }
        for agent in removeCompany(of: &contact) { isFreeAgain(agent) }
        contact.playback = nil
        contact.playbackDeadline = .distantFuture
        if let recording = contact.recording { stop(recording, of: &contact) }
        if contact.recording != nil || contact.isRecordingSuspended == true { contact.callback?.wasRecording = true }
        contact.recording = nil
        contact.isRecordingSuspended = nil
        contact.isHeldByCaller = nil
        contact.callback?.notBefore = notBefore
        guard callback.givesUpAt > now else { return fail(&contact, .expired) }
        let hours = hours(of: callback.terms)
        let earliest = max(now, notBefore)
        let opening =
            callback.terms.hours == nil ? earliest : hours?.nextOpening(notBefore: earliest) ?? .distantFuture
        let givesUpAt = givesUp(callback, opening: opening)
        contact.callback?.givesUpAt = givesUpAt
        if opening > now || callback.terms.mode == .customerFirst {
            for offer in contact.entry?.offers ?? [] { rescind(offer, noting: &contact) }
        }
        if opening > now { return set(.resting(until: min(opening, givesUpAt)), of: &contact) }
        let closing = hours?.nextClosing(notBefore: now) ?? .distantFuture
        set(.ready(until: min(closing, givesUpAt)), of: &contact)
    }

    /// What would be given up while the line is closed, such as over a weekend, has some time left when it opens.
    private func givesUp(_ callback: Callback, opening: Instant) -> Instant {
        guard opening > now, opening != .distantFuture, callback.terms.hours != nil, opening >= callback.givesUpAt,
            opening < (callback.wishedAt ?? callback.requestedAt) + .seconds(CallbackRules.scheduleDaysMax * 86_400)
        else { return callback.givesUpAt }
        return opening + min(.seconds(callback.terms.giveUpSeconds), Self.openingGraceMax)
    }

    mutating func set(_ phase: Callback.Phase, of contact: inout Contact) {
        contact.callback?.phase = phase
        deadlines.set(.callback(contact.id), at: contact.callback?.deadline ?? .distantFuture)
        if let entry = contact.entry { out.append(.queueChanged(entry.queue)) }
    }

    /// Back to the old place, or to the first one, as a new entry.
    ///
    /// - Returns: false if there is no such queue any more; then the callback is over.
    mutating func queueAgain(_ contact: inout Contact) -> Bool {
        guard let id = contact.callback?.queue, var queue = queues[id], !queue.isRemoved else {
            fail(&contact, .cancelled)
            return false
        }
        let since = contact.firstEnqueuedAt ?? now
        let key = contact.orderKey ?? OrderKey(priorityClass: 0, enqueuedAt: since, boostSeconds: 0, contact: contact.id)
        queue.figures.noteEntry()
        queue.insert(key)
        learnStaff(for: contact, queue.rules)
        let begin = beginning(of: contact, in: queue, with: key, isReturn: false)
        queues[id] = queue
        var entry = QueueEntry(queue: id, key: key, enqueuedAt: since, isRoutable: true, limitAt: .distantFuture)
        entry.begin(begin)
        contact.state = .waiting(entry)
        contact.note(.enqueued(id, position: position(of: standing(of: contact, entry), in: queue)), at: now)
        if queue.waiting.last != key { orderChanged(in: id) }
        relax(&contact, isBeginning: true)
        out.append(.queueChanged(id))
        return true
    }

    // MARK: The end

    /// Nothing has come of it, and nothing will.
    mutating func fail(_ contact: inout Contact, _ end: CallbackEnd) {
        if contact.entry != nil { leaveQueue(&contact) { figures, _ in figures.noteCallback { $0.noteEntryLeft() } } }
        endCallback(&contact, end)
        self.end(&contact, .callbackFailed, by: end == .hungUp ? .caller : .system)
    }

    mutating func endCallback(_ contact: inout Contact, _ end: CallbackEnd) {
        guard let callback = contact.callback, callback.isOpen else { return }
        contact.callback?.phase = .ended(end)
        let error = callback.promisedAt.map { now - $0 }
        let isKept = isKept(callback)
        queues.update(callback.queue) { queue in
            queue.figures.noteCallback { figures in
                figures.noteEnd(end)
                if end == .reached, let error { figures.notePromise(error: error, isKept: isKept) }
            }
        }
        dropIfOver(callback.queue)
        contact.note(.callbackEnded(end), at: now)
        forgetNumber(of: contact.caller, but: contact.id)
    }

    /// Of a time that was wished for so much is still that time.
    static let punctualMax = Duration.seconds(300)

    /// Whether it comes about when the customer was told, or at the time wished.
    private func isKept(_ callback: Callback) -> Bool {
        guard let promised = callback.promisedAt else { return false }
        if let wished = callback.wishedAt { return now >= wished && now - wished <= Self.punctualMax }
        let said = WaitRange(seconds: (promised - callback.requestedAt).inSeconds)
        return said.contains(seconds: (now - callback.requestedAt).inSeconds)
    }

    /// The customer whom the queue has called speaks with an agent.
    mutating func callbackReached(_ contact: inout Contact) {
        if contact.callbackPhase != nil { endCallback(&contact, .reached) }
    }

    /// - Parameter contact: the one that does not need the number any more.
    private mutating func forgetNumber(of caller: CallerKey, but contact: ContactID?) {
        followChanges()
        var next = index.callbacks.first(notBefore: CallbackKey(caller: caller, queue: ""))
        while let entry = next, entry.key.caller == caller {
            if entry.value != contact { return }
            next = index.callbacks.first(after: entry.key)
        }
        out.append(.forgetNumber(caller))
    }

    /// Whether the queue keeps the contact although it wants to give it away: a promise is not diverted, only taken back.
    mutating func staysAsCallback(_ contact: inout Contact, _ cause: DiversionCause) -> Bool {
        switch contact.callbackPhase {
        case nil, .reaching, .provingBeside, .greeting, .ended: return false
        case .holding:
            endCallback(&contact, .diverted)
            return false
        case .confirming, .resting, .ready, .dialling, .proving:
            if cause == .withdrawn { fail(&contact, .cancelled) }
            return true
        }
    }

    /// Whether nobody would be left in the lurch by it: no customer is on the line.
    public func canCancelCallback(_ id: ContactID) -> Bool {
        switch contacts.look(at: id, { $0.callbackPhase }) ?? nil {
        case .resting, .ready, .dialling, .reaching: true
        case nil, .confirming, .proving, .holding, .provingBeside, .greeting, .ended: false
        }
    }

    mutating func cancelCallback(_ id: ContactID) {
        guard canCancelCallback(id), var contact = contacts[id] else {
            figures.lateEvents += 1
            return
        }
        hangUp(contact.leg)
        let agent = letGoOfAgent(&contact)
        fail(&contact, .cancelled)
        store(contact)
        if let agent { isFreeAgain(agent) }
    }

    // MARK: Looking

    /// The caller's open callback in that queue.
    public func callback(of caller: CallerKey, in queue: QueueID) -> ContactID? {
        index.callbacks[CallbackKey(caller: caller, queue: queue)]
    }

    /// Contacts with an open callback, in the order of their ids.
    public var openCallbacks: [ContactID] { index.callbackPlaces.map(\.key) }

    public var openCallbacksCount: Int { index.callbackPlaces.count }

    /// Open callbacks with nobody on the line.
    public var parkedCount: Int { index.parkedCallbacks }

    /// Contacts that wait in the queue without anybody on the line.
    public func parked(in queue: QueueID) -> Int { index.queues.look(at: queue, { $0.callbacks.parked }) ?? 0 }

    /// Of those the ones that are passed over at present.
    func resting(in queue: QueueID) -> Int { index.queues.look(at: queue) { $0.callbacks.resting.count } ?? 0 }
}
