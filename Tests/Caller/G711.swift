// ITU-T G.711, both laws, written from the standard's segments: on purpose not the daemon's own code.

enum G711: UInt8, CaseIterable {
    case mu = 0
    case a = 8

    /// As in the rtpmap of SDP.
    var encodingName: String { self == .mu ? "PCMU" : "PCMA" }

    var silence: UInt8 { self == .mu ? 0xFF : 0xD5 }

    func decode(_ code: UInt8) -> Int16 { self == .mu ? Self.muTable[Int(code)] : Self.aTable[Int(code)] }

    func encode(_ sample: Int16) -> UInt8 { self == .mu ? Self.encodeMu(sample) : Self.encodeA(sample) }

    private static let muTable: [Int16] = (0...255).map { code in
        let inverted = ~UInt8(code)
        let magnitude = ((Int(inverted & 0x0F) << 3) + 0x84) << Int((inverted & 0x70) >> 4)
        return Int16(inverted & 0x80 != 0 ? 0x84 - magnitude : magnitude - 0x84)
    }

    private static let aTable: [Int16] = (0...255).map { code in
        let toggled = UInt8(code) ^ 0x55
        let segment = Int((toggled & 0x70) >> 4)
        let mantissa = Int(toggled & 0x0F) << 4
        let magnitude = segment == 0 ? mantissa + 8 : (mantissa + 0x108) << (segment - 1)
        return Int16(toggled & 0x80 != 0 ? magnitude : -magnitude)
    }

    private static func encodeMu(_ sample: Int16) -> UInt8 {
        let magnitude = min(Int(sample.magnitude), 32_635) + 0x84
        let segment = highestBit(magnitude) - 7
        let mantissa = (magnitude >> (segment + 3)) & 0x0F
        return ~UInt8((sample < 0 ? 0x80 : 0) | segment << 4 | mantissa)
    }

    private static func encodeA(_ sample: Int16) -> UInt8 {
        // The negative half is the mirror of the positive one, one code below zero.
        let magnitude = sample < 0 ? Int(sample.magnitude) - 1 : Int(sample)
        let segment = max(0, highestBit(magnitude | 1) - 7)
        let mantissa = (magnitude >> (segment == 0 ? 4 : segment + 3)) & 0x0F
        return UInt8((sample < 0 ? 0 : 0x80) | segment << 4 | mantissa) ^ 0x55
    }

    private static func highestBit(_ number: Int) -> Int { Int.bitWidth - 1 - number.leadingZeroBitCount }
}
