// Customers called back: the rules name a caller, the edge knows the number.

internal import ACD
internal import Basics
internal import ContactCenter
internal import Logging
internal import Media
internal import SIP
internal import Storage

extension Edges {
    func keepNumber(_ caller: CallerKey, of leg: LegID) {
        // It has been called back before, or asked for it by another way.
        guard let number = legs.caller(of: leg)?.user, CallbackNumbers.isDialable(number) else { return }
        note(callbackNumbers.keep(number, of: caller, at: clock.now))
    }

    func forgetNumber(_ caller: CallerKey) {
        if let fact = callbackNumbers.forget(caller) { note(fact) }
    }

    /// The rules have handled that event: what they have ended or heard the end of is not needed any more.
    func forgetDeparted(_ event: Event, _ commands: [Command]) {
        switch event {
        case .legEnded(let leg), .legFailed(let leg, _), .legSilent(let leg): legs.forgetDeparted(leg)
        default: break
        }
        for command in commands {
            switch command {
            case .hangUp(let leg, _), .reject(let leg, _): legs.forgetDeparted(leg)
            default: break
            }
        }
    }

    /// The numbers that nobody is called back at.
    var ownNumbers: [String] { turn.center.configuration.numbers.map(\.number) + callerIDs.values }

    /// A caller is one caller, however that trunk writes the number.
    func callerKey(of number: String, over trunk: TrunkID) -> CallerKey {
        callerHash.callerKey(of: numberPlans[trunk]?.normal(number) ?? number)
    }

    /// - Returns: the queues that may call the number of a call over that trunk, and how many call anybody.
    func queues(thatMayCall signalled: String, over trunk: TrunkID) -> (may: [QueueID], all: Int) {
        let queues = turn.center.configuration.queues.filter { $0.callback != nil }
        let number = numberPlans[trunk]?.normal(signalled) ?? signalled
        guard !queues.isEmpty, CallbackNumbers.isDialable(signalled), CallableNumber(number) != nil else {
            return ([], queues.count)
        }
        let own = ownNumbers
        return (
            queues.filter { queue in
                guard let terms = queue.callback, allows(terms, number, own) else { return false }
                // The number is dialled as it came: over a trunk that writes numbers otherwise that would be somebody else's.
                return (numberPlans[terms.trunk]?.normal(signalled) ?? signalled) == number
            }.map(\.id), queues.count
        )
    }

    private func allows(_ terms: CallbackRules?, _ number: String, _ own: [String]) -> Bool {
        terms.map { $0.allows(number, own: own, plan: numberPlans[$0.trunk]) } == true
    }

    func mayCall(_ number: String, from queue: QueueID) -> Bool {
        allows(turn.center.queues[queue]?.rules.callback, number, ownNumbers)
    }

    /// What was promised under other terms is looked at under those that hold now, which may not have come to it yet.
    private func mayCall(_ number: String, for contact: ContactID) -> Bool {
        guard let callback = turn.center.contacts[contact]?.callback else { return false }
        let present = turn.center.queues[callback.queue]?.rules.callback ?? callback.terms
        return allows(callback.terms, number, ownNumbers) && allows(present, number, ownNumbers)
    }

    func callBack(_ call: CallBack) {
        legs.addOutbound(call.leg, for: Leg.Service(contact: call.contact, party: .caller, opened: clock.now))
        guard let number = callbackNumbers[call.caller], mayCall(number, for: call.contact) else {
            logger.error("number of a callback unknown or not allowed", metadata: ["contact": "\(call.contact)"])
            drop(call.leg)
            return turn.submit(.legFailed(call.leg, .notCallable))
        }
        // The agent's phone shows whom it is connected with.
        legs.update(call.leg) {
            $0.caller = Caller(user: number)
            $0.isCallback = true
        }
        let from = Caller(user: call.callerID ?? callerIDs[call.trunk] ?? "")
        do {
            let offer = try media.offer(call.leg, like: call.agentLeg)
            legs.set(try sip.invite(trunk: call.trunk, number: number, from: from, sdp: offer), for: call.leg)
        } catch {
            // No channel is free, or the trunk is gone: the customer has not been called.
            logger.notice("trunk cannot be used", metadata: ["trunk": "\(call.trunk)", "reason": "\(error)"])
            drop(call.leg)
            turn.submit(.legFailed(call.leg, .notMade))
        }
    }

    /// Of a contact with nobody on the line.
    func parkedNumber(of contact: ContactID) -> String? {
        turn.center.contacts[contact].flatMap { $0.callback?.isOpen == true ? callbackNumbers[$0.caller] : nil }
    }

    /// After a start, before the first command.
    func restoreCallbackNumbers() async throws {
        let center = turn.center
        let needed = Set(center.openCallbacks.compactMap { center.contacts[$0]?.caller })
        for fact in callbackNumbers.restore(try await reader.callbackNumbers(), needed: needed) { note(fact) }
    }
}
