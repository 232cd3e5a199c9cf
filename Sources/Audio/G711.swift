// G.711 in both laws (ITU-T G.711), by tables.

/// Encodes and decodes 8-bit logarithmic samples.
public enum G711 {
    public enum Law: UInt8, Hashable, Sendable, CaseIterable {
        case mu = 0, a = 1

        /// The byte for the quietest sample.
        public var silence: UInt8 { self == .mu ? 0xFF : 0xD5 }
    }

    /// 256 samples, by byte.
    public static func decodingTable(_ law: Law) -> [Int16] { law == .mu ? muDecoded : aDecoded }

    /// 256 bytes of the other law, by byte of `law`.
    public static func transcodingTable(from law: Law) -> [UInt8] { law == .mu ? muToA : aToMu }

    public static func decode(_ byte: UInt8, _ law: Law) -> Int16 { (law == .mu ? muDecoded : aDecoded)[Int(byte)] }

    public static func encode(_ sample: Int16, _ law: Law) -> UInt8 {
        switch law {
        // Both laws look at the upper bits only (14 for mu, 13 for A), so a table of 16384 serves.
        case .mu: muEncoded[Int(UInt16(bitPattern: sample) >> 2)]
        case .a: aEncoded[Int(UInt16(bitPattern: sample) >> 2)]
        }
    }

    public static func decode(_ bytes: some Sequence<UInt8>, _ law: Law) -> [Int16] {
        let table = decodingTable(law)
        return bytes.map { table[Int($0)] }
    }

    public static func encode(_ samples: some Sequence<Int16>, _ law: Law) -> [UInt8] {
        let table = law == .mu ? muEncoded : aEncoded
        return samples.map { table[Int(UInt16(bitPattern: $0) >> 2)] }
    }

    private static let muDecoded = (0..<256).map { expandMu(UInt8($0)) }
    private static let aDecoded = (0..<256).map { expandA(UInt8($0)) }
    private static let muEncoded = (0..<16384).map { compressMu(Int16(bitPattern: UInt16($0) << 2)) }
    private static let aEncoded = (0..<16384).map { compressA(Int16(bitPattern: UInt16($0) << 2)) }
    private static let muToA = (0..<256).map { encode(muDecoded[$0], .a) }
    private static let aToMu = (0..<256).map { encode(aDecoded[$0], .mu) }

    private static func expandMu(_ byte: UInt8) -> Int16 {
        let inverted = ~byte
        let exponent = Int(inverted >> 4) & 7
        let magnitude = ((Int(inverted & 0xF) << 3) + 0x84) << exponent - 0x84
        return Int16(inverted & 0x80 != 0 ? -magnitude : magnitude)
    }

    private static func expandA(_ byte: UInt8) -> Int16 {
        let toggled = byte ^ 0x55
        let exponent = Int(toggled >> 4) & 7
        let mantissa = Int(toggled & 0xF) << 4
        let magnitude = exponent == 0 ? mantissa + 8 : (mantissa + 0x108) << (exponent - 1)
        return Int16(toggled & 0x80 != 0 ? magnitude : -magnitude)
    }

    /// Negative samples count from -1, so that both halves have the same steps (G.711, tables 1 and 2).
    private static func magnitude(_ sample: Int16) -> Int { Int(sample < 0 ? ~sample : sample) }

    private static func compressMu(_ sample: Int16) -> UInt8 {
        let sign: UInt8 = sample < 0 ? 0x80 : 0
        let magnitude = min(magnitude(sample), 32635) + 0x84
        let exponent = max(0, Int.bitWidth - 1 - magnitude.leadingZeroBitCount - 7)
        return ~(sign | UInt8(exponent << 4) | UInt8(magnitude >> (exponent + 3) & 0xF))
    }

    private static func compressA(_ sample: Int16) -> UInt8 {
        let sign: UInt8 = sample < 0 ? 0 : 0x80
        let magnitude = magnitude(sample)
        let exponent = max(0, Int.bitWidth - 1 - magnitude.leadingZeroBitCount - 7)
        let mantissa = magnitude >> (exponent == 0 ? 4 : exponent + 3) & 0xF
        return (sign | UInt8(exponent << 4) | UInt8(mantissa)) ^ 0x55
    }
}
