// REGISTER (RFC 3261 section 10).

extension UserAgent {
    /// `expires` in seconds; 0 takes the binding away.
    func register(expires: Int, at now: Moment) throws {
        guard let registrar = options.registrar else { throw NotPossible("no registrar is named") }
        registration.sequence += 1
        registration.state = .pending
        registration.refreshAt = nil
        let host = options.domain ?? registrar.description
        var request = SIPMessage(start: .request(method: "REGISTER", uri: "sip:\(host)"))
        request.append("From", "\(addressOfRecord);tag=\(registration.localTag)")
        request.append("To", addressOfRecord)
        request.append("Call-ID", registration.callID)
        request.append("CSeq", "\(registration.sequence) REGISTER")
        request.append("Contact", contact)
        request.append("Expires", "\(expires)")
        request.append("User-Agent", "Switchboard test caller")
        start(request, to: registrar, for: .register(expires), at: now)
    }

    func concludeRegister(_ expires: Int, _ status: Int, _ response: SIPMessage, at now: Moment) {
        guard (200..<300).contains(status) else {
            registration.state = .failed(status)
            return Report.line("registration_refused", ["status": .whole(status)])
        }
        guard expires > 0 else {
            registration.state = .none
            return Report.line("deregistered")
        }
        let own = response.all("Contact").flatMap(SIPMessage.list).first { "<\(SIPMessage.uri(of: $0))>" == contact }
        let granted = own.flatMap { SIPMessage.parameter("expires", of: $0) } ?? response["Expires"]
        let seconds = granted.flatMap { Int($0) } ?? expires
        registration.state = .registered(seconds)
        registration.refreshAt = now + .milliseconds(seconds * 900)
        Report.line(
            "registered",
            [
                "expires": .whole(seconds),
                "bindings": .whole(response.all("Contact").flatMap(SIPMessage.list).filter { !$0.isEmpty }.count),
            ])
    }

    func refreshRegistration(at now: Moment) {
        guard let due = registration.refreshAt, due <= now, case .registered(let seconds) = registration.state else { return }
        // The lifetime that was granted is asked for again; a registrar must exist, since one granted it.
        try? register(expires: seconds, at: now)
    }
}
