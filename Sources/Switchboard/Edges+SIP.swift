// What happens on the wire, as events of the rules.

internal import Basics
internal import ContactCenter
internal import Logging
internal import Media
internal import SDP
internal import SIP

extension Edges {
    func take(_ event: SIPEvent) {
        switch event {
        case .invited(let invitation): invited(invitation)
        case .progressed(let call, _, let sdp): progressed(call, sdp)
        case .answered(let call, let sdp): answered(call, sdp)
        case .confirmed: break
        case .failed(let call, let status, _, let cause):
            let leg = legs.leg(of: call).flatMap { legs[$0] }
            let failure =
                leg?.isCallback == true
                ? LegFailure(ofCallback: status, cause, hasRung: leg?.hasRung == true) : LegFailure(status: status, cause)
            ended(call) { .legFailed($0, failure) }
        case .ended(let call, _): ended(call) { .legEnded($0) }
        case .changeOffered(let call, let sdp): changeOffered(call, sdp)
        case .offerWanted(let call): offerWanted(call)
        case .changeAnswered(let call, let sdp): changeAnswered(call, sdp)
        case .digit(let call, let key, _): if let leg = legs.leg(of: call) { media.press(key, on: leg) }
        case .referred(let call, let target, let replaces): referred(call, target, replaces: replaces)
        case .registered(let device, _): turn.submit(.deviceRegistered(device))
        case .unregistered(let device, _):
            if sip.bindings(of: device).isEmpty { turn.submit(.deviceUnregistered(device)) }
        }
    }

    private func invited(_ invitation: Invitation) {
        guard admits(invitation.source) else {
            // RFC 3261 §21.5.4: who asks for the time gets it; a carrier tries its next way at once.
            return sip.reject(invitation.call, status: 503, headers: [Header("Retry-After", "5")])
        }
        let shown = Caller(user: invitation.fromUser, display: invitation.fromDisplay)
        // Some carriers write the number into the name of who withholds it.
        let caller = shown.isWithheld ? .anonymous : shown
        switch invitation.source {
        case .trunk(let trunk, let channel):
            let leg = legs.addInbound(invitation.call, caller: caller, offer: invitation.sdp)
            let callback: (may: [QueueID], all: Int) =
                caller.isWithheld ? (may: [], all: 0) : queues(thatMayCall: invitation.fromUser, over: trunk)
            turn.submit(
                .callArrived(
                    Arrival(
                        leg: leg, number: invitation.dialled,
                        caller: caller.isWithheld ? .unknown : callerKey(of: invitation.fromUser, over: trunk),
                        trunk: trunk, channel: channel, canBeCalledBack: callback.may.isEmpty ? nil : true,
                        callbackQueues: callback.may.count == callback.all ? nil : callback.may)))
        case .device(let device):
            let leg = legs.addInbound(invitation.call, caller: caller, offer: invitation.sdp)
            turn.submit(.deviceCalled(DeviceCall(leg: leg, device: device, dialled: featureCode(in: invitation.dialled))))
        }
    }

    /// What a device dials goes to the rules only if it is a feature code: anything else is somebody's number, and the
    /// journal keeps none. `*` stands for a code that nobody knows.
    private func featureCode(in dialled: String) -> String {
        let codes = turn.center.configuration.featureCodes
        let isKnown = dialled == codes.available || dialled == codes.offline || codes.pauses.contains { $0.code == dialled }
        return isKnown ? dialled : dialled.hasPrefix("*") ? "*" : ""
    }

    private func progressed(_ call: CallID, _ sdp: String?) {
        // That somebody's phone rings changes nothing for the rules: a journal line and a turn for each call would be for nobody.
        guard let leg = legs.leg(of: call) else { return }
        // But of those who are called back: a trunk on which nothing rings is at fault, and no customer.
        if let known = legs[leg], known.isCallback, !known.hasRung {
            legs.update(leg) { $0.hasRung = true }
            turn.submit(.legRinging(leg))
        }
        guard let sdp else { return }
        do {
            try media.complete(leg, answer: sdp)
            turn.submit(.legEarlyMedia(leg))
        } catch {
            // The call may still be answered with a description that can be used.
            logger.notice("early media without use", metadata: ["leg": "\(leg)", "reason": "\(error)"])
        }
    }

