// Offer in, answer out, and what a new offer means for what there is.

internal import Audio
internal import RTP
internal import SDP

extension BrowserSession {
    /// Below this share of lost packets `auto` stays with G.711; in percent.
    private static let lossyPercent = 2.0

    /// Answers a browser's offer, complete and at once: the browser's own candidates are not needed.
    ///
    /// An offer with the fingerprint of the one before is a renegotiation or an ICE restart and keeps the association, its
    /// keys and the voice. One with another fingerprint is another page (a reload, a second tab): everything begins anew.
    /// A refused offer changes nothing.
    public func answer(_ text: String) throws(WebRTCError) -> String {
        guard !isClosed else { throw .sessionClosed }
        let offer: BrowserOffer
        do {
            offer = try BrowserOffer(text)
        } catch {
            throw .offer(error)
        }
        let isLossy = max(losses.percent, (remoteLoss ?? 0) * 100) > Self.lossyPercent
        let codec = offer.choice(port.settings.codecPolicy, law: port.settings.law == .mu ? .pcmu : .pcma, isLossy: isLossy)
        let clock: UInt32 = codec.codec == .opus ? 48000 : 8000
        let event = offer.telephoneEvents.first { $0.clock == clock } ?? offer.telephoneEvents.first
        try prepare(codec.codec)
        if let former = agreement, former.fingerprint == offer.fingerprint, canContinue {
            if former.iceFragment != offer.iceFragment { restartICE(offer) }
        } else {
            startAnew(offer)
        }
        agreement = Agreement(
            fingerprint: offer.fingerprint, iceFragment: offer.iceFragment, direction: offer.direction,
            events: offer.telephoneEvents, codec: codec, event: event)
        offeredAt = port.now
        version += 1
        return answerText(to: offer, codec: codec)
    }

    private var canContinue: Bool {
        switch transport {
        case .idle, .handshaking, .connected: true
        case .ended: false
        }
    }

    /// Makes the encoder and the decoder first, so that a failure leaves all as it was.
    private func prepare(_ codec: BrowserCodec) throws(WebRTCError) {
        guard codec == .opus else { return }
        if opusOut == nil { opusOut = try OpusEncoder() }
        if opusIn == nil { opusIn = try OpusReceiver(law: port.settings.law) }
    }

    private func restartICE(_ offer: BrowserOffer) {
        let credentials = ICECredentials(using: &port.random)
        // Two pairs are good at a time, not more.
        if let old = ice?.previous?.local.fragment { port.forget(old, of: self) }
        ice?.restart(local: credentials, remoteFragment: offer.iceFragment)
        port.find(self, as: credentials.fragment)
    }

    private func startAnew(_ offer: BrowserOffer) {
        endTransport()
        let credentials = ICECredentials(using: &port.random)
        ice = ICELiteAgent(local: credentials, remoteFragment: offer.iceFragment)
        port.forgetFragments(of: self)
        port.find(self, as: credentials.fragment)
        transport = .idle
        absence = nil
        hasConnected = false
        lastReceived = port.now
        // New keys allow the old numbers, and a new source keeps a browser from mixing them up.
        out = Self.stream(using: &port.random)
        extraPackets = 0
        sentPackets = 0
        sentBytes = 0
        reportedPackets = 0
        reception = ReceptionStatistics()
        losses = LossWindow()
        lastReportMiddle = 0
        lastReportAt = 0
        remoteLoss = nil
        remoteJitter = nil
        roundTrip = nil
    }

    private func answerText(to offer: BrowserOffer, codec: BrowserOffer.Codec) -> String {
        guard let local = ice?.local else { return "" }
        let answer = BrowserAnswer(
            sessionID: sessionID, version: version, iceFragment: local.fragment, icePassword: local.password,
            fingerprint: port.fingerprint,
            candidates: port.candidates.map { .init(connection: $0.connection, port: $0.port) }, source: out.source)
        return answer.text(to: offer, codec: codec)
    }
}
