// What the peer wants within a call: another session, a digit.

internal import CSofia
internal import MainLoop

extension Endpoint {
    func reinvited(_ call: Call, _ event: Happened) {
        switch call.state {
        case .established:
            if event.pointee.session_expires > 0 { agreeOnRefresh(call, event, isRequest: true) }
            if event.pointee.has_sdp {
                offered(call, .reinvite, event)
            } else if event.pointee.body_length > 0 {
                respond(call.id.rawValue, 415, headers: [Header("Accept", "application/sdp")])
            } else {
                // A peer that wants our offer, mostly to take a call back from hold; its answer comes with the ACK.
                call.offer = .wanted
                changeDeadlines.add(call.id, at: MonotonicClock.now)
                onEvent(.offerWanted(call.id))
            }
        case .incoming, .answered, .inviting, .closing:
            respond(call.id.rawValue, 491)
        }
    }

    func updated(_ call: Call, _ event: Happened) {
        if event.pointee.session_expires > 0 { agreeOnRefresh(call, event, isRequest: true) }
        guard event.pointee.has_sdp else { return respond(call.id.rawValue, 200, current: true) }
        switch call.state {
        case .established:
            if case .none = call.offer, let stack, csofia_save(stack, call.id.rawValue) {
                offered(call, .update, event)
            } else {
                respond(call.id.rawValue, 500, headers: [Header("Retry-After", "2")], current: true)
            }
        case .incoming, .answered, .inviting, .closing:
            // RFC 3311 §5.2: before the first answer there is nothing to change.
            respond(call.id.rawValue, 500, headers: [Header("Retry-After", "2")], current: true)
        }
    }

    private func offered(_ call: Call, _ offer: Call.Offer, _ event: Happened) {
        call.offer = offer
        changeDeadlines.add(call.id, at: MonotonicClock.now)
        onEvent(.changeOffered(call.id, sdp: Endpoint.body(event)))
    }

    func informed(_ call: Call, _ event: Happened) {
        let type = Endpoint.text(event.pointee.content_type).lowercased()
        guard event.pointee.body_length > 0 else { return respond(call.id.rawValue, 200, current: true) }
        guard let (digit, milliseconds) = DTMFInfo.parse(type, Endpoint.body(event)) else {
            return respond(
                call.id.rawValue, 415, headers: [Header("Accept", "application/dtmf-relay, application/dtmf")], current: true)
        }
        respond(call.id.rawValue, 200, current: true)
        switch call.state {
        case .established, .answered: onEvent(.digit(call.id, digit, milliseconds: milliseconds))
        case .incoming, .inviting, .closing: break
        }
    }
}
