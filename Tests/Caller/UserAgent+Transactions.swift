// Sending again, giving up, and matching what comes back (RFC 3261 section 17).

extension UserAgent {
    /// Sends a request in a transaction of its own, with a new branch and, where we know a nonce, with credentials.
    func start(
        _ unsent: SIPMessage, to destination: SocketAddress, for purpose: ClientTransaction.Purpose,
        answering nonce: String? = nil,
        at now: Moment
    ) {
        var request = unsent
        let branch = "z9hG4bK" + RandomText.hexadecimal(byteCount: 8)
        request.headers.removeAll { $0.name == "Via" || $0.name.hasSuffix("Authorization") }
        request.headers.insert(.init(name: "Via", value: via(branch)), at: 0)
        authorize(&request)
        if request["Max-Forwards"] == nil { request.append("Max-Forwards", "70") }
        transmit(request, to: destination)
        clientTransactions[branch + request.method] = ClientTransaction(
            request: request, destination: destination, purpose: purpose, nextSend: now + TransactionTimer.t1,
            deadline: now + TransactionTimer.timeout, answeredNonce: nonce)
    }

    /// CANCEL belongs to the INVITE's transaction and carries its Via (RFC 3261 section 9.1).
    func startCancel(at now: Moment) {
        guard let (_, invite) = clientTransactions.first(where: { $0.value.purpose == .invite }) else { return }
        guard case .request(_, let uri) = invite.request.start else { return }
        var cancel = SIPMessage(start: .request(method: "CANCEL", uri: uri))
        for name in ["Via", "Route", "From", "To", "Call-ID", "Max-Forwards"] {
            for value in invite.request.all(name) { cancel.append(name, value) }
        }
        cancel.append("CSeq", "\(invite.request.sequence) CANCEL")
        transmit(cancel, to: invite.destination)
        clientTransactions[cancel.branch + "CANCEL"] = ClientTransaction(
            request: cancel, destination: invite.destination, purpose: .cancel, nextSend: now + TransactionTimer.t1,
            deadline: now + TransactionTimer.timeout)
    }

    func via(_ branch: String) -> String { "SIP/2.0/UDP \(socket.local);branch=\(branch);rport" }

    private func authorize(_ request: inout SIPMessage) {
        guard let challenge, let password = options.password, case .request(let method, let uri) = request.start,
            method != "ACK", method != "CANCEL"
        else { return }
        nonceCount += 1
        let answer = challenge.answer(
            user: options.authenticationUser, password: password, method: method, uri: uri, nonceCount: nonceCount)
        request.append(challenge.answerHeaderName, answer)
    }

    func handleResponse(_ status: Int, _ response: SIPMessage, at now: Moment) {
        let key = response.branch + response.method
        guard var transaction = clientTransactions[key] else { return acknowledgeAgain(key, status, response) }
        let isInvite = transaction.request.method == "INVITE"
        if status < 200 {
            transaction.nextSend = isInvite ? nil : now + TransactionTimer.t2
            if isInvite { transaction.deadline = now + TransactionTimer.ringing }
            clientTransactions[key] = transaction
            if transaction.purpose == .invite { progress(status, response, at: now) }
            return
        }
        clientTransactions[key] = nil
        if isInvite, status >= 300 { acknowledgeRefusal(of: transaction, response, key) }
        if status == 401 || status == 407, retryWithCredentials(transaction, response, at: now) { return }
        conclude(transaction, status, response, at: now)
    }

    /// ACK for a refusal is part of the INVITE's transaction (RFC 3261 section 17.1.1.3).
    private func acknowledgeRefusal(of transaction: ClientTransaction, _ response: SIPMessage, _ key: String) {
        guard case .request(_, let uri) = transaction.request.start else { return }
        var acknowledgement = SIPMessage(start: .request(method: "ACK", uri: uri))
        for name in ["Via", "Route", "From", "Call-ID", "Max-Forwards"] {
            for value in transaction.request.all(name) { acknowledgement.append(name, value) }
        }
        acknowledgement.append("To", response["To"] ?? "")
        acknowledgement.append("CSeq", "\(transaction.request.sequence) ACK")
        transmit(acknowledgement, to: transaction.destination)
        refusalAcknowledgements[key] = (acknowledgement, transaction.destination)
    }

    /// A final response to INVITE that comes again lost its ACK.
    private func acknowledgeAgain(_ key: String, _ status: Int, _ response: SIPMessage) {
        guard response.method == "INVITE", status >= 200 else { return }
        if status >= 300, let (acknowledgement, destination) = refusalAcknowledgements[key] {
            transmit(acknowledgement, to: destination)
        } else if status < 300, let call, response["Call-ID"] == call.dialog.callID, let hop = call.dialog.nextHop,
            let acknowledgement = call.acknowledgement
        {
            transmit(acknowledgement, to: hop)
        }
    }

    /// Sends the request once more with an answer to the challenge; false if there is nothing more to try.
    private func retryWithCredentials(_ transaction: ClientTransaction, _ response: SIPMessage, at now: Moment) -> Bool {
        guard options.password != nil, let new = DigestChallenge.best(in: response, allowed: options.algorithms),
            transaction.purpose != .cancel, transaction.answeredNonce == nil || new.isStale,
            transaction.answeredNonce != new.nonce
        else { return false }
        if challenge?.nonce != new.nonce { nonceCount = 0 }
        challenge = new
        var request = transaction.request
        let sequence = request.sequence + 1
        request.replace("CSeq", with: "\(sequence) \(request.method)")
        if case .register = transaction.purpose { registration.sequence = sequence } else { call?.dialog.sequence = sequence }
        start(request, to: transaction.destination, for: transaction.purpose, answering: new.nonce, at: now)
        return true
    }

    func tick(at now: Moment) {
        for (key, var transaction) in clientTransactions {
            if transaction.deadline <= now {
                clientTransactions[key] = nil
                giveUp(transaction)
            } else if let due = transaction.nextSend, due <= now {
                transmit(transaction.request, to: transaction.destination)
                transaction.interval *= 2
                if transaction.request.method != "INVITE" {
                    transaction.interval = min(transaction.interval, TransactionTimer.t2)
                }
                transaction.nextSend = now + transaction.interval
                clientTransactions[key] = transaction
            }
        }
        for (key, var transaction) in serverTransactions {
            if transaction.deadline <= now {
                serverTransactions[key] = nil
            } else if let due = transaction.nextSend, due <= now, let response = transaction.response {
                transmit(response, to: transaction.source)
                transaction.interval = min(transaction.interval * 2, TransactionTimer.t2)
                transaction.nextSend = now + transaction.interval
                serverTransactions[key] = transaction
            }
        }
        refreshRegistration(at: now)
    }

    /// Whether no request of ours waits for its final response.
    var isIdle: Bool { clientTransactions.isEmpty && call?.cancelIsWanted != true }

    /// The earliest moment at which `tick` has something to do.
    var deadline: Moment? {
        let sending = clientTransactions.values.flatMap { [$0.nextSend, $0.deadline] }
        let answering = serverTransactions.values.flatMap { [$0.nextSend, $0.deadline] }
        return (sending + answering + [registration.refreshAt]).compactMap { $0 }.min()
    }
}
