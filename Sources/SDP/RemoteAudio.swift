// One audio line, read with all that bears on it.

/// The audio line of a description with its formats, addresses and direction worked out.
struct RemoteAudio {
    var formats: [AudioAgreement.Format] = []
    var telephoneEvent: UInt8?
    var connection: SessionDescription.Connection
    var port: UInt16
    var rtcp: (connection: SessionDescription.Connection, port: UInt16)
    var offersRTCPMux = false
    var direction: MediaDirection
    var packetMilliseconds = 20

    init(_ media: SessionDescription.Media, in description: SessionDescription) throws(SDPError) {
        guard let connection = media.connection ?? description.connection else {
            throw SDPError(.missingConnection, line: media.line)
        }
        self.connection = connection
        port = media.port
        rtcp = (connection, media.port &+ 1)
        let directions = (media.attributes + description.attributes).lazy.compactMap { MediaDirection(rawValue: $0.name) }
        direction = directions.first ?? .sendReceive
        var maps: [UInt8: String] = [:]
        for attribute in media.attributes {
            switch attribute.name {
            case "rtpmap": Self.take(attribute, into: &maps)
            case "ptime":
                // "20" and, seen in the wild, "20.0".
                guard let value = attribute.value.flatMap({ Double($0) }), value >= 1, value <= 200 else { continue }
                packetMilliseconds = Int(value)
            case "rtcp-mux": offersRTCPMux = true
            case "rtcp": rtcp = try Self.rtcp(attribute, default: connection)
            default: break
            }
        }
        for format in media.formats {
            guard let type = UInt8(format), type < 128 else { continue }
            take(type, encoding: maps[type])
        }
    }

    private mutating func take(_ type: UInt8, encoding: String?) {
        // Without an rtpmap the static numbers speak for themselves (RFC 3551, section 6).
        let known = AudioCodec.allCases.first { $0.staticPayloadType == type }
        let name = encoding ?? known.map { "\($0.rawValue)/8000" } ?? ""
        switch name {
        case "PCMU/8000", "PCMU/8000/1": formats.append(.init(codec: .pcmu, payloadType: type))
        case "PCMA/8000", "PCMA/8000/1": formats.append(.init(codec: .pcma, payloadType: type))
        case "G722/8000", "G722/8000/1": formats.append(.init(codec: .g722, payloadType: type))
        case "TELEPHONE-EVENT/8000", "TELEPHONE-EVENT/8000/1": if telephoneEvent == nil { telephoneEvent = type }
        default: break
        }
    }

    /// `a=rtpmap:96 name/rate` (RFC 8866, section 6.6); names are compared without regard to case. One that cannot be read
    /// makes its format one that we don't have, and the others are as good as before.
    private static func take(_ attribute: SessionDescription.Attribute, into maps: inout [UInt8: String]) {
        guard let parts = attribute.value?.split(separator: " ", maxSplits: 1), let first = parts.first,
            let type = UInt8(first), type < 128
        else { return }
        guard parts.count == 2 else { return maps[type] = "" }
        maps[type] = parts[1].uppercased()
    }

    /// `a=rtcp:port [IN IP4 address]` (RFC 3605, section 2.1).
    private static func rtcp(
        _ attribute: SessionDescription.Attribute, default connection: SessionDescription.Connection
    ) throws(SDPError) -> (SessionDescription.Connection, UInt16) {
        let parts = attribute.value?.split(separator: " ") ?? []
        guard let first = parts.first, let port = UInt16(first) else {
            throw SDPError(.malformedAttribute, line: attribute.line)
        }
        if parts.count == 1 { return (connection, port) }
        guard parts.count == 4, parts[1] == "IN" else { throw SDPError(.malformedAttribute, line: attribute.line) }
        let own = try SessionDescription.connection(family: parts[2], address: parts[3], number: attribute.line)
        return (own, port)
    }

    func agreement(
        sends: AudioAgreement.Format, receives: [AudioAgreement.Format], eventReceived: UInt8?,
        direction: MediaDirection, mux: Bool
    ) -> AudioAgreement {
        let held = connection.isUnspecified
        return AudioAgreement(
            sends: sends, receives: receives, telephoneEventSent: telephoneEvent, telephoneEventReceived: eventReceived,
            remote: connection, remotePort: port, remoteRTCP: mux ? connection : rtcp.connection,
            remoteRTCPPort: mux ? port : rtcp.port, usesRTCPMux: mux,
            direction: held ? direction.limited(to: .receiveOnly) : direction,
            isOnHold: held || !self.direction.receives, packetMilliseconds: packetMilliseconds)
    }
}
