// Reads an RTCP packet (RFC 3550, section 6) without allocating.

/// What one compound packet says that concerns us.
public struct RTCPSummary: Hashable, Sendable {
    /// A sender report's times.
    public struct SenderTimes: Hashable, Sendable {
        public var source: UInt32
        /// Seconds since 1900 in the upper half, their fraction in the lower.
        public var ntp: UInt64
        public var rtp: UInt32
        public var packets: UInt32
        public var payloadBytes: UInt32

        /// What a report block echoes.
        public var middle: UInt32 { UInt32(truncatingIfNeeded: ntp >> 16) }
    }

    public private(set) var sender: SenderTimes?
    /// The report about our own stream.
    public private(set) var block: ReportBlock?
    public private(set) var isBye = false

    /// Reads `packet` and looks for reports about `source`; `nil` if it isn't valid RTCP (A.2: version, type, lengths).
    public init?(_ packet: UnsafeRawBufferPointer, about source: UInt32) {
        guard packet.count >= 8, packet[0] >> 6 == 2, (200...201).contains(packet[1]) || packet[1] == 203 else { return nil }
        var offset = 0
        while offset < packet.count {
            guard packet.count - offset >= 4, packet[offset] >> 6 == 2 else { return nil }
            let count = Int(packet[offset] & 0x1F)
            let length = (Int(packet[offset + 2]) << 8 | Int(packet[offset + 3])) * 4 + 4
            guard length <= packet.count - offset else { return nil }
            let part = UnsafeRawBufferPointer(rebasing: packet[offset..<offset + length])
            switch packet[offset + 1] {
            case 200:
                guard part.count >= 28 + count * 24 else { return nil }
                sender = SenderTimes(
                    source: part.bigEndian32(at: 4),
                    ntp: UInt64(part.bigEndian32(at: 8)) << 32 | UInt64(part.bigEndian32(at: 12)),
                    rtp: part.bigEndian32(at: 16), packets: part.bigEndian32(at: 20),
                    payloadBytes: part.bigEndian32(at: 24))
                take(part, from: 28, count: count, about: source)
            case 201:
                guard part.count >= 8 + count * 24 else { return nil }
                take(part, from: 8, count: count, about: source)
            case 203: isBye = true
            default: break
            }
            offset += length
        }
    }

    private mutating func take(_ part: UnsafeRawBufferPointer, from start: Int, count: Int, about source: UInt32) {
        for index in 0..<count {
            let at = start + index * 24
            guard part.bigEndian32(at: at) == source else { continue }
            let loss = part.bigEndian32(at: at + 4)
            block = ReportBlock(
                source: source, fractionLost: UInt8(loss >> 24),
                cumulativeLost: Int32(bitPattern: loss << 8) >> 8, extendedHighest: part.bigEndian32(at: at + 8),
                jitter: part.bigEndian32(at: at + 12), lastReport: part.bigEndian32(at: at + 16),
                delaySinceLastReport: part.bigEndian32(at: at + 20))
        }
    }
}
