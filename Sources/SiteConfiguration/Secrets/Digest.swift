// Hash functions, from OpenSSL.

internal import COpenSSL

/// Digests as lower-case hexadecimal text.
enum Digest {
    static func sha256(_ bytes: [UInt8]) -> String { hex(of: bytes, EVP_sha256()) }

    /// Only for HA1 of RFC 2617, which old desk phones still speak.
    static func md5(_ bytes: [UInt8]) -> String { hex(of: bytes, EVP_md5()) }

    private static func hex(of bytes: [UInt8], _ algorithm: OpaquePointer?) -> String {
        var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var length: UInt32 = 0
        let done = EVP_Digest(bytes, bytes.count, &digest, &length, algorithm, nil)
        precondition(done == 1, "OpenSSL's default provider always has MD5 and SHA-256")
        return hex(digest.prefix(Int(length)))
    }

    static func hex(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef")
        var text = ""
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return text
    }
}
