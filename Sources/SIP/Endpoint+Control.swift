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
        respond(id.rawValue, 200, sdp: sdp, nextHop: call.nextHop, withoutTimer: call.withoutTimer)
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
    public func hangUp(_ id: CallID, cause: Q850Cause? = nil) {
        guard let call = calls[id.rawValue], let stack else { return }
        let headers = cause.map { [$0.header] } ?? []
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

    /// 200 with our answer to a change that the peer has offered.
    public func acceptChange(_ id: CallID, sdp: String) {
        guard let call = calls[id.rawValue] else { return }
        call.localSDP = sdp
        answerChange(call, 200, sdp)
    }

    /// Refuses a change; the session stays as it was. `status`: 488, 491, 403, 500 or 603; others would end the dialog or
    /// mean something else, so 488 is sent for them.
    public func refuseChange(_ id: CallID, status: Int = 488) {
        guard let call = calls[id.rawValue] else { return }
        answerChange(call, [488, 491, 403, 500, 603].contains(status) ? status : 488, nil)
    }

    func answerChange(_ call: Call, _ status: Int, _ sdp: String?) {
        switch call.offer {
        case .none: return
        case .reinvite: respond(call.id.rawValue, status, sdp: sdp)
        case .update: respond(call.id.rawValue, status, sdp: sdp, saved: true)
        }
        call.offer = .none
    }

    /// INFO within a call that is answered (RFC 6086).
    public func sendInfo(_ id: CallID, contentType: String, body: String) {
        guard let call = calls[id.rawValue], case .established = call.state, let stack else { return }
        Header.line(contentType).withCString { type in
            body.withCString { csofia_info(stack, id.rawValue, type, $0) }
        }
        kick()
    }
}
