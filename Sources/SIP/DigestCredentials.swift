// A user with the hashes of its password.

/// What is needed to answer or to check a digest challenge. The password itself is not kept anywhere.
public nonisolated struct DigestCredentials: Sendable, Hashable {
    public var user: String
    /// The realm that the hashes were made for; nil: the one of the challenge, or our own.
    public var realm: String?
    /// H(user ":" realm ":" password) as lower-case hexadecimal digits (RFC 7616 §3.4.2); nil: not known.
    public var ha1MD5: String?
    public var ha1SHA256: String?

    public init(user: String, realm: String? = nil, ha1MD5: String? = nil, ha1SHA256: String? = nil) {
        self.user = user
        self.realm = realm
        self.ha1MD5 = ha1MD5
        self.ha1SHA256 = ha1SHA256
    }

    /// Nil as well for what is no hash: with an empty one, whoever knows the user's name could compute the answer.
    func ha1(_ algorithm: DigestAlgorithm) -> String? {
        let hash =
            switch algorithm {
            case .md5: ha1MD5
            case .sha256: ha1SHA256
            }
        return hash?.utf8.count == algorithm.hexadecimalDigits ? hash : nil
    }
}
