// What an agent has to do: an offer, a conversation, a wrap-up.

public import Basics

extension Agent {
    /// - Parameters:
    ///   - kind: of the contact.
    ///   - atOnceMax: as in `refusal(for:atOnceMax:)`.
    public mutating func offer(
        _ offer: OfferID, of contact: ContactID, as kind: WorkKind = .call, atOnceMax: Int? = nil, until deadline: Instant
    ) {
        // One piece too many is better than no center.
        assert(refusal(for: kind, atOnceMax: atOnceMax) == nil, "an offer to an agent that cannot take it")
        let load = WorkLoad(kind, capacity: limits?.capacity ?? AgentLimits.capacityUsual)
        let areCalls = otherLoads == nil && load == .call
        let all = areCalls ? [] : loads + [load]
        work.append(.offered(offer, contact, deadline: deadline))
        if !areCalls { loads = all }
    }

    /// The offer was answered.
    public mutating func accept(_ offer: OfferID, at now: Instant) {
        guard let index = index(of: offer) else { return }
        work[index] = .active(work[index].contact, since: now, held: false)
        missesInARow = 0
        answered += 1
    }

    /// The agent has answered and joins a colleague's call, which is none of the agent's own.
    public mutating func join(_ offer: OfferID, at now: Instant) {
        guard let index = index(of: offer) else { return }
        work[index] = .active(work[index].contact, since: now, held: false)
    }

    /// A call that a colleague had is this agent's from now on, like one that was answered.
    public mutating func takeOver() {
        answered += 1
        missesInARow = 0
    }

    /// The offer ended without an answer.
    ///
    /// - Parameter isMiss: the agent let it ring or could not be reached.
    /// - Returns: whether the agent is now "not responding".
    public mutating func withdraw(_ offer: OfferID, isMiss: Bool, missesMax: Int, at now: Instant) -> Bool {
        guard index(of: offer) != nil else { return false }
        removeWork { if case .offered(offer, _, _) = $0 { true } else { false } }
        guard isMiss else { return false }
        missesInARow += 1
        guard missesInARow >= missesMax, presence == .available else { return false }
        setPresence(.aux(reason: AgentPresence.notResponding), at: now)
        return true
    }

    public mutating func setHeld(_ held: Bool, contact: ContactID) {
        for (index, item) in work.enumerated() {
            if case .active(contact, let since, _) = item { work[index] = .active(contact, since: since, held: held) }
        }
    }

    /// The conversation is over; wrap-up begins, and ends at the returned time.
    ///
    /// - Parameter wrapUp: nil: the agent is free at once.
    public mutating func finish(_ contact: ContactID, wrapUp: WrapUp?, at now: Instant) -> Instant? {
        let isActive = { (work: Work) in if case .active(contact, _, _) = work { true } else { false } }
        guard work.contains(where: isActive) else { return nil }
        // It may have come back while its first part was still being wrapped up.
        endWrapUp(of: contact, at: now)
        idleSince = now
        askForWrapUp(false, of: contact)
        guard let wrapUp, wrapUp.seconds > 0, wrapUp.isDispositionRequired || pendingPresence != .offline else {
            removeWork(where: isActive)
            applyPending(at: now)
            return nil
        }
        let deadline = now + .seconds(wrapUp.seconds)
        if let index = work.firstIndex(where: isActive) { work[index] = .wrapUp(contact, since: now, deadline: deadline) }
        wrapUps.append(wrapUp)
        return deadline
    }

    // MARK: Wrap-up

    /// A wrap-up must not end yet.
    public var owesDisposition: Bool { wrapUps.contains { $0.isDispositionRequired } }

    /// The terms of the contact's wrap-up; nil: there is none, or one from before they were kept.
    public func wrapUp(of contact: ContactID) -> WrapUp? { wrapUps.first { $0.contact == contact } }

