// Requests that come in.

extension UserAgent {
    func handleRequest(_ method: String, _ request: SIPMessage, from source: SocketAddress, at now: Moment) {
        if method == "ACK" { return acknowledged(request, at: now) }
        let key = request.branch + method
        if let known = serverTransactions[key] {
            if let response = known.response { transmit(response, to: source) }
            return
        }
        serverTransactions[key] = ServerTransaction(request: request, source: source, deadline: now + TransactionTimer.ringing)
        let isOurs = call.map { $0.isLive && $0.dialog.callID == request["Call-ID"] } ?? false
        switch method {
        case "INVITE": isOurs ? reinvited(request, at: now) : invited(request, at: now)
        case "CANCEL": cancelled(request, at: now)
        case "BYE":
            respond(to: request, isOurs ? 200 : 481, isOurs ? "OK" : "Call/Transaction Does Not Exist", at: now)
            if isOurs { ended(request) }
        case "UPDATE" where isOurs: reinvited(request, at: now)
        case "OPTIONS", "INFO", "NOTIFY", "MESSAGE":
            Report.line("request", ["method": .text(method), "body": .text(request.body)])
            if method == "NOTIFY" { notified(request) }
            respond(to: request, 200, "OK", at: now)
        default: respond(to: request, 501, "Not Implemented", at: now)
        }
    }

    private func invited(_ request: SIPMessage, at now: Moment) {
        let tag = request["To"].flatMap { SIPMessage.parameter("tag", of: $0) }
        guard tag == nil else { return respond(to: request, 481, "Call/Transaction Does Not Exist", at: now) }
        let from = request["From"] ?? ""
        guard call?.isLive != true else {
            Report.line("second_invite", ["from": .text(from)])
            return respond(to: request, 486, "Busy Here", at: now)
        }
        let dialog = Dialog(
            callID: request["Call-ID"] ?? "", localTag: RandomText.hexadecimal(byteCount: 6),
            remoteTag: SIPMessage.parameter("tag", of: from), local: request["To"] ?? "",
            remote: from.split(separator: ";tag=").first.map(String.init) ?? from,
            remoteTarget: SIPMessage.uri(of: request["Contact"] ?? from), routes: Dialog.routes(of: request))
        call = Call(state: .invited(alerting: false), dialog: dialog, invite: request)
        guard case .request(_, let uri) = request.start else { return }
        Report.line(
            "invited",
            [
                "from": .text(from), "to": .text(request["To"] ?? ""), "uri": .text(uri), "call_id": .text(dialog.callID),
                "identity": .text(request["P-Asserted-Identity"] ?? ""), "alert_info": .text(request["Alert-Info"] ?? ""),
                "offer": .flag(!request.body.isEmpty),
            ])
        respond(to: request, 100, "Trying", at: now)
    }

    /// 180, or 183 with our description and audio before the answer.
    func alert(withEarlyMedia early: Bool, at now: Moment) throws {
        guard let call, case .invited = call.state else { throw NotPossible("nobody calls") }
        call.state = .invited(alerting: true)
        guard early else { return respond(to: call.invite, 180, "Ringing", at: now) }
        let offer = SessionDescription(parsing: call.invite.body)
        respond(to: call.invite, 183, "Session Progress", description: description(for: call, answering: offer), at: now)
        if let offer { media.connect(to: offer, isNewCall: true, at: now) }
    }

    func answer(at now: Moment) throws {
        guard let call, case .invited = call.state else { throw NotPossible("nobody calls") }
        let offer = SessionDescription(parsing: call.invite.body)
        if offer == nil, !call.invite.body.isEmpty { return try refuse(with: 488, "Not Acceptable Here", at: now) }
        respond(to: call.invite, 200, "OK", description: description(for: call, answering: offer), at: now)
        call.state = .established
        Report.line(
            "answered", ["media": .text(offer?.address.description ?? ""), "codec": .text(offer?.codecs[0].encodingName ?? "")])
        if let offer { media.connect(to: offer, isNewCall: true, at: now) }
    }

