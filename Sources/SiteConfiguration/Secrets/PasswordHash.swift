// Slow hashes of passwords and tokens: argon2id.

internal import CArgon2
internal import COpenSSL

/// argon2id (RFC 9106) with the parameters that OWASP recommends: 19 MiB, two passes, one lane.
///
/// Hashing and verifying take some 20 ms and 19 MiB each: on a worker queue, never on the loop.
public enum PasswordHash {
    static let memoryKiB: UInt32 = 19_456
    static let passes: UInt32 = 2
    static let lanes: UInt32 = 1
    static let saltBytes = 16
    static let hashBytes = 32
    /// A hash from outside may not make us use more than this.
    static let memoryKiBMax = 262_144
    static let passesMax = 16
    static let lanesMax = 8
    static let encodedBytesMax = 512

    public enum Failure: Error, Equatable {
        /// libargon2 refused, nearly always because there was no memory.
        case argon2(code: Int32)
        /// OpenSSL has no random bytes.
        case noRandomness
    }

    /// The encoded hash `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`, with a new random salt.
    public static func make(of password: String) throws(Failure) -> String {
        let salt = try RandomSecret.bytes(saltBytes)
        let password = Array(password.utf8)
        let capacity = argon2_encodedlen(passes, memoryKiB, lanes, UInt32(saltBytes), UInt32(hashBytes), Argon2_id)
        var encoded = [CChar](repeating: 0, count: capacity)
        let code = argon2id_hash_encoded(
            passes, memoryKiB, lanes, password, password.count, salt, salt.count, hashBytes, &encoded, encoded.count)
        guard code == ARGON2_OK.rawValue else { throw .argon2(code: code) }
        return String(decoding: encoded.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Whether `password` is the one behind `encoded`. A malformed hash fits no password.
    public static func verify(_ password: String, against encoded: String) -> Bool {
        guard isAcceptable(encoded) else { return false }
        let password = Array(password.utf8)
        return argon2id_verify(encoded, password, password.count) == ARGON2_OK.rawValue
    }

    /// Whether `text` looks like an argon2id string whose cost is bounded.
    static func isAcceptable(_ text: String) -> Bool { cost(of: text) != nil }

    /// Whether a hash is cheaper to guess than the weakest of OWASP's recommendations (7 MiB, five passes).
    static func isWeak(_ text: String) -> Bool {
        guard let (memoryKiB, passes) = cost(of: text) else { return false }
        return memoryKiB * passes < 7168 * 5
    }

    private static func cost(of text: String) -> (memoryKiB: Int, passes: Int)? {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false).map(String.init)
        guard text.utf8.count <= encodedBytesMax, parts.count == 6, parts[0].isEmpty, parts[1] == "argon2id",
            parts[2] == "v=19",
            isBase64(parts[4]), isBase64(parts[5])
        else { return nil }
        let costs = parts[3].split(separator: ",", omittingEmptySubsequences: false)
        guard costs.count == 3, let memory = number(costs[0], "m="), let passes = number(costs[1], "t="),
            let lanes = number(costs[2], "p="), (8...memoryKiBMax).contains(memory), (1...passesMax).contains(passes),
            (1...lanesMax).contains(lanes)
        else { return nil }
        return (memory, passes)
    }

    private static func number(_ text: Substring, _ prefix: String) -> Int? {
        guard text.hasPrefix(prefix) else { return nil }
        return Int(text.dropFirst(prefix.count))
    }

    private static func isBase64(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { NameRule.isAlphanumeric($0) || "+/".utf8.contains($0) }
    }
}
