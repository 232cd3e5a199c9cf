// The head of an RTP packet (RFC 3550, section 5.1).

/// What stands before the payload, and where the payload lies.
public struct RTPHeader: Hashable, Sendable {
    /// Bytes of a header without contributing sources and extension.
    public static let bytes = 12

    public var marker: Bool
    /// 0...127.
    public var payloadType: UInt8
    public var sequence: UInt16
    public var timestamp: UInt32
    public var source: UInt32
    /// Where the payload begins, behind contributing sources and extension; at least 12.
    public var payloadOffset: Int
    /// Bytes of payload without the padding.
    public var payloadCount: Int

    public init(
        marker: Bool = false, payloadType: UInt8, sequence: UInt16, timestamp: UInt32, source: UInt32, payloadCount: Int = 0
    ) {
        self.marker = marker
        self.payloadType = payloadType & 0x7F
        self.sequence = sequence
        self.timestamp = timestamp
        self.source = source
        payloadOffset = Self.bytes
        self.payloadCount = payloadCount
    }

    /// Reads `packet`; `nil` if it is no RTP packet or its lengths contradict one another.
    public init?(_ packet: UnsafeRawBufferPointer) {
        guard packet.count >= Self.bytes, packet[0] >> 6 == 2 else { return nil }
        var offset = Self.bytes + Int(packet[0] & 0x0F) * 4
        if packet[0] & 0x10 != 0 {
            guard packet.count >= offset + 4 else { return nil }
            offset += 4 + (Int(packet[offset + 2]) << 8 | Int(packet[offset + 3])) * 4
        }
        var end = packet.count
        guard offset <= end else { return nil }
        if packet[0] & 0x20 != 0 {
            let padding = Int(packet[end - 1])
            guard padding > 0, padding <= end - offset else { return nil }
            end -= padding
        }
        marker = packet[1] & 0x80 != 0
        payloadType = packet[1] & 0x7F
        sequence = UInt16(packet[2]) << 8 | UInt16(packet[3])
        timestamp = packet.bigEndian32(at: 4)
        source = packet.bigEndian32(at: 8)
        payloadOffset = offset
        payloadCount = end - offset
    }

    /// Writes the 12 bytes of the header to the start of `packet`, which must have room for them.
    public func write(to packet: UnsafeMutableRawPointer) {
        packet.storeBytes(of: 0x80, as: UInt8.self)
        packet.storeBytes(of: payloadType | (marker ? 0x80 : 0), toByteOffset: 1, as: UInt8.self)
        packet.storeBytes(of: sequence.bigEndian, toByteOffset: 2, as: UInt16.self)
        packet.storeBytes(of: timestamp.bigEndian, toByteOffset: 4, as: UInt32.self)
        packet.storeBytes(of: source.bigEndian, toByteOffset: 8, as: UInt32.self)
    }

    /// RTCP on the RTP port is told by its packet types 192 to 223 (RFC 5761, section 4).
    public static func isRTCP(_ packet: UnsafeRawBufferPointer) -> Bool {
        packet.count >= 2 && packet[0] >> 6 == 2 && (192...223).contains(packet[1])
    }
}

extension UnsafeRawBufferPointer {
    /// The four bytes at `offset`, which the caller has checked to be there.
    func bigEndian32(at offset: Int) -> UInt32 {
        UInt32(bigEndian: loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }
}
