// Calls that we make, and how any call ends or changes from our side.

extension UserAgent {
    struct NotPossible: Error, CustomStringConvertible {
        var description: String
        init(_ description: String) { self.description = description }
    }

    /// `*11`, `200` or a whole `sip:` URI.
    func dial(_ target: String, at now: Moment) throws {
        guard call?.isLive != true else { throw NotPossible("a call is up already") }
        let uri: String
        if target.hasPrefix("sip:") {
            uri = target
        } else if let registrar = options.registrar {
            uri = "sip:\(target)@\(options.domain ?? registrar.description)"
        } else {
            throw NotPossible("\(target) has no host and no registrar is named")
        }
        guard let destination = options.registrar.flatMap({ target.hasPrefix("sip:") ? nil : $0 }) ?? SocketAddress(uri: uri)
        else { throw NotPossible("no address in \(uri)") }
        refusalAcknowledgements = [:]
        let dialog = Dialog(
            callID: RandomText.hexadecimal(byteCount: 12), localTag: RandomText.hexadecimal(byteCount: 6), remoteTag: nil,
            local: addressOfRecord, remote: "<\(uri)>", remoteTarget: uri, sequence: 1)
        let call = Call(state: .calling(0), dialog: dialog, invite: dialog.request("INVITE", sequence: 1))
        call.invite.append("Contact", contact)
        call.invite.append("Allow", "INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, UPDATE")
        call.invite.append("User-Agent", "Switchboard test caller")
        call.invite.headers += options.inviteHeaders
        call.invite.body = description(for: call, answering: nil)
        self.call = call
        Report.line("dialled", ["uri": .text(uri), "call_id": .text(dialog.callID)])
        start(call.invite, to: destination, for: .invite, at: now)
    }

    func progress(_ status: Int, _ response: SIPMessage, at now: Moment) {
        guard let call, response["Call-ID"] == call.dialog.callID, call.isLive else { return }
        call.state = .calling(status)
        let early = SessionDescription(parsing: response.body)
        Report.line("provisional", ["status": .whole(status), "early_media": .flag(early != nil)])
        if let early { media.connect(to: early, isNewCall: true, at: now) }
        if call.cancelIsWanted {
            call.cancelIsWanted = false
            startCancel(at: now)
        }
    }

    func conclude(_ transaction: ClientTransaction, _ status: Int, _ response: SIPMessage, at now: Moment) {
        switch transaction.purpose {
        case .invite: concludeInvite(status, response, at: now)
        case .reinvite: concludeReinvite(transaction, status, response, at: now)
        case .refer:
            Report.line("response", ["method": "REFER", "status": .whole(status)])
            if status >= 300 { call?.referral = status }
        case .cancel, .bye: Report.line("response", ["method": .text(response.method), "status": .whole(status)])
        case .register(let expires): concludeRegister(expires, status, response, at: now)
        }
    }

    private func concludeInvite(_ status: Int, _ response: SIPMessage, at now: Moment) {
        guard let call, response["Call-ID"] == call.dialog.callID else { return }
        guard status < 300 else {
            let wasCancelled = status == 487 && call.state == .ended(.cancelledBySelf)
            Report.line(
                "refused",
                [
                    "status": .whole(status), "reason": .text(response["Reason"] ?? ""),
                    "contact": .text(response["Contact"] ?? ""),
                ])
            if !wasCancelled { call.state = .ended(.refused(status)) }
            media.disconnect()
            return
        }
        call.dialog.establish(from: response)
        acknowledge(call, sequence: response.sequence)
        guard call.isLive else {
            // Our CANCEL crossed the 200: the call is up and has to be ended (RFC 3261 section 15).
            return sendBye(call, at: now)
        }
        let wasEarly = if case .calling(183) = call.state { true } else { false }
        call.state = .established
        let remote = SessionDescription(parsing: response.body)
        Report.line(
            "answered",
            [
                "to": .text(response["To"] ?? ""), "media": .text(remote?.address.description ?? ""),
                "codec": .text(remote?.codecs[0].encodingName ?? ""),
            ])
        if let remote { media.connect(to: remote, isNewCall: !wasEarly, at: now) }
    }

