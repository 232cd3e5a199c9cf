// How a caller becomes a value without personal data.

internal import Basics
internal import COpenSSL
internal import Foundation

/// HMAC-SHA256 under a key that never leaves the state folder: the same caller has the same hash in this installation, and
/// nobody without the key can find the number again (architecture.md, sentence 5).
nonisolated struct KeyedHash: Sendable {
    enum Failure: Error, CustomStringConvertible {
        case unusable(path: String, reason: String)

        var description: String {
            switch self {
            case .unusable(let path, let reason): "\(path) cannot be used as a key: \(reason); restore it from a backup"
            }
        }
    }

    private static let keyBytes = 32
    private let key: [UInt8]

    /// Reads the key, or makes one in the first run. A lost key makes known callers strangers, so a damaged one is an error.
    init(path: String) throws(Failure) {
        let url = URL(fileURLWithPath: path)
        do {
            if !FileManager.default.fileExists(atPath: path) {
                var fresh = [UInt8](repeating: 0, count: Self.keyBytes)
                guard RAND_bytes(&fresh, Int32(Self.keyBytes)) == 1 else {
                    throw Failure.unusable(path: path, reason: "no randomness")
                }
                try FileManager.default.createDirectory(
                    at: url.deletingLastPathComponent(), withIntermediateDirectories: true,
                    attributes: [.posixPermissions: 0o700])
                let isMade = FileManager.default.createFile(
                    atPath: path, contents: Data(fresh), attributes: [.posixPermissions: 0o600])
                guard isMade else { throw Failure.unusable(path: path, reason: "it cannot be written") }
            }
            key = [UInt8](try Data(contentsOf: url))
        } catch let failure as Failure {
            throw failure
        } catch {
            throw .unusable(path: path, reason: "\(error)")
        }
        guard key.count == Self.keyBytes else { throw .unusable(path: path, reason: "it has \(key.count) bytes, not 32") }
    }

    /// 128 bits of the hash in hexadecimal digits.
    func callerKey(of number: String) -> CallerKey {
        var hash = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var count: UInt32 = 0
        let bytes = Array(number.utf8)
        _ = HMAC(EVP_sha256(), key, Int32(key.count), bytes, bytes.count, &hash, &count)
        let digits = Array("0123456789abcdef".utf8)
        let text = hash.prefix(16).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return CallerKey(String(decoding: text, as: UTF8.self))
    }
}

extension KeyedHash {
    /// 128 random bits in hexadecimal digits.
    static func randomToken() -> String {
        var random = SystemRandomNumberGenerator()
        return [random.next(), random.next()].map { word in
            let text = String(word as UInt64, radix: 16)
            return String(repeating: "0", count: 16 - text.count) + text
        }.joined()
    }
}
