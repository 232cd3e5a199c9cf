// A user with the hashes of its password.

/// What is needed to answer or to check a digest challenge. The password itself is not kept anywhere.
public nonisolated struct DigestCredentials: Sendable, Hashable {
    public var user: String
    /// The realm that the hashes were made for; nil: the one of the challenge, or our own.
    public var realm: String?
    /// H(user ":" realm ":" password) as lower-case hexadecimal digits (RFC 7616 §3.4.2).
    public var ha1MD5: String
    public var ha1SHA256: String?

    public init(user: String, realm: String? = nil, ha1MD5: String, ha1SHA256: String? = nil) {
        self.user = user
        self.realm = realm
        self.ha1MD5 = ha1MD5
        self.ha1SHA256 = ha1SHA256
    }

    func ha1(_ algorithm: DigestAlgorithm) -> String? {
        switch algorithm {
        case .md5: ha1MD5
        case .sha256: ha1SHA256
        }
    }
}
