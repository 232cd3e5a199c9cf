// The keyed checksum behind STUN's MESSAGE-INTEGRITY (RFC 8489, section 14.5).

internal import COpenSSL

nonisolated enum STUNIntegrity {
    static let bytes = 20

    /// HMAC-SHA1 of `message` under a short-term password.
    static func sum(of message: [UInt8], password: [UInt8]) -> [UInt8] {
        var sum = [UInt8](repeating: 0, count: bytes)
        var count = UInt32(bytes)
        _ = HMAC(EVP_sha1(), password, Int32(clamping: password.count), message, message.count, &sum, &count)
        return sum
    }

    /// Compares in a time that doesn't depend on where the two differ.
    static func areEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        a.count == b.count && CRYPTO_memcmp(a, b, a.count) == 0
    }
}