    /// A wrap-up's time has come, if it has.
    public mutating func wrapUpDue(at now: Instant) -> WrapUpDue {
        guard let index = work.firstIndex(where: { if case .wrapUp(_, _, let end) = $0 { end <= now } else { false } }),
            case .wrapUp(let contact, let since, _) = work[index]
        else { return .notDue }
        let terms = wrapUps.firstIndex { $0.contact == contact }
        let isOwing = terms.map { wrapUps[$0].isDispositionRequired } ?? false
        if isOwing, let terms, !wrapUps[terms].isOverdue {
            wrapUps[terms].isOverdue = true
            let deadline = now + .seconds(WrapUp.overdueSecondsMax)
            work[index] = .wrapUp(contact, since: since, deadline: deadline)
            return .prolonged(until: deadline)
        }
        let isUnasked = terms.map { wrapUps[$0].isOpenEnded } ?? false
        endWrapUp(of: contact, at: now)
        if isOwing || isUnasked, presence == .available, pendingPresence == nil {
            // The next caller shall not be offered to an empty chair.
            setPresence(.aux(reason: AgentPresence.notResponding), at: now)
        }
        applyPending(at: now)
        return isOwing ? .endedOwing(contact) : isUnasked ? .endedUnasked : .ended
    }

    /// The agent is done with the wrap-up of that contact.
    public mutating func completeWrapUp(of contact: ContactID, at now: Instant) {
        endWrapUp(of: contact, at: now)
        applyPending(at: now)
    }

    /// The same time again, once.
    ///
    /// - Returns: when it ends now; nil: it cannot be extended.
    public mutating func extendWrapUp(of contact: ContactID) -> Instant? {
        guard let terms = wrapUps.firstIndex(where: { $0.contact == contact }) else { return nil }
        let wrapUp = wrapUps[terms]
        guard wrapUp.isExtendable, !wrapUp.isExtended, !wrapUp.isOverdue else { return nil }
        for (index, item) in work.enumerated() {
            guard case .wrapUp(contact, let since, let end) = item else { continue }
            let deadline = end + .seconds(wrapUp.seconds)
            work[index] = .wrapUp(contact, since: since, deadline: deadline)
            wrapUps[terms].isExtended = true
            return deadline
        }
        return nil
    }

    /// Nobody can say any more how the contacts went.
    public mutating func waiveDisposition() {
        for index in wrapUps.indices where wrapUps[index].isDispositionRequired {
            wrapUps[index].isDispositionRequired = false
        }
    }

    /// Contacts after which the agent wants a wrap-up where there is none for everybody.
    public var wrapUpsAskedFor: [ContactID] { askedFor ?? [] }

    public mutating func askForWrapUp(_ isOn: Bool, of contact: ContactID) {
        guard isOn || askedFor != nil else { return }
        var all = wrapUpsAskedFor.filter { $0 != contact }
        if isOn { all.append(contact) }
        askedFor = all.isEmpty ? nil : all
    }

    /// All of them.
    mutating func endWrapUp(at now: Instant) {
        for case .wrapUp(_, let since, _) in work {
            countWrapUp(now - since)
            idleSince = now
        }
        removeWork { if case .wrapUp = $0 { true } else { false } }
        wrapUps = []
    }

    private mutating func endWrapUp(of contact: ContactID, at now: Instant) {
        for case .wrapUp(contact, let since, _) in work {
            countWrapUp(now - since)
            idleSince = now
        }
        removeWork { if case .wrapUp(contact, _, _) = $0 { true } else { false } }
        if wrapUp != nil { wrapUps.removeAll { $0.contact == contact } }
    }

    // MARK: A new process

    /// The process that carried the calls is gone: nothing rings and nobody talks. Wrap-up and presence stay.
    ///
    /// - Parameters:
    ///   - grace: within which a browser that was there has to be there again.
    ///   - keeping: contacts that live on without a session.
    public mutating func loseLegs(grace: Duration, keeping kept: [ContactID] = [], at now: Instant) {
        // Who did not talk goes on being idle since then: a restart does not shuffle the order of the agents.
        if activeContacts.contains(where: { !kept.contains($0) }) { idleSince = now }
        removeWork { work in
            switch work {
            case .wrapUp: false
            case .offered: true
            case .active(let contact, _, _): !kept.contains(contact)
            }
        }
        let hadBrowser = hasDesk
        registeredDevices = []
        callsToCenter = 0
        personal = []
        applyPending(at: now)
        loss = nil
        if hadBrowser { lose(id.browser, until: now + grace, at: now) }
    }

    private func index(of offer: OfferID) -> Int? {
        work.firstIndex { if case .offered(offer, _, _) = $0 { true } else { false } }
    }
}
