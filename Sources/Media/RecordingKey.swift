// The keys under which the keys of recordings are kept.

internal import COpenSSL

/// A wrapping key with the name by which it is chosen: one for the house, later one for each customer. Whoever destroys the
/// key makes every recording that was sealed under it unreadable.
public nonisolated struct RecordingKey: Hashable, Sendable, CustomStringConvertible {
    public static let bytes = AESGCM.keyBytes
    public static let nameBytesMax = 48
    /// The name of the key of the house.
    public static let house = "house"

    public let name: String
    /// Eight bytes by which a key is told from another of the same name; it says nothing about the key.
    let id: [UInt8]
    let secret: [UInt8]

    /// nil: the secret has not 32 bytes, or the name is empty or longer than 48 bytes.
    public init?(name: String = RecordingKey.house, secret: [UInt8]) {
        guard secret.count == Self.bytes, (1...Self.nameBytesMax).contains(name.utf8.count), !name.utf8.contains(0) else {
            return nil
        }
        self.name = name
        self.secret = secret
        var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var count: UInt32 = 0
        let label = Array("switchboard recording key id".utf8)
        guard HMAC(EVP_sha256(), secret, Int32(secret.count), label, label.count, &digest, &count) != nil else { return nil }
        id = Array(digest.prefix(SealedHead.keyIDBytes))
    }

    /// Without the secret.
    public var description: String { "recording key \(name)" }
}

/// All keys that there are.
public nonisolated struct RecordingKeyring: Hashable, Sendable {
    /// The key of what has no other.
    public let current: RecordingKey
    private let keys: [RecordingKey]

    /// `others` open what was sealed under them; of several keys of one name the first one seals.
    public init(current: RecordingKey, others: [RecordingKey] = []) {
        self.current = current
        keys = [current] + others
    }

    /// The key that seals for `name`; nil: there is none, or none any more.
    func sealing(for name: String?) -> RecordingKey? {
        guard let name else { return current }
        return keys.first { $0.name == name }
    }

    func key(_ name: String, id: [UInt8]) -> RecordingKey? { keys.first { $0.name == name && $0.id == id } }
}