    private func acknowledge(_ call: Call, sequence: Int) {
        guard let hop = call.dialog.nextHop else { return }
        var acknowledgement = call.dialog.request("ACK", sequence: sequence)
        acknowledgement.headers.insert(.init(name: "Via", value: via("z9hG4bK" + RandomText.hexadecimal(byteCount: 8))), at: 0)
        acknowledgement.append("Max-Forwards", "70")
        call.acknowledgement = acknowledgement
        transmit(acknowledgement, to: hop)
    }

    /// BYE, CANCEL or refusal, as the call's state asks for.
    func hangUp(at now: Moment) throws {
        guard let call, call.isLive else { throw NotPossible("no call is up") }
        switch call.state {
        case .calling(let status):
            call.state = .ended(.cancelledBySelf)
            if status == 0 { call.cancelIsWanted = true } else { startCancel(at: now) }
        case .invited: try refuse(with: 486, "Busy Here", at: now)
        case .established:
            sendBye(call, at: now)
            call.state = .ended(.bySelf)
        case .ended: break
        }
        media.disconnect()
    }

    private func sendBye(_ call: Call, at now: Moment) {
        guard let hop = call.dialog.nextHop else { return }
        call.dialog.sequence += 1
        start(call.dialog.request("BYE", sequence: call.dialog.sequence), to: hop, for: .bye, at: now)
    }

    /// Sends a re-INVITE: `.sendonly` holds the other end, `.sendrecv` takes it back.
    func change(to direction: SessionDescription.Direction, at now: Moment) throws {
        guard let call, call.state == .established, let hop = call.dialog.nextHop else { throw NotPossible("no call is up") }
        call.direction = direction
        call.dialog.sequence += 1
        var request = call.dialog.request("INVITE", sequence: call.dialog.sequence)
        request.append("Contact", contact)
        request.body = description(for: call, answering: nil)
        start(request, to: hop, for: .reinvite, at: now)
    }

    /// REFER within the call (RFC 3515): to a user of the registrar, or whatever stands in Refer-To.
    func refer(to target: String, at now: Moment) throws {
        guard let call, call.state == .established, let hop = call.dialog.nextHop else { throw NotPossible("no call is up") }
        call.referral = nil
        call.dialog.sequence += 1
        var request = call.dialog.request("REFER", sequence: call.dialog.sequence)
        let uri = target.contains(":") ? target : "sip:\(target)@\(options.domain ?? hop.description)"
        request.append("Refer-To", "<\(uri)>")
        request.append("Contact", contact)
        start(request, to: hop, for: .refer, at: now)
    }

    /// The status line within a NOTIFY of our REFER's subscription; the last one counts.
    func notified(_ request: SIPMessage) {
        let words = request.body.split(separator: " ")
        guard request["Event"]?.hasPrefix("refer") == true, words.count > 1, let status = Int(words[1]), status >= 200,
            request["Subscription-State"]?.hasPrefix("terminated") == true
        else { return }
        call?.referral = status
    }

    private func concludeReinvite(_ transaction: ClientTransaction, _ status: Int, _ response: SIPMessage, at now: Moment) {
        Report.line("response", ["method": "INVITE", "status": .whole(status)])
        guard let call, status < 300 else { return }
        acknowledge(call, sequence: response.sequence)
        if call.isLive, let remote = SessionDescription(parsing: response.body) {
            media.connect(to: remote, isNewCall: false, at: now)
        }
    }

    func giveUp(_ transaction: ClientTransaction) {
        Report.line("no_response", ["method": .text(transaction.request.method)])
        switch transaction.purpose {
        case .invite:
            call?.state = .ended(.timedOut)
            media.disconnect()
        case .register: registration.state = .failed(nil)
        case .reinvite, .cancel, .bye, .refer: break
        }
    }
}
