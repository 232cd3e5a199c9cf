// Our side as the one who is asked for a password, by a trunk.

/// The answer to a digest challenge (RFC 7616 §3.4). The library's own is MD5 only and keeps counting `nc` over new
/// nonces (facts/sip.md, T10); ours starts every nonce with 1.
nonisolated enum DigestAnswer {
    /// The value of (Proxy-)Authorization for the strongest challenge that `credentials` can answer; nil: none.
    /// `index`: which of the challenges it answers.
    static func make(
        to challenges: [DigestParameters], credentials: DigestCredentials, method: String, uri: String,
        cnonce: String = Hexadecimal.random(bytes: 8)
    ) -> (index: Int, value: String)? {
        for algorithm in DigestAlgorithm.allCases {
            guard let ha1 = credentials.ha1(algorithm),
                let index = challenges.firstIndex(where: { challenge in
                    challenge.algorithm == algorithm && (challenge.qop == nil || challenge.offersAuth)
                        // The hash holds for one realm: an answer for another would be wrong, and tell who asks something.
                        && (credentials.realm == nil || credentials.realm == challenge.realm)
                })
            else { continue }
            let challenge = challenges[index]
            let nc = "00000001"
            let qop: String? = challenge.qop == nil ? nil : "auth"
            let response = algorithm.response(
                ha1: ha1, method: method, uri: uri, nonce: challenge.nonce, nc: nc, cnonce: cnonce, qop: qop)
            var value =
                "Digest username=\(Header.quoted(credentials.user)), realm=\(Header.quoted(challenge.realm)), "
                + "nonce=\(Header.quoted(challenge.nonce)), uri=\(Header.quoted(uri)), response=\"\(response)\""
            if challenge.algorithmName != nil { value += ", algorithm=\(algorithm.rawValue)" }
            if !challenge.opaque.isEmpty { value += ", opaque=\(Header.quoted(challenge.opaque))" }
            if qop != nil { value += ", qop=auth, nc=\(nc), cnonce=\"\(cnonce)\"" }
            return (index, value)
        }
        return nil
    }
}
