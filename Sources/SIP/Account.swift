// A desk phone's user name and the hashes of its password.

public import Basics

/// What a device needs to register and to call.
public nonisolated struct Account: Sendable, Equatable {
    /// The user name, both of the address of record and of the digest.
    public var id: DeviceID
    /// H(user ":" realm ":" password), for the realm in `EndpointSettings`, as lower-case hexadecimal digits; nil: the
    /// account cannot be proved with that algorithm.
    public var ha1MD5: String?
    public var ha1SHA256: String?

    public init(id: DeviceID, ha1MD5: String? = nil, ha1SHA256: String? = nil) {
        self.id = id
        self.ha1MD5 = ha1MD5
        self.ha1SHA256 = ha1SHA256
    }

    var credentials: DigestCredentials {
        DigestCredentials(user: id.rawValue, ha1MD5: ha1MD5, ha1SHA256: ha1SHA256)
    }
}
