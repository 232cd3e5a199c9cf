// The hash by which one end knows the other's certificate (RFC 8122, section 5).

/// A SHA-256 fingerprint.
public struct CertificateFingerprint: Hashable, Sendable {
    public static let byteCount = 32
    /// 32 bytes.
    public let bytes: [UInt8]

    /// `nil` unless there are 32 bytes.
    public init?(bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = bytes
    }

    /// Reads `AB:CD:…`; the RFC wants capitals, and nobody is refused for small letters.
    public init?(_ text: some StringProtocol) {
        let parts = text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        var bytes: [UInt8] = []
        for part in parts {
            guard bytes.count < Self.byteCount, part.count == 2 else { return nil }
            var value: UInt8 = 0
            for digit in part {
                switch digit {
                case 48...57: value = value << 4 | (digit - 48)
                case 65...70: value = value << 4 | (digit - 55)
                case 97...102: value = value << 4 | (digit - 87)
                default: return nil
                }
            }
            bytes.append(value)
        }
        self.init(bytes: bytes)
    }

    /// `AB:CD:…`
    public var text: String {
        let digits = Array("0123456789ABCDEF")
        return bytes.map { String([digits[Int($0 >> 4)], digits[Int($0 & 0xF)]]) }.joined(separator: ":")
    }
}
