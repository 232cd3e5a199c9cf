// Our side as the one who asks for a password.

/// Digest authentication, server side (RFC 3261 §22, RFC 7616, RFC 8760), without sockets and clocks.
nonisolated struct Authenticator {
    enum Verdict: Equatable {
        case accepted(user: String)
        /// No credentials for our realm: ask.
        case missing
        /// The nonce is too old, used up, or was given to another address: ask again, with `stale=true`.
        case stale
        /// The nonce was fresh, the answer was not right: a guess.
        case wrong
    }

    /// Answers for a user that does not exist, so that both take the same time.
    private static let nobodysHash = Hexadecimal.random(bytes: 32)

    private var nonces: NonceIssuer

    init(nonceLifetimeSeconds: Int) { nonces = NonceIssuer(lifetimeSeconds: nonceLifetimeSeconds) }

    /// The WWW-Authenticate fields of a challenge, the stronger algorithm first (RFC 8760 §2.4).
    func challenge(
        realm: String, algorithms: [DigestAlgorithm], stale: Bool, for address: SocketAddress, at now: UInt64
    ) -> [Header] {
        let nonce = nonces.issue(for: address, at: now)
        return algorithms.map { algorithm in
            Header(
                "WWW-Authenticate",
                "Digest realm=\(Header.quoted(realm)), nonce=\"\(nonce)\", algorithm=\(algorithm.rawValue), qop=\"auth\""
                    + (stale ? ", stale=true" : ""))
        }
    }

    /// Judges the credentials of one request. `find` gives the credentials of a user, or nil.
    mutating func judge(
        _ offered: [DigestParameters], method: String, requestURI: String, realm: String, from address: SocketAddress,
        at now: UInt64, find: (String) -> DigestCredentials?
    ) -> Verdict {
        let ours = offered.filter { $0.realm == realm }
        guard let answer = ours.first(where: { $0.algorithm == .sha256 }) ?? ours.first else { return .missing }
        switch nonces.judge(answer.nonce, from: address, at: now) {
        case .foreign, .stale: return .stale
        case .fresh: break
        }
        let credentials = find(answer.username)
        guard let algorithm = answer.algorithm, answer.qop?.lowercased() == "auth", let nc = UInt32(answer.nc, radix: 16),
            answer.nc.utf8.count == 8, answer.nc.first != "+", !answer.cnonce.isEmpty
        else { return .wrong }
        let known = credentials?.ha1(algorithm)
        // Without a hash of this algorithm nothing is right, however well it is computed.
        let ha1 = known ?? Authenticator.nobodysHash
        let expected = algorithm.response(
            ha1: ha1, method: method, uri: answer.uri, nonce: answer.nonce, nc: answer.nc, cnonce: answer.cnonce, qop: "auth")
        let right = Hexadecimal.equal(expected, answer.response)
        guard right, known != nil, RequestURI.same(answer.uri, requestURI) else {
            return .wrong
        }
        return nonces.use(answer.nonce, nc: nc, at: now) ? .accepted(user: answer.username) : .stale
    }
}
