// What a browser offers, as far as one voice needs it (RFC 8829, RFC 8843, RFC 5763).

/// One audio line of a browser's offer, read out of whatever else it offers.
public struct BrowserOffer: Hashable, Sendable {
    public struct Codec: Hashable, Sendable {
        public var codec: BrowserCodec
        /// 0...127; the offer's own number, which the answer echoes.
        public var payloadType: UInt8

        public init(codec: BrowserCodec, payloadType: UInt8) {
            self.codec = codec
            self.payloadType = payloadType
        }
    }

    public struct TelephoneEvent: Hashable, Sendable {
        public var payloadType: UInt8
        /// Hertz: 8000 or 48000. Durations count in it; timestamps in the clock of the voice.
        public var clock: UInt32

        public init(payloadType: UInt8, clock: UInt32) {
            self.payloadType = payloadType
            self.clock = clock
        }
    }

    public private(set) var codecs: [Codec] = []
    /// Firefox offers 8000 Hz alone, even beside Opus; Chromium both.
    public private(set) var telephoneEvents: [TelephoneEvent] = []
    public private(set) var direction = MediaDirection.sendReceive
    public private(set) var iceFragment = ""
    public private(set) var icePassword = ""
    public let fingerprint: CertificateFingerprint
    /// Of the audio line; `nil`: it has no name.
    public private(set) var mid: String?
    /// The offer as it stands, which the answer mirrors line by line.
    let description: SessionDescription
    /// Which of its media is the voice.
    let index: Int

    /// Reads `text` as a browser writes it.
    public init(_ text: String) throws(BrowserOfferError) {
        do {
            description = try SessionDescription.parse(text)
        } catch {
            throw .malformed(error)
        }
        let index = description.media.firstIndex { media in
            media.kind == "audio" && media.port != 0 && media.transport.hasPrefix("UDP/TLS/RTP/SAVP")
        }
        guard let index else { throw .noAudio }
        self.index = index
        let session = description.attributes
        let media = description.media[index]
        // Firefox writes some of them for the session, Chromium and aiortc for the line (RFC 8866, section 5.13).
        func values(_ name: String) -> [String] {
            let own = media.attributes(named: name)
            return (own.isEmpty ? session.filter { $0.name == name } : own).map { $0.value ?? "" }
        }
        guard !media.attributes(named: "rtcp-mux").isEmpty else { throw .noRTCPMux }
        guard let fragment = values("ice-ufrag").first, let password = values("ice-pwd").first,
            Self.isICE(fragment, 4...256), Self.isICE(password, 22...256)
        else { throw .noICE }
        iceFragment = fragment
        icePassword = password
        fingerprint = try Self.fingerprint(values("fingerprint"))
        guard ["actpass", "active"].contains(values("setup").first ?? "actpass") else { throw .wrongSetup }
        mid = media.attributes(named: "mid").first?.value
        let stated = [media.attributes, session].lazy.compactMap { attributes in
            attributes.lazy.compactMap { MediaDirection(rawValue: $0.name) }.first
        }
        direction = stated.first ?? .sendReceive
        readFormats(media)
        guard !codecs.isEmpty else { throw .noCommonCodec }
    }

    /// The codec that `policy` makes of the offer. `law` is the house's, `.pcmu` or `.pcma`.
    public func choice(_ policy: BrowserCodecPolicy, law: BrowserCodec, isLossy: Bool = false) -> Codec {
        for wanted in policy.order(law: law, isLossy: isLossy) {
            if let found = codecs.first(where: { $0.codec == wanted }) { return found }
        }
        return codecs[0]
    }

    private mutating func readFormats(_ media: SessionDescription.Media) {
        var encodings: [UInt8: String] = [0: "PCMU/8000", 8: "PCMA/8000"]
        for attribute in media.attributes(named: "rtpmap") {
            let parts = (attribute.value ?? "").split(separator: " ", maxSplits: 1)
            // A line that makes no sense names no format that we could use.
            guard parts.count == 2, let type = UInt8(parts[0]), type < 128 else { continue }
            encodings[type] = parts[1].uppercased()
        }
        for format in media.formats {
            guard let type = UInt8(format), let encoding = encodings[type] else { continue }
            if let codec = BrowserCodec.allCases.first(where: { $0.encodings.contains(encoding) }) {
                if !codecs.contains(where: { $0.codec == codec }) { codecs.append(Codec(codec: codec, payloadType: type)) }
            } else if let clock = [UInt32(8000), 48000].first(where: { encoding.hasPrefix("TELEPHONE-EVENT/\($0)") }),
                !telephoneEvents.contains(where: { $0.clock == clock })
            {
                telephoneEvents.append(TelephoneEvent(payloadType: type, clock: clock))
            }
        }
    }

    /// The one with SHA-256 is chosen by its name: aiortc gives three of different hashes.
    private static func fingerprint(_ values: [String]) throws(BrowserOfferError) -> CertificateFingerprint {
        let hashes = values.compactMap { value -> Substring? in
            let parts = value.split(separator: " ", maxSplits: 1)
            return parts.count == 2 && parts[0].lowercased() == "sha-256" ? parts[1] : nil
        }
        guard let first = hashes.first else { throw .noFingerprint }
        guard let fingerprint = CertificateFingerprint(first),
            hashes.allSatisfy({ CertificateFingerprint($0) == fingerprint })
        else { throw .malformedFingerprint }
        return fingerprint
    }

    /// `ice-char`s in the number that RFC 8839, section 5.4 allows.
    private static func isICE(_ text: String, _ count: ClosedRange<Int>) -> Bool {
        count.contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 48...57, 65...90, 97...122, 43, 47: true
                default: false
                }
            }
    }
}

extension SessionDescription.Media {
    /// The line's own attributes of one name, in their order.
    func attributes(named name: String) -> [SessionDescription.Attribute] { attributes.filter { $0.name == name } }
}
