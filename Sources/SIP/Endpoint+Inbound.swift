// INVITEs that come in: who it is, and whether there is room.

internal import Basics
internal import CSofia
internal import Logging
internal import MainLoop

extension Endpoint {
    static let credentialsMax: UInt32 = 8
    /// What is longer is cut: it goes into the journal, and into INVITEs of ours, which have to fit a datagram.
    static let userMaxBytes = 64
    static let displayMaxBytes = 128
    private static let retryAfter = Header("Retry-After", "10")

    func invited(_ event: Happened) {
        counted.invitesIn &+= 1
        let id = event.pointee.call
        if draining || calls.count >= settings.callsMax {
            counted.overloaded &+= 1
            return respond(id, 503, headers: [Endpoint.retryAfter])
        }
        let address = Endpoint.source(event)
        guard let source = identify(event, address) else { return }
        // RFC 3891 §3: no dialog of ours may be taken over. To go on as if the header were not there would make a call that
        // nobody wants.
        if event.pointee.wants_replacement {
            if case .trunk(let trunk, let channel) = source { channels[trunk]?.give(back: channel) }
            return respond(id, 481)
        }
        guard event.pointee.has_sdp else {
            if case .trunk(let trunk, let channel) = source { channels[trunk]?.give(back: channel) }
            return refuseWithoutOffer(event)
        }
        accept(event, source, address)
    }

    /// RFC 3261 allows an INVITE without an offer; we do not: our media would have to offer before it knows the caller.
    private func refuseWithoutOffer(_ event: Happened) {
        counted.withoutOffer &+= 1
        if event.pointee.body_length > 0 {
            respond(event.pointee.call, 415, headers: [Header("Accept", "application/sdp")])
        } else {
            respond(
                event.pointee.call, 488, headers: [Header("Warning", "399 \(localHost) \"An offer in the INVITE is required\"")]
            )
        }
    }

    private func accept(_ event: Happened, _ source: Invitation.Source, _ address: SocketAddress) {
        let call = Call(
            id: CallID(rawValue: event.pointee.call), state: .incoming(reacted: false), nextHop: address.nextHop)
        if case .trunk(let trunk, let channel) = source {
            call.trunk = trunk
            call.channel = channel
        }
        calls[call.id.rawValue] = call
        let now = MonotonicClock.now
        setUpDeadlines.add(call.id, at: now)
        unansweredDeadlines.add(call.id, at: now)
        watchLength(of: call)
        agreeOnRefresh(call, event, isRequest: true)
        let isHidden = event.pointee.hides_caller
        let display = isHidden ? "" : Endpoint.text(event.pointee.from_display)
        onEvent(
            .invited(
                Invitation(
                    call: call.id, source: source,
                    dialled: Header.userName(Endpoint.text(event.pointee.request_user), bytesMax: Endpoint.userMaxBytes),
                    // What the caller does not want known goes no further; P-Asserted-Identity is never read.
                    fromUser: isHidden
                        ? Caller.anonymous.user
                        : Header.userName(Endpoint.text(event.pointee.from_user), bytesMax: Endpoint.userMaxBytes),
                    fromDisplay: Header.cut(
                        Header.unquoted(display[...].trimmed), bytesMax: Endpoint.displayMaxBytes),
                    sdp: Endpoint.body(event))))
    }

    /// Whose INVITE it is; nil: it has been answered.
    private func identify(_ event: Happened, _ address: SocketAddress) -> Invitation.Source? {
        if !registrar.knows(address), let trunk = trunk(calling: address) { return identify(event, address, as: trunk) }
        switch judge(event, "INVITE", settings.realm, address, find: { accounts[DeviceID($0)]?.credentials }) {
        case .accepted(let user): return .device(DeviceID(user))
        case let refusal:
            refuse(event, refusal, settings.realm, accountAlgorithms, address)
            return nil
        }
    }

    private func trunk(calling address: SocketAddress) -> TrunkSettings? {
        for id in trunkOrder {
            guard let trunk = trunks[id] else { continue }
            for range in trunk.inboundAddresses where range.contains(address) { return trunk }
        }
        return nil
    }

    private func identify(_ event: Happened, _ address: SocketAddress, as trunk: TrunkSettings) -> Invitation.Source? {
        if let credentials = trunk.credentials, trunk.challengesInbound {
            let realm = credentials.realm ?? settings.realm
            switch judge(event, "INVITE", realm, address, find: { $0 == credentials.user ? credentials : nil }) {
            case .accepted: break
            case let refusal:
                let algorithms = DigestAlgorithm.allCases.filter { credentials.ha1($0) != nil }
                refuse(event, refusal, realm, algorithms, address)
                return nil
            }
        }
        guard let channel = channels[trunk.id]?.take() else {
            counted.noChannel &+= 1
            respond(event.pointee.call, 503, headers: [Endpoint.retryAfter])
            return nil
        }
        return .trunk(trunk.id, channel: channel)
    }

    // MARK: Digest

    func judge(
        _ event: Happened, _ method: String, _ realm: String, _ address: SocketAddress, find: (String) -> DigestCredentials?
    ) -> Authenticator.Verdict {
        var offered: [DigestParameters] = []
        while offered.count < Int(Endpoint.credentialsMax), let list = csofia_credentials(event, UInt32(offered.count)) {
            offered.append(DigestParameters(list))
        }
        guard !offered.isEmpty else { return .missing }
        let uri = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 2_048) { buffer in
            csofia_request_uri(event, buffer.baseAddress, buffer.count) ? Endpoint.text(buffer.baseAddress) : ""
        }
        return authenticator.judge(
            offered, method: method, requestURI: uri, realm: realm, from: address, at: MonotonicClock.now, find: find)
    }

    /// Asks again, or says no; a wrong password counts against its source.
    func refuse(
        _ event: Happened, _ verdict: Authenticator.Verdict, _ realm: String, _ algorithms: [DigestAlgorithm],
        _ address: SocketAddress
    ) {
        switch verdict {
        case .missing, .stale:
            counted.challenged &+= 1
            let headers = authenticator.challenge(
                realm: realm, algorithms: algorithms, stale: verdict == .stale, for: address, at: MonotonicClock.now)
            respond(event.pointee.call, 401, headers: headers, current: true)
        case .wrong:
            counted.wrongPasswords &+= 1
            logger.notice("SIP: a wrong password")
            if let stack { csofia_strike(stack, Int32(address.family.rawValue), address.bytes) }
            respond(event.pointee.call, 403, current: true)
        case .accepted:
            break
        }
    }
}
