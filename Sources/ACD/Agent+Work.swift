// What an agent has to do: an offer, a conversation, a wrap-up.

public import Basics

extension Agent {
    public mutating func offer(_ offer: OfferID, of contact: ContactID, until deadline: Instant) {
        precondition(refusal == nil, "an offer to an agent that cannot take it")
        work.append(.offered(offer, contact, deadline: deadline))
    }

    /// The offer was answered.
    public mutating func accept(_ offer: OfferID, at now: Instant) {
        guard let index = index(of: offer) else { return }
        work[index] = .active(work[index].contact, since: now, held: false)
        missesInARow = 0
        answered += 1
    }

    /// The offer ended without an answer.
    ///
    /// - Parameter isMiss: the agent let it ring or could not be reached.
    /// - Returns: whether the agent is now "not responding".
    public mutating func withdraw(_ offer: OfferID, isMiss: Bool, missesMax: Int, at now: Instant) -> Bool {
        guard let index = index(of: offer) else { return false }
        work.remove(at: index)
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
        guard let index = work.firstIndex(where: { if case .active(contact, _, _) = $0 { true } else { false } }) else {
            return nil
        }
        idleSince = now
        guard let wrapUp, wrapUp.seconds > 0, wrapUp.isDispositionRequired || pendingPresence != .offline else {
            work.remove(at: index)
            applyPending(at: now)
            return nil
        }
        let deadline = now + .seconds(wrapUp.seconds)
        work[index] = .wrapUp(contact, since: now, deadline: deadline)
        self.wrapUp = wrapUp
        return deadline
    }

    // MARK: Wrap-up

    /// The wrap-up must not end yet.
    public var owesDisposition: Bool { wrapUp?.isDispositionRequired ?? false }

    /// The wrap-up's time has come, if it has.
    public mutating func wrapUpDue(at now: Instant) -> WrapUpDue {
        guard let index = work.firstIndex(where: { if case .wrapUp(_, _, let end) = $0 { end <= now } else { false } }),
            case .wrapUp(let contact, let since, _) = work[index]
        else { return .notDue }
        let isOwing = owesDisposition
        if isOwing, wrapUp?.isOverdue == false {
            wrapUp?.isOverdue = true
            let deadline = now + .seconds(WrapUp.overdueSecondsMax)
            work[index] = .wrapUp(contact, since: since, deadline: deadline)
            return .prolonged(until: deadline)
        }
        endWrapUp(at: now)
        if isOwing, presence == .available, pendingPresence == nil {
            // The next caller shall not be offered to an empty chair.
            setPresence(.aux(reason: AgentPresence.notResponding), at: now)
        }
        applyPending(at: now)
        return isOwing ? .endedOwing(contact) : .ended
    }

    /// The agent is done with the wrap-up.
    public mutating func completeWrapUp(at now: Instant) {
        endWrapUp(at: now)
        applyPending(at: now)
    }

    /// The same time again, once.
    ///
    /// - Returns: when it ends now; nil: it cannot be extended.
    public mutating func extendWrapUp() -> Instant? {
        guard let wrapUp, wrapUp.isExtendable, !wrapUp.isExtended, !wrapUp.isOverdue else { return nil }
        for (index, item) in work.enumerated() {
            guard case .wrapUp(let contact, let since, let end) = item else { continue }
            let deadline = end + .seconds(wrapUp.seconds)
            work[index] = .wrapUp(contact, since: since, deadline: deadline)
            self.wrapUp?.isExtended = true
            return deadline
        }
        return nil
    }

    /// Nobody can say any more how the contact went.
    public mutating func waiveDisposition() { wrapUp?.isDispositionRequired = false }

    mutating func endWrapUp(at now: Instant) {
        for case .wrapUp(_, let since, _) in work {
            countWrapUp(now - since)
            idleSince = now
        }
        work.removeAll { if case .wrapUp = $0 { true } else { false } }
        wrapUp = nil
    }

    // MARK: A new process

    /// The process that carried the calls is gone: nothing rings and nobody talks. Wrap-up and presence stay.
    ///
    /// - Parameter grace: within which a browser that was there has to be there again.
    public mutating func loseLegs(grace: Duration, at now: Instant) {
        // Who did not talk goes on being idle since then: a restart does not shuffle the order of the agents.
        if isOnContact { idleSince = now }
        work.removeAll { if case .wrapUp = $0 { false } else { true } }
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
