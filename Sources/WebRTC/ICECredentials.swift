// The name and password of one ICE session (RFC 8445, section 5.3).

/// What connectivity checks prove themselves with; a new pair means an ICE restart.
package nonisolated struct ICECredentials: Hashable, Sendable {
    private static let characters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/")

    /// 8 characters: 48 random bits, more than the 24 that the RFC demands, because it finds the session among all.
    package let fragment: String
    /// 24 characters: 144 random bits.
    package let password: String

    package init(fragment: String, password: String) {
        self.fragment = fragment
        self.password = password
    }

    package init(using random: inout some RandomNumberGenerator) {
        func text(_ count: Int) -> String {
            String((0..<count).map { _ in Self.characters[Int.random(in: 0..<64, using: &random)] })
        }
        fragment = text(8)
        password = text(24)
    }
}
