// What digest authentication needs to know of a password (RFC 7616 section 3.4.2), without the password.

/// The hashes of `user:realm:password`. Whoever has them can sign in, so they are secrets too.
public struct HA1: Hashable, Sendable {
    public var user: String
    public var realm: String
    /// 32 lower-case hexadecimal digits.
    public var md5: String?
    /// 64 lower-case hexadecimal digits (RFC 8760).
    public var sha256: String?

    public init(user: String, realm: String, md5: String? = nil, sha256: String? = nil) {
        self.user = user
        self.realm = realm
        self.md5 = md5
        self.sha256 = sha256
    }

    /// Both hashes of a password.
    public init(user: String, realm: String, password: String) {
        let text = Array("\(user):\(realm):\(password)".utf8)
        self.init(user: user, realm: realm, md5: Digest.md5(text), sha256: Digest.sha256(text))
    }

    /// One line for each hash, in the form of htdigest: `user:realm:hash`; the length of the hash tells the algorithm.
    public var lines: [String] { [md5, sha256].compactMap { $0.map { "\(user):\(realm):\($0)" } } }

    /// Reads lines of htdigest that belong together; nil if one is malformed or they differ in user or realm.
    public init?(lines: [String]) {
        guard !lines.isEmpty, lines.count <= Self.linesMax else { return nil }
        var found: HA1?
        for line in lines {
            // A realm is any quoted string (RFC 7616 section 3.3), colons included; user names have none.
            guard let first = line.firstIndex(of: ":"), let last = line.lastIndex(of: ":"), first < last else { return nil }
            let user = String(line[..<first])
            let realm = String(line[line.index(after: first)..<last])
            let hash = line[line.index(after: last)...].lowercased()
            guard !user.isEmpty, !realm.isEmpty, Self.isHash(hash) else { return nil }
            var ha1 = found ?? HA1(user: user, realm: realm)
            guard ha1.user == user, ha1.realm == realm else { return nil }
            if hash.utf8.count == 32 { ha1.md5 = hash } else { ha1.sha256 = hash }
            found = ha1
        }
        guard let found else { return nil }
        self = found
    }

    private static let linesMax = 2

    private static func isHash(_ text: String) -> Bool {
        [32, 64].contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                NameRule.isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20)
            }
    }
}

extension HA1: CustomStringConvertible {
    /// Without the hashes, so that none gets into a log.
    public var description: String { "HA1 of \(user) in \(realm)" }
}
