// The few lines of SDP that a telephone with one audio stream writes and reads.

/// One side's audio: where it listens and what it speaks (RFC 8866, RFC 3264).
struct SessionDescription {
    enum Direction: String {
        case sendrecv, sendonly, recvonly, inactive

        /// What an answerer says to this offer while it has nothing against it.
        var answer: Direction {
            switch self {
            case .sendrecv: .sendrecv
            case .sendonly: .recvonly
            case .recvonly: .sendonly
            case .inactive: .inactive
            }
        }

        /// Whether the one who describes itself so wants packets.
        var receives: Bool { self == .sendrecv || self == .recvonly }
    }

    var address: SocketAddress
    var codecs: [G711]
    /// Payload type of telephone-event/8000, if spoken.
    var telephoneEvent: UInt8?
    var direction = Direction.sendrecv

    func text(sessionID: UInt32, version: Int) -> String {
        let types = codecs.map(\.rawValue) + (telephoneEvent.map { [$0] } ?? [])
        var lines = [
            "v=0", "o=caller \(sessionID) \(version) IN IP4 \(address.host)", "s=-", "c=IN IP4 \(address.host)", "t=0 0",
            "m=audio \(address.port) RTP/AVP " + types.map(String.init).joined(separator: " "),
        ]
        lines += codecs.map { "a=rtpmap:\($0.rawValue) \($0.encodingName)/8000" }
        if let telephoneEvent {
            lines += ["a=rtpmap:\(telephoneEvent) telephone-event/8000", "a=fmtp:\(telephoneEvent) 0-16"]
        }
        lines += ["a=ptime:20", "a=\(direction.rawValue)"]
        return lines.map { $0 + "\r\n" }.joined()
    }
}

extension SessionDescription {
    /// The first audio stream of a description; nil if there is none that this phone can speak.
    init?(parsing text: String) {
        var host: Substring?
        var port: UInt16?
        var types: [UInt8] = []
        var event: UInt8?
        var direction = Direction.sendrecv
        for line in text.split(whereSeparator: \.isNewline) {
            let value = line.dropFirst(2)
            if line.hasPrefix("c="), let last = value.split(separator: " ").last {
                host = last
            } else if line.hasPrefix("m=") {
                // What follows a second m= line belongs to another stream.
                if port != nil { break }
                let words = value.split(separator: " ")
                guard words.count > 3, words[0] == "audio" else { continue }
                port = UInt16(words[1])
                types = words.dropFirst(3).compactMap { UInt8($0) }
            } else if line.hasPrefix("a=rtpmap:"), line.contains("telephone-event/8000") {
                event = line.dropFirst(9).split(separator: " ").first.flatMap { UInt8($0) }
            } else if line.hasPrefix("a="), let named = Direction(rawValue: String(value)) {
                direction = named
            }
        }
        guard let host, let port, let address = SocketAddress("\(host):\(port)") else { return nil }
        self.init(
            address: address, codecs: types.compactMap(G711.init(rawValue:)), telephoneEvent: event, direction: direction)
        if codecs.isEmpty { return nil }
    }
}
