// What a datagram is, told by its first byte (RFC 7983, section 7).

internal import RTP

/// Which protocol a datagram on the shared port belongs to.
package nonisolated enum DatagramKind: Sendable {
    case stun, dtls, rtp, rtcp
    /// ZRTP, TURN channels, QUIC, or nothing that is known.
    case foreign

    package init(_ datagram: UnsafeRawBufferPointer) {
        guard let first = datagram.first else {
            self = .foreign
            return
        }
        switch first {
        case 0...3: self = .stun
        case 20...63: self = .dtls
        case 128...191: self = RTPHeader.isRTCP(datagram) ? .rtcp : .rtp
        default: self = .foreign
        }
    }
}
