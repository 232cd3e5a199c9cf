// Somebody outside whom an agent wants: the rules name a key, the edge knows the number and dials it.

internal import ACD
internal import API
internal import Basics
internal import ContactCenter
internal import Logging
internal import Media
internal import SIP

extension Edges {
    /// By the rules of the trunks, the first that may have it.
    func outside(_ written: String) -> Result<OutsideWay, OutsideRefusal> {
        turn.center.configuration.outside
            .way(to: written, own: ownNumbers) { numberPlans[$0] }
            .map { way in
                let trunk = way.rules.trunk
                return OutsideWay(trunk: trunk, callee: callerKey(of: way.number, over: trunk), number: way.number)
            }
    }

    /// The rules have handled what named a number: it is dialled by now, or will not be.
    func forgetOutside(_ event: Event) {
        switch event {
        case .consultRequested(_, .begin(.outside(_, let callee))), .transferRequested(_, .outside(_, let callee)):
            outsideNumbers.forget(callee)
        default: break
        }
    }

    func dialOutside(_ dial: Dial, _ callee: CallerKey) {
        // A reload between the request and its turn may have taken the permission away.
        guard let number = outsideNumbers[callee],
            let rules = turn.center.configuration.outside.first(where: { $0.trunk == dial.trunk }),
            case .success(let dialled) = rules.number(number, own: ownNumbers, plan: numberPlans[dial.trunk])
        else {
            drop(dial.leg)
            return turn.submit(.legFailed(dial.leg, .notCallable))
        }
        legs.update(dial.leg) { $0.isOutside = true }
        do {
            let offer = try media.offer(dial.leg, like: dial.callerLeg)
            let from = shownOutside(dial, rules)
            legs.set(try sip.invite(trunk: dial.trunk, number: dialled, from: from, sdp: offer), for: dial.leg)
        } catch {
            logger.notice("trunk cannot be used", metadata: ["trunk": "\(dial.trunk)", "reason": "\(error)"])
            drop(dial.leg)
            turn.submit(.legFailed(dial.leg, .notMade))
        }
    }

    /// The customer's number only where the trunk may show numbers that are not its own, and never one that was withheld.
    private func shownOutside(_ dial: Dial, _ rules: OutsideRules) -> Caller {
        let own = Caller(user: callerIDs[dial.trunk] ?? "")
        guard rules.passesCallerID, let caller = legs[dial.callerLeg]?.caller, !caller.isWithheld else { return own }
        let trunk = turn.center.contacts[dial.contact]?.trunk
        return Caller(user: trunk.flatMap { numberPlans[$0]?.normal(caller.user) } ?? caller.user)
    }
}
