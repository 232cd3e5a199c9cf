// What the house does with its calls.

internal import CSofia
internal import MainLoop

extension Endpoint {
    /// 180 to a call that came in. Without effect if the call is past that.
    public func ring(_ id: CallID) { provisional(id, 180, nil) }

    /// 183 with early media.
    public func progress(_ id: CallID, sdp: String) { provisional(id, 183, sdp) }

    private func provisional(_ id: CallID, _ status: Int, _ sdp: String?) {
        guard let call = calls[id.rawValue], case .incoming = call.state else { return }
        call.state = .incoming(reacted: true)
        if let sdp { call.localSDP = sdp }
        respond(id.rawValue, status, sdp: sdp, nextHop: call.nextHop)
    }

    /// 200 with our answer; `.confirmed` follows, or `.ended(.timedOut)`.
    public func answer(_ id: CallID, sdp: String) {
        guard let call = calls[id.rawValue], case .incoming = call.state else { return }
        call.state = .answered
        call.localSDP = sdp
        respond(id.rawValue, 200, sdp: sdp, nextHop: call.nextHop)
    }

    /// A final error (400...699) to a call that came in; a call that is past that is hung up.
    public func reject(_ id: CallID, status: Int, reason: String? = nil, headers: [Header] = []) {
        guard let call = calls[id.rawValue] else { return }
        guard case .incoming = call.state else { return hangUp(id) }
        close(call, .ended(.hungUpHere))
        respond(
            id.rawValue, (400...699).contains(status) ? status : 480, phrase: reason, headers: headers, nextHop: call.nextHop)
    }

    /// BYE, CANCEL or a final error, whatever fits; `.ended(.hungUpHere)` follows when the peer has confirmed it, or after
    /// `closingMaxSeconds`.
    /// `completedElsewhere`: another phone took the call, so that this one, if it still rings, lists none as missed.
    public func hangUp(_ id: CallID, cause: Q850Cause? = nil, completedElsewhere: Bool = false) {
        guard let call = calls[id.rawValue], let stack else { return }
        var headers = cause.map { [$0.header] } ?? []
        // RFC 3326 §2: cause 200 is the status that ended the INVITE elsewhere.
        if completedElsewhere { headers.append(Header("Reason", "SIP;cause=200;text=\"Call completed elsewhere\"")) }
        switch call.state {
        case .incoming:
            close(call, .ended(.hungUpHere))
            respond(id.rawValue, (cause ?? .noUserResponding).status, headers: headers, nextHop: call.nextHop)
        case .answered:
            // RFC 3261 §15: no BYE before the ACK. If none comes, the library says BYE by itself.
            call.byeHeaders = headers
            close(call, .ended(.hungUpHere))
        case .established:
            close(call, .ended(.hungUpHere))
            sendBye(call, headers)
        case .inviting:
            close(call, .ended(.hungUpHere))
            withOptional(Header.block(headers)) { csofia_cancel(stack, id.rawValue, $0) }
            kick()
        case .closing: break
        }
    }

    /// Our offer, which the peer has asked for by `.offerWanted`; its answer comes as `.changeAnswered`.
    public func offerChange(_ id: CallID, sdp: String) {
        guard let call = calls[id.rawValue], case .wanted = call.offer else { return }
        call.localSDP = sdp
        answerChange(call, 200, sdp)
        call.offer = .made
    }

    /// 200 with our answer to a change that the peer has offered.
    public func acceptChange(_ id: CallID, sdp: String) {
        guard let call = calls[id.rawValue] else { return }
        call.localSDP = sdp
        answerChange(call, 200, sdp)
    }

    /// Refuses a change; the session stays as it was. `status`: 488, 491, 403, 500 or 603; others would end the dialog or
    /// mean something else, so 488 is sent for them. An offer that was wanted is the one of the session as it stands.
    public func refuseChange(_ id: CallID, status: Int = 488) {
        guard let call = calls[id.rawValue] else { return }
        answerChange(call, [488, 491, 403, 500, 603].contains(status) ? status : 488, nil)
    }

    func answerChange(_ call: Call, _ status: Int, _ sdp: String?) {
        switch call.offer {
        case .none, .made: return
        case .wanted: respond(call.id.rawValue, 200, sdp: sdp ?? call.localSDP)
        case .reinvite: respond(call.id.rawValue, status, sdp: sdp)
        case .update: respond(call.id.rawValue, status, sdp: sdp, saved: true)
        }
        call.offer = .none
    }
}