    func refuse(with status: Int, _ reason: String, contact: String? = nil, at now: Moment) throws {
        guard let call, case .invited = call.state else { throw NotPossible("nobody calls") }
        respond(to: call.invite, status, reason, redirection: contact, at: now)
        call.state = .ended(.refused(status))
        media.disconnect()
    }

    private func acknowledged(_ request: SIPMessage, at now: Moment) {
        for (key, var transaction) in serverTransactions
        where transaction.request.method == "INVITE" && transaction.request["Call-ID"] == request["Call-ID"]
            && transaction.request.sequence == request.sequence
        {
            transaction.nextSend = nil
            transaction.deadline = now + TransactionTimer.timeout
            serverTransactions[key] = transaction
        }
        // The answer to an offer that we made in our 200 (RFC 3261 section 13.2.1).
        if let call, call.state == .established, call.dialog.callID == request["Call-ID"],
            let answer = SessionDescription(parsing: request.body)
        {
            media.connect(to: answer, isNewCall: false, at: now)
        }
        Report.line("acknowledged")
    }

    private func cancelled(_ request: SIPMessage, at now: Moment) {
        guard let call, case .invited = call.state, call.invite.branch == request.branch else {
            return respond(to: request, 481, "Call/Transaction Does Not Exist", at: now)
        }
        respond(to: request, 200, "OK", at: now)
        respond(to: call.invite, 487, "Request Terminated", at: now)
        Report.line("cancelled", ["reason": .text(request["Reason"] ?? "")])
        call.state = .ended(.cancelledByRemote)
        media.disconnect()
    }

    private func reinvited(_ request: SIPMessage, at now: Moment) {
        guard let call else { return }
        guard call.state == .established else { return respond(to: request, 491, "Request Pending", at: now) }
        if let contact = request["Contact"] { call.dialog.remoteTarget = SIPMessage.uri(of: contact) }
        let offer = SessionDescription(parsing: request.body)
        Report.line(
            "reinvited",
            [
                "method": .text(request.method), "direction": .text(offer?.direction.rawValue ?? ""),
                "media": .text(offer?.address.description ?? ""),
            ])
        let isRefresh = request.method == "UPDATE" && request.body.isEmpty
        respond(to: request, 200, "OK", description: isRefresh ? "" : description(for: call, answering: offer), at: now)
        if let offer { media.connect(to: offer, isNewCall: false, at: now) }
    }

    private func ended(_ request: SIPMessage) {
        if case .invited = call?.state, let call { respond(to: call.invite, 487, "Request Terminated", at: .now) }
        Report.line("bye", ["reason": .text(request["Reason"] ?? "")])
        call?.state = .ended(.byRemote)
        media.disconnect()
    }

    private func respond(
        to request: SIPMessage, _ status: Int, _ reason: String, description: String = "", redirection: String? = nil,
        at now: Moment
    ) {
        let key = request.branch + request.method
        guard var transaction = serverTransactions[key] else { return }
        var response = SIPMessage(start: .response(status: status, reason: reason))
        for name in ["Via", "Record-Route", "From", "Call-ID", "CSeq"] {
            for value in request.all(name) { response.append(name, value) }
        }
        // RFC 3581: where the request really came from.
        if let via = response.headers.firstIndex(where: { $0.name == "Via" }) {
            let source = transaction.source
            response.headers[via].value = response.headers[via].value.replacing(
                /;rport(?=[;,]|$)/, with: ";rport=\(source.port);received=\(source.host)", maxReplacements: 1)
        }
        let to = request["To"] ?? ""
        let isTagged = SIPMessage.parameter("tag", of: to) != nil || status == 100
        let tag = call.flatMap { $0.dialog.callID == request["Call-ID"] ? $0.dialog.localTag : nil }
        response.append("To", isTagged ? to : "\(to);tag=\(tag ?? RandomText.hexadecimal(byteCount: 6))")
        if let redirection {
            response.append("Contact", redirection)
        } else if status < 300 {
            response.append("Contact", contact)
        }
        response.body = description
        transaction.response = response
        if status >= 200 {
            transaction.deadline = now + TransactionTimer.timeout
            if request.method == "INVITE" { transaction.nextSend = now + TransactionTimer.t1 }
        }
        serverTransactions[key] = transaction
        transmit(response, to: transaction.source)
    }
}
