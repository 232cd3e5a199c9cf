// Customers called back: the rules name a caller, the edge knows the number.

internal import Basics
internal import ContactCenter
internal import Logging
internal import Media
internal import SIP
internal import Storage

extension Edges {
    func keepNumber(_ caller: CallerKey, of leg: LegID) {
        // It has been called back before, or asked for it by another way.
        guard let number = legs[leg]?.caller.user, CallbackNumbers.isDialable(number) else { return }
        note(callbackNumbers.keep(number, of: caller, at: clock.now))
    }

    func forgetNumber(_ caller: CallerKey) {
        if let fact = callbackNumbers.forget(caller) { note(fact) }
    }

    func callBack(_ call: CallBack) {
        legs.addOutbound(call.leg, for: Leg.Service(contact: call.contact, party: .caller, opened: clock.now))
        guard let number = callbackNumbers[call.caller] else {
            logger.error("number of a callback unknown", metadata: ["contact": "\(call.contact)"])
            drop(call.leg)
            return turn.submit(.legFailed(call.leg, .unreachable))
        }
        // The agent's phone shows whom it is connected with.
        legs.update(call.leg) { $0.caller = Caller(user: number) }
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
