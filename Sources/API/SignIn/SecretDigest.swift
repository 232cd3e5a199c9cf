// What is kept of a secret in memory.

internal import COpenSSL

/// SHA-256 of a secret of 128 bits and more: enough to recognise it, useless to whoever reads our memory.
struct SecretDigest: Sendable, Hashable {
    private let bytes: [UInt8]

    init(_ secret: String) {
        var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var length: UInt32 = 0
        let secret = Array(secret.utf8)
        let done = EVP_Digest(secret, secret.count, &digest, &length, EVP_sha256(), nil)
        precondition(done == 1, "OpenSSL's default provider always has SHA-256")
        bytes = Array(digest.prefix(Int(length)))
    }

    var hexadecimal: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
