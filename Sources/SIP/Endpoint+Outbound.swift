// INVITEs of ours, and what is answered to them.

public import Basics
internal import CSofia
internal import MainLoop

extension Endpoint {
    /// Calls a registered device where its REGISTER came from. Throws `EndpointError.inviteRefused`.
    public func invite(
        device: DeviceID, at binding: Binding, from: Caller, sdp: String, headers: [Header] = []
    ) throws -> CallID {
        let tag = Hexadecimal.random(bytes: 6)
        let attempt = Attempt(
            requestURI: binding.contact, from: from.header(host: localHost, tag: tag),
            plainFrom: from.header(host: localHost, tag: tag, withDisplay: false),
            to: "<sip:\(Header.user(device.rawValue))@\(localHost)>", sdp: sdp, headers: Header.block(headers),
            callID: Hexadecimal.random(bytes: 16), sessionTimer: UInt32(clamping: settings.sessionTimerSeconds))
        return try send(attempt, nextHop: binding.source.nextHop).id
    }

    /// Calls a number over a trunk, on its lowest free channel. Throws `EndpointError`.
    public func invite(
        trunk id: TrunkID, number: String, from: Caller, sdp: String, headers: [Header] = []
    ) throws -> CallID {
        guard let trunk = trunks[id] else { throw EndpointError.trunkUnknown(id) }
        guard let channel = channels[id]?.take() else {
            counted.noChannel &+= 1
            throw EndpointError.noChannelFree(id)
        }
        let uri = "sip:\(Header.user(number))@\(trunk.peer)"
        let tag = Hexadecimal.random(bytes: 6)
        var attempt = Attempt(
            requestURI: uri, from: from.header(host: localHost, tag: tag),
            plainFrom: from.header(host: localHost, tag: tag, withDisplay: false), to: "<\(uri)>", sdp: sdp,
            headers: Header.block(headers), callID: Hexadecimal.random(bytes: 16),
            sessionTimer: UInt32(clamping: settings.sessionTimerSeconds))
        attempt.credentials = trunk.credentials
        do {
            let call = try send(attempt, nextHop: trunk.peer.nextHop)
            call.trunk = id
            call.channel = channel
            return call.id
        } catch {
            channels[id]?.give(back: channel)
            throw error
        }
    }

    private func send(_ attempt: Attempt, nextHop: String) throws -> Call {
        guard !draining, calls.count < settings.callsMax else { throw EndpointError.inviteRefused }
        var attempt = attempt
        attempt.minSE = UInt32(clamping: settings.sessionTimerMinSeconds)
        var id = submit(attempt, nextHop, again: 0)
        if id == 0, attempt.from != attempt.plainFrom {
            // A name is not worth a call.
            attempt.from = attempt.plainFrom
            id = submit(attempt, nextHop, again: 0)
        }
        guard id != 0 else { throw EndpointError.inviteRefused }
        counted.invitesOut &+= 1
        let call = Call(id: CallID(rawValue: id), state: .inviting(reacted: false), nextHop: nextHop)
        call.localSDP = attempt.sdp
        call.attempt = attempt
        calls[id] = call
        let now = MonotonicClock.now
        setUpDeadlines.add(call.id, at: now)
        unansweredDeadlines.add(call.id, at: now)
        watchLength(of: call)
        return call
    }

    /// 0: the library did not take it.
    private func submit(_ attempt: Attempt, _ nextHop: String, again: UInt64) -> UInt64 {
        guard let stack else { return 0 }
        var wanted = csofia_invitation()
        wanted.sequence = attempt.sequence
        wanted.session_timer = attempt.sessionTimer
        wanted.min_se = attempt.minSE
        defer { kick() }
        return attempt.requestURI.withCString { uri in
            attempt.from.withCString { from in
                attempt.to.withCString { to in
                    attempt.callID.withCString { callID in
                        nextHop.withCString { nextHop in
                            attempt.sdp.withCString { sdp in
                                wanted.request_uri = uri
                                wanted.from = from
                                wanted.to = to
                                wanted.call_id = callID
                                wanted.next_hop = nextHop
                                wanted.sdp = sdp
                                return submit(attempt, &wanted, stack, again)
                            }
                        }
                    }
                }
            }
        }
    }

    private func submit(
        _ attempt: Attempt, _ wanted: inout csofia_invitation, _ stack: OpaquePointer, _ again: UInt64
    ) -> UInt64 {
        withOptional(attempt.headers) { headers in
            withOptional(attempt.authorization) { authorization in
                withOptional(attempt.proxyAuthorization) { proxyAuthorization in
                    wanted.headers = headers
                    wanted.authorization = authorization
                    wanted.proxy_authorization = proxyAuthorization
                    return csofia_invite(stack, &wanted, again)
                }
            }
        }
    }

    func responded(_ call: Call, _ event: Happened) {
        let status = Int(event.pointee.status)
        switch call.state {
        case .inviting:
            switch status {
            case ..<180: call.state = .inviting(reacted: true)
            case ..<200:
                call.state = .inviting(reacted: true)
                onEvent(.progressed(call.id, status: status, sdp: event.pointee.has_sdp ? Endpoint.body(event) : nil))
            case ..<300:
                call.state = .established
                agreeOnRefresh(call, event, isRequest: false)
                call.attempt = nil
                onEvent(.answered(call.id, sdp: event.pointee.has_sdp ? Endpoint.body(event) : nil))
            default: refused(call, event, status)
            }
        case .closing:
            // Our CANCEL and their answer crossed.
            if (200..<300).contains(status), !call.hasSaidBye { sendBye(call, []) }
        case .established: refreshed(call, status)
        case .incoming, .answered: break
        }
    }

    private func refused(_ call: Call, _ event: Happened, _ status: Int) {
        if var attempt = call.attempt, improve(&attempt, event, status) {
            attempt.sequence += 1
            call.attempt = attempt
            if submit(attempt, call.nextHop, again: call.id.rawValue) != 0 { return }
        }
        // Beyond 699 are the library's own errors.
        close(
            call,
            .failed(
                status: status > 699 ? 500 : status, reason: Endpoint.text(event.pointee.phrase),
                q850: Q850Cause(Int(event.pointee.q850))))
    }

    /// Whether the INVITE can be sent once more: with credentials, or with a longer session timer.
    private func improve(_ attempt: inout Attempt, _ event: Happened, _ status: Int) -> Bool {
        switch status {
        case 401, 407:
            guard !attempt.authorized, let credentials = attempt.credentials else { return false }
            attempt.authorized = true
            return authorize(&attempt, event, credentials)
        case 422:
            guard !attempt.lengthened, event.pointee.min_se > Int32(clamping: attempt.sessionTimer) else { return false }
            attempt.lengthened = true
            attempt.minSE = UInt32(event.pointee.min_se)
            attempt.sessionTimer = attempt.minSE
            return true
        default:
            return false
        }
    }

    private func authorize(_ attempt: inout Attempt, _ event: Happened, _ credentials: DigestCredentials) -> Bool {
        var challenges: [DigestParameters] = []
        var proxies: [Bool] = []
        var proxy = false
        while challenges.count < Int(Endpoint.credentialsMax),
            let list = csofia_challenge(event, UInt32(challenges.count), &proxy)
        {
            challenges.append(DigestParameters(list))
            proxies.append(proxy)
        }
        let answer = DigestAnswer.make(to: challenges, credentials: credentials, method: "INVITE", uri: attempt.requestURI)
        guard let answer else { return false }
        if proxies[answer.index] { attempt.proxyAuthorization = answer.value } else { attempt.authorization = answer.value }
        return true
    }
}
