// Our answer to a browser's offer: complete in one message, for a server whose addresses are known.

/// What we have to say of ourselves.
public struct BrowserAnswer: Hashable, Sendable {
    public struct Candidate: Hashable, Sendable {
        public var connection: SessionDescription.Connection
        public var port: UInt16

        public init(connection: SessionDescription.Connection, port: UInt16) {
            self.connection = connection
            self.port = port
        }
    }

    /// Digits, the same for all answers of one session; `version` counts them.
    public var sessionID: UInt64
    public var version: UInt64
    public var iceFragment: String
    public var icePassword: String
    public var fingerprint: CertificateFingerprint
    /// Where we can be reached, the best first; at least one.
    public var candidates: [Candidate]
    /// The source of our RTP packets.
    public var source: UInt32

    public init(
        sessionID: UInt64, version: UInt64, iceFragment: String, icePassword: String, fingerprint: CertificateFingerprint,
        candidates: [Candidate], source: UInt32
    ) {
        self.sessionID = sessionID
        self.version = version
        self.iceFragment = iceFragment
        self.icePassword = icePassword
        self.fingerprint = fingerprint
        self.candidates = candidates
        self.source = source
    }

    /// The text that answers `offer` with `codec`.
    public func text(to offer: BrowserOffer, codec: BrowserOffer.Codec) -> String {
        var answer = SessionDescription()
        let own = candidates.first?.connection ?? .init(family: .ipv4, address: "0.0.0.0")
        answer.origin = .init(sessionID: String(sessionID), version: String(version), address: own)
        answer.attributes = [.init("ice-lite")]
        if let mid = offer.mid, offer.isBundled { answer.attributes.append(.init("group", "BUNDLE \(mid)")) }
        answer.attributes.append(.init("msid-semantic", "WMS *"))
        for (index, media) in offer.description.media.enumerated() {
            if index == offer.index {
                answer.media.append(voice(for: offer, codec: codec, transport: media.transport))
            } else {
                // Refused lines stay in their place (RFC 3264, section 6).
                var refused = SessionDescription.Media(
                    kind: media.kind, port: 0, transport: media.transport, formats: media.formats)
                refused.connection = .init(family: .ipv4, address: "0.0.0.0")
                if let mid = media.attributes(named: "mid").first { refused.attributes.append(.init("mid", mid.value)) }
                answer.media.append(refused)
            }
        }
        return answer.text
    }

    private func voice(
        for offer: BrowserOffer, codec: BrowserOffer.Codec, transport: String
    ) -> SessionDescription.Media {
        let events = offer.telephoneEvents
        let first = candidates.first ?? Candidate(connection: .init(family: .ipv4, address: "0.0.0.0"), port: 9)
        var media = SessionDescription.Media(
            kind: "audio", port: first.port, transport: transport,
            formats: [String(codec.payloadType)] + events.map { String($0.payloadType) })
        media.connection = first.connection
        func add(_ name: String, _ value: String? = nil) { media.attributes.append(.init(name, value)) }
        if let mid = offer.mid { add("mid", mid) }
        add("rtcp-mux")
        add("ice-ufrag", iceFragment)
        add("ice-pwd", icePassword)
        add("fingerprint", "sha-256 \(fingerprint.text)")
        add("setup", "passive")
        add("rtpmap", "\(codec.payloadType) \(codec.codec.name)")
        if codec.codec == .opus { add("fmtp", "\(codec.payloadType) minptime=20;useinbandfec=1") }
        for event in events {
            add("rtpmap", "\(event.payloadType) telephone-event/\(event.clock)")
            add("fmtp", "\(event.payloadType) 0-15")
        }
        add("ptime", "20")
        add(offer.direction.reversed.rawValue)
        // Also while nothing is sent: Chromium stays deaf for good if the source goes away and comes back.
        add("msid", "switchboard voice")
        add("ssrc", "\(source) cname:switchboard")
        for (index, candidate) in candidates.enumerated() {
            // RFC 8445, section 5.1.2.1: type host, local preference by place, component 1.
            let priority = 126 << 24 | (65535 - min(index, 65535)) << 8 | 255
            let address = candidate.connection.address
            add("candidate", "\(index + 1) 1 udp \(priority) \(address) \(candidate.port) typ host")
        }
        add("end-of-candidates")
        return media
    }
}

extension BrowserOffer {
    /// The offer wants everything over one transport.
    var isBundled: Bool {
        description.attributes.contains { $0.name == "group" && $0.value?.hasPrefix("BUNDLE") == true }
    }
}
