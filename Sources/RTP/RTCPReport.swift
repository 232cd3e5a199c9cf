// Writes an RTCP packet (RFC 3550, section 6).

/// One compound packet: a sender or receiver report, our name, and at the end of a call a goodbye.
public struct RTCPReport: Hashable, Sendable {
    /// The most bytes that `write` needs.
    public static let bytesMax = 28 + 24 + 8 + 4 + Self.nameBytes + 8
    /// Bytes of the canonical name: 16 hexadecimal digits of a random number, so that it says nothing about anybody.
    private static let nameBytes = 16

    public var source: UInt32
    /// A random number for the whole call (RFC 7022).
    public var name: UInt64
    /// `nil`: nothing was sent, a receiver report is made.
    public var sender: RTCPSummary.SenderTimes?
    public var block: ReportBlock?
    public var isBye: Bool

    public init(
        source: UInt32, name: UInt64, sender: RTCPSummary.SenderTimes?, block: ReportBlock?, isBye: Bool = false
    ) {
        self.source = source
        self.name = name
        self.sender = sender
        self.block = block
        self.isBye = isBye
    }

    /// Writes to `target`, which must have room for `bytesMax`, and returns the number of bytes.
    public func write(to target: UnsafeMutableRawPointer) -> Int {
        var offset = 0
        func put(_ word: UInt32) {
            target.storeBytes(of: word.bigEndian, toByteOffset: offset, as: UInt32.self)
            offset += 4
        }
        let blocks: UInt32 = block == nil ? 0 : 1
        if let sender {
            put(0x80C8_0000 | blocks << 24 | (6 + blocks * 6))
            put(source)
            put(UInt32(truncatingIfNeeded: sender.ntp >> 32))
            put(UInt32(truncatingIfNeeded: sender.ntp))
            put(sender.rtp)
            put(sender.packets)
            put(sender.payloadBytes)
        } else {
            put(0x80C9_0000 | blocks << 24 | (1 + blocks * 6))
            put(source)
        }
        if let block {
            put(block.source)
            put(UInt32(block.fractionLost) << 24 | (UInt32(bitPattern: block.cumulativeLost) & 0xFF_FFFF))
            put(block.extendedHighest)
            put(block.jitter)
            put(block.lastReport)
            put(block.delaySinceLastReport)
        }
        // SDES with CNAME: source, type 1, length, text, ended by at least one zero up to a word's border.
        put(0x81CA_0000 | 6)
        put(source)
        target.storeBytes(of: 1, toByteOffset: offset, as: UInt8.self)
        target.storeBytes(of: UInt8(Self.nameBytes), toByteOffset: offset + 1, as: UInt8.self)
        for digit in 0..<Self.nameBytes {
            let nibble = UInt8(truncatingIfNeeded: name >> UInt64(60 - digit * 4)) & 0xF
            target.storeBytes(of: nibble < 10 ? 48 + nibble : 87 + nibble, toByteOffset: offset + 2 + digit, as: UInt8.self)
        }
        target.storeBytes(of: 0, toByteOffset: offset + 18, as: UInt16.self)
        offset += 20
        if isBye {
            put(0x81CB_0001)
            put(source)
        }
        return offset
    }
}

extension RTCPSummary.SenderTimes {
    public init(ntp: UInt64, rtp: UInt32, packets: UInt32, payloadBytes: UInt32) {
        self.init(source: 0, ntp: ntp, rtp: rtp, packets: packets, payloadBytes: payloadBytes)
    }
}