    private func answered(_ call: CallID, _ sdp: String?) {
        guard let leg = legs.leg(of: call) else { return sip.hangUp(call) }
        do {
            // Without a description in the 200, the one of the early media holds.
            if let sdp { try media.complete(leg, answer: sdp) }
        } catch {
            return refuseAnswer(call, leg, "\(error)")
        }
        // Nothing agreed would be a call on which nobody hears anything, without an end.
        guard media.agreement(leg) != nil else { return refuseAnswer(call, leg, "no description at all") }
        legs.update(leg) { $0.isAnswered = true }
        media.expectMedia(leg)
        turn.submit(.legAnswered(leg))
    }

    private func refuseAnswer(_ call: CallID, _ leg: LegID, _ reason: String) {
        logger.notice("answer without usable media", metadata: ["leg": "\(leg)", "reason": "\(reason)"])
        sip.hangUp(call)
        drop(leg)
        turn.submit(.legFailed(leg, .failed))
    }

    private func ended(_ call: CallID, _ event: (LegID) -> Event) {
        guard let leg = legs.leg(of: call) else { return }
        drop(leg)
        turn.submit(event(leg))
    }

    private func changeOffered(_ call: CallID, _ sdp: String) {
        guard let id = legs.leg(of: call) else { return sip.refuseChange(call) }
        do {
            sip.acceptChange(call, sdp: try media.change(id, offer: sdp))
        } catch {
            logger.notice("change refused", metadata: ["leg": "\(id)", "reason": "\(error)"])
            return sip.refuseChange(call)
        }
        noteHold(id)
    }

    private func offerWanted(_ call: CallID) {
        guard let id = legs.leg(of: call) else { return sip.refuseChange(call) }
        do {
            // With what is spoken now first, so that nothing changes without need.
            sip.offerChange(call, sdp: try media.offer(id, like: id))
        } catch {
            logger.notice("no offer made", metadata: ["leg": "\(id)", "reason": "\(error)"])
            sip.refuseChange(call)
        }
    }

    private func changeAnswered(_ call: CallID, _ sdp: String) {
        guard let id = legs.leg(of: call) else { return }
        do {
            try media.complete(id, answer: sdp)
        } catch {
            // The session stays as it was; if nothing comes over it any more, the leg's silence ends it.
            logger.notice("answer of a change without use", metadata: ["leg": "\(id)", "reason": "\(error)"])
        }
        noteHold(id)
    }

    private func noteHold(_ id: LegID) {
        let isHeld = media.agreement(id)?.isOnHold ?? false
        guard let leg = legs[id], leg.isHeld != isHeld else { return }
        legs.update(id) { $0.isHeld = isHeld }
        turn.submit(.legHeld(id, isHeld))
    }
}

extension LegFailure {
    /// RFC 3261 §21, as far as the rules care. The cause of the telephone network behind a gateway says more than the status
    /// that it was made into (RFC 3326, RFC 3398 §7.2.4.1).
    init(status: Int, _ cause: Q850Cause? = nil) {
        if let known = cause.flatMap(LegFailure.init) {
            self = known
            return
        }
        self =
            switch status {
            case 486, 600: .busy
            case 603, 403: .declined
            case 404, 408, 410, 480, 487, 604: .unreachable
            default: .failed
            }
    }

    /// Only what a customer or the customer's network has said was a try: the rest is the trunk's fault. RFC 3261 §21.
    init(ofCallback status: Int, _ cause: Q850Cause? = nil, hasRung: Bool) {
        switch cause.flatMap(LegFailure.init) {
        case .failed?:
            self = .notMade
            return
        case let known?:
            self = known
            return
        case nil: break
        }
        self =
            switch status {
            case 486, 600: .busy
            case 603: .declined
            case 404, 410, 480, 484, 604: .unreachable
            // Nobody has answered: that says something of the customer only if the telephone rang.
            case 408, 487: hasRung ? .unreachable : .notMade
            default: .notMade
            }
    }

    /// ITU-T Q.850, table 1; nil: the cause says nothing of why there is no conversation.
    private init?(_ cause: Q850Cause) {
        switch cause.value {
        case 17: self = .busy
        case 21: self = .declined
        // No such number, nobody there, no answer, absent, moved, out of order, incomplete.
        case 1, 18, 19, 20, 22, 27, 28: self = .unreachable
        // No circuit, network out of order, temporary failure, congestion, resource unavailable.
        case 34, 38, 41, 42, 44, 47: self = .failed
        default: return nil
        }
    }
}
