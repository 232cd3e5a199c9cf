// Checks and DTLS of one session.

internal import RTP
internal import SDP

extension BrowserSession {
    /// DTLS gives up after this long; a browser repeats its flight for 30 s at least.
    private static let handshakeMaxNanoseconds: UInt64 = 30_000_000_000

    /// A check that names us came in over `path`.
    func receive(_ message: STUNMessage, over path: ICEPath, at now: UInt64) {
        guard var agent = ice else { return }
        let before = agent.previous?.local.fragment
        let outcome = agent.receive(message, over: path, at: now)
        ice = agent
        if outcome.refusal != nil { drop(.refusedCheck) }
        if let before, agent.previous == nil { port.forget(before, of: self) }
        if let removed = outcome.removed { port.forget([removed], of: self) }
        // Not only a new one: an address may have been somebody else's in between.
        if outcome.refusal == nil, agent.isKnown(path) { port.find(self, over: path) }
        if let response = outcome.response {
            if outcome.refusal == nil {
                _ = response.withUnsafeBytes { port.send($0, over: path, as: .stun) }
            } else {
                port.refuse(response, over: path)
            }
        }
        if outcome.refusal == nil { noteReceived(at: now) }
    }

    /// DTLS from an address that has proved itself.
    func receiveDTLS(_ datagram: UnsafeRawBufferPointer, at now: UInt64) {
        switch transport {
        case .idle:
            do {
                let dtls = try DTLSEndpoint(port.identity, role: .server)
                transport = .handshaking(dtls)
                port.figures.handshakes &+= 1
                port.startHandshake(self)
                proceed(dtls, with: datagram, at: now)
            } catch {
                // Out of memory: the browser repeats itself.
                drop(.staleHandshake)
            }
        case .handshaking(let dtls): proceed(dtls, with: datagram, at: now)
        case .connected(let link):
            link.dtls.receive(datagram)
            flush(link.dtls)
            switch link.dtls.state {
            case .handshaking, .connected: break
            case .closed, .failed:
                endTransport()
                becomeAbsent(.closeNotify)
            }
        case .ended: drop(.staleHandshake)
        }
    }

    private func proceed(_ dtls: DTLSEndpoint, with datagram: UnsafeRawBufferPointer, at now: UInt64) {
        dtls.receive(datagram)
        flush(dtls)
        note(dtls, at: now)
    }

    /// `handshakeDue` has come.
    func handshakeTimeOut(at now: UInt64) {
        guard case .handshaking(let dtls) = transport else {
            handshakeDue = .max
            return
        }
        dtls.timeOut()
        flush(dtls)
        note(dtls, at: now)
    }

    private func note(_ dtls: DTLSEndpoint, at now: UInt64) {
        switch dtls.state {
        case .handshaking:
            if now > offeredAt, now - offeredAt > Self.handshakeMaxNanoseconds {
                fail(.handshakeFailed)
            } else {
                handshakeDue = dtls.wait.map { now &+ $0 } ?? .max
            }
        case .connected: takeKeys(dtls, at: now)
        case .closed, .failed: fail(.handshakeFailed)
        }
    }

    private func takeKeys(_ dtls: DTLSEndpoint, at now: UInt64) {
        guard let agreement else { return fail(.handshakeFailed) }
        do {
            let srtp = try dtls.keys(of: agreement.fingerprint)
            transport = .connected(Link(dtls: dtls, srtp: srtp))
            handshakeDue = .max
            port.stopHandshake(self)
            nextReport = now
            lastReceived = now
            becomePresent()
        } catch {
            dtls.close()
            flush(dtls)
            switch error {
            case .wrongFingerprint:
                port.figures.wrongFingerprints &+= 1
                fail(.wrongFingerprint)
            case .noKeys: fail(.handshakeFailed)
            }
        }
    }

    private func fail(_ reason: BrowserGone) {
        port.figures.handshakesFailed &+= 1
        endTransport()
        becomeAbsent(reason)
    }

    /// Sends what DTLS wants to say.
    func flush(_ dtls: DTLSEndpoint) {
        // Also without a path they are taken, or they would come out at the wrong time.
        while dtls.withNextDatagram({ bytes in
            if let path = ice?.selected { port.send(bytes, over: path, as: .dtls) }
        }) {}
    }

    /// Something authentic came. Only voice ends a silence: checks alone, one in 2.5 s, would let it flicker.
    func noteReceived(at now: UInt64, isVoice: Bool = false) {
        lastReceived = now
        switch absence {
        case .silent: if isVoice { becomePresent() }
        case .expired: becomePresent()
        case .closeNotify, .handshakeFailed, .wrongFingerprint, nil: break
        }
    }
}
