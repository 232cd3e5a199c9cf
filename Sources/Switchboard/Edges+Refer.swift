// The transfer button of a desk phone: REFER.

internal import Basics
internal import ContactCenter
internal import SIP

extension Edges {
    /// Only agents hand callers on, and only inside the house: whoever calls in over a trunk moves nobody.
    func referred(_ call: CallID, _ target: String, replaces: Bool) {
        guard let leg = legs.leg(of: call), let agent = agent(talkingOn: leg) else {
            return sip.declineReferral(call)
        }
        // The phone's other dialog would have to be one of this house's consultations, which are its agents' buttons.
        guard !replaces else { return sip.answerReferral(call, outcome: 501) }
        guard let target = self.target(named: target) else { return sip.answerReferral(call, outcome: 404) }
        let event = Event.transferRequested(agent, target)
        if let refusal = turn.center.refusal(of: event) { return sip.answerReferral(call, outcome: refusal.status) }
        sip.answerReferral(call, outcome: 200)
        turn.submit(event)
    }

    private func agent(talkingOn leg: LegID) -> AgentID? {
        guard let contact = turn.center.contact(of: leg).flatMap({ turn.center.contacts[$0] }),
            let conversation = contact.conversation, conversation.leg == leg, case .agent(let agent, _) = conversation.other
        else { return nil }
        return agent
    }

    /// As one would dial it: a queue, an agent, or the device of one.
    private func target(named name: String) -> TransferTarget? {
        let center = turn.center
        if center.queues[QueueID(name)] != nil { return .queue(QueueID(name)) }
        if center.agents[AgentID(name)] != nil { return .agent(AgentID(name)) }
        return center.ownerOfDevice[DeviceID(name)].map { .agent($0) }
    }
}

extension ControlRefusal {
    /// RFC 3261 §21: what a phone shows its user.
    fileprivate var status: Int {
        switch self {
        case .unknownTarget: 404
        case .busy: 486
        case .noCall, .tooLate: 481
        case .notAllowed, .dispositionRequired, .unknownDisposition: 603
        }
    }
}
