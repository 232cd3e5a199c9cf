// `api.yaml`: who may use the API.

/// One bearer token. It reads `NAME.SECRET`, so that its entry is found before the slow hash is computed.
public struct TokenSettings: Hashable, Sendable {
    public var name: String
    public var role = Role.reader
    /// The argon2id hash of the whole token.
    public var token = SecretReference.inline("")

    /// The name in front of the first dot of a bearer token.
    public static func name(ofBearer token: String) -> String? {
        guard let dot = token.firstIndex(of: ".") else { return nil }
        let name = String(token[..<dot])
        return NameRule.isValid(name) ? name : nil
    }
}

extension TokenSettings {
    static var schema: Schema<TokenSettings> {
        Schema(
            "a token", [Field("role", \.role, .word, required: true), Field("token", \.token, .argon2id, required: true)])
    }
}
