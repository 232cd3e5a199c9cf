// Calls that the peer hands on: REFER within a dialog (RFC 3515).

internal import CSofia

extension Endpoint {
    func referred(_ call: Call, _ event: Happened) {
        let id = call.id.rawValue
        guard case .established = call.state else { return respond(id, 603, current: true) }
        guard let user = event.pointee.refer_user else {
            return respond(id, 400, phrase: "No SIP URI in Refer-To", current: true)
        }
        call.referral = csofia_sequence(event)
        onEvent(
            .referred(
                call.id, target: Header.userName(Endpoint.text(user), bytesMax: Endpoint.userMaxBytes),
                replaces: event.pointee.refer_replaces))
        declineReferral(call.id)
    }

    /// 202, and the NOTIFY with its outcome: 200, and whom the peer talks to is elsewhere from now on, or why the call stays as
    /// it is (400 to 699; others are sent as 603). Only while `.referred` is told.
    ///
    /// A refusal goes the same way, because some of its statuses, 404 among them, would end the dialog if they answered the
    /// REFER (RFC 5057 §5.1).
    public func answerReferral(_ id: CallID, outcome: Int) {
        guard let stack, let call = calls[id.rawValue], let sequence = call.referral else { return }
        call.referral = nil
        respond(id.rawValue, 202, current: true)
        let outcome = outcome == 200 || (400...699).contains(outcome) ? outcome : 603
        csofia_notify_referral(stack, id.rawValue, sequence, Int32(clamping: outcome))
        kick()
    }

    /// 603: the peer moves nobody. Only while `.referred` is told.
    public func declineReferral(_ id: CallID) {
        guard let call = calls[id.rawValue], call.referral != nil else { return }
        call.referral = nil
        respond(id.rawValue, 603, current: true)
    }
}
