// What the library tells, sorted by kind and by the call's state.

internal import Basics
internal import CSofia
internal import Logging
internal import MainLoop

extension Endpoint {
    typealias Happened = UnsafePointer<csofia_event>

    func receive(_ event: Happened) {
        let kind = csofia_kind(UInt32(event.pointee.kind))
        guard let call = calls[event.pointee.call] else { return receiveOutside(event, kind) }
        switch kind {
        case CSOFIA_REINVITED: reinvited(call, event)
        case CSOFIA_UPDATED: updated(call, event)
        case CSOFIA_CANCELLED: cancelled(call)
        case CSOFIA_CONFIRMED: confirmed(call, event)
        case CSOFIA_RESPONDED: responded(call, event)
        case CSOFIA_HUNG_UP: hungUp(call, Q850Cause(Int(event.pointee.q850)))
        case CSOFIA_TERMINATED: terminated(call)
        case CSOFIA_INFORMED: informed(call, event)
        case CSOFIA_REFERRED: referred(call, event)
        default: break
        }
    }

    /// Requests outside our calls, and the last words of INVITEs that we refused.
    private func receiveOutside(_ event: Happened, _ kind: csofia_kind) {
        guard let stack else { return }
        let id = event.pointee.call
        switch kind {
        case CSOFIA_INVITED: invited(event)
        case CSOFIA_REGISTERED:
            register(event)
            csofia_release(stack, id)
        case CSOFIA_INFORMED:
            respond(id, 481, current: true)
            csofia_release(stack, id)
        case CSOFIA_REFERRED:
            // RFC 3515 §4: it would make us call somebody for a stranger.
            respond(id, 603, current: true)
            csofia_release(stack, id)
        case CSOFIA_TERMINATED: csofia_release(stack, id)
        default: break
        }
    }

    private func cancelled(_ call: Call) {
        switch call.state {
        case .incoming: close(call, .ended(.cancelled))
        case .answered, .inviting, .established, .closing: break
        }
    }

    private func confirmed(_ call: Call, _ event: Happened) {
        switch call.state {
        case .answered:
            call.state = .established
            onEvent(.confirmed(call.id))
        case .closing:
            if let headers = call.byeHeaders { sendBye(call, headers) }
        case .established:
            guard case .made = call.offer else { return }
            call.offer = .none
            if event.pointee.has_sdp { onEvent(.changeAnswered(call.id, sdp: Endpoint.body(event))) }
        case .incoming, .inviting: break
        }
    }

    private func hungUp(_ call: Call, _ cause: Q850Cause?) {
        switch call.state {
        case .incoming: close(call, .ended(.cancelled))
        case .answered, .established: close(call, .ended(.hungUpByPeer(cause)))
        case .inviting: close(call, .failed(status: 487, reason: "Request Terminated", q850: cause))
        case .closing: break
        }
    }

    /// The library's last word about a call.
    private func terminated(_ call: Call) {
        switch call.state {
        case .closing(let outcome): end(call, outcome)
        case .incoming, .answered, .established: end(call, .ended(.timedOut))
        case .inviting: end(call, .failed(status: 408, reason: "Request Timeout", q850: nil))
        }
    }

    /// Only the library's last word is awaited, for a while.
    func close(_ call: Call, _ outcome: Call.Outcome) {
        call.state = .closing(outcome)
        call.attempt = nil
        closingDeadlines.add(call.id, at: MonotonicClock.now)
    }

    /// The id is dead after this.
    func end(_ call: Call, _ outcome: Call.Outcome) {
        guard let stack, calls.removeValue(forKey: call.id.rawValue) != nil else { return }
        if let trunk = call.trunk, let channel = call.channel { channels[trunk]?.give(back: channel) }
        csofia_release(stack, call.id.rawValue)
        kick()
        if let trunk = call.trunk, case .failed(let status, _, _) = outcome {
            logger.notice("SIP: a call out failed", metadata: ["trunk": "\(trunk)", "status": "\(status)"])
        }
        switch outcome {
        case .failed(let status, let reason, let q850): onEvent(.failed(call.id, status: status, reason: reason, q850: q850))
        case .ended(let end): onEvent(.ended(call.id, end))
        }
    }

    static func text(_ pointer: UnsafePointer<CChar>?) -> String { pointer.map { String(cString: $0) } ?? "" }

    static func body(_ event: Happened) -> String {
        guard let body = event.pointee.body else { return "" }
        return String(decoding: UnsafeRawBufferPointer(start: body, count: event.pointee.body_length), as: UTF8.self)
    }

    static func source(_ event: Happened) -> SocketAddress {
        withUnsafeBytes(of: event.pointee.address) { bytes in
            SocketAddress(family: event.pointee.family == 6 ? .v6 : .v4, bytes: bytes, port: event.pointee.port)
        }
    }
}
