// Digest without a wire: the hashes, the nonces, the verdicts.

import Testing

@testable import SIP

struct DigestTests {
    private let here = SocketAddress(host: "192.0.2.7", port: 5060)!
    private let there = SocketAddress(host: "192.0.2.8", port: 5060)!
    private let anna = DigestCredentials(
        user: "anna", ha1MD5: DigestAlgorithm.md5.hash("anna:house:secret"),
        ha1SHA256: DigestAlgorithm.sha256.hash("anna:house:secret"))

    @Test("the hashes agree with the examples of RFC 7616 §3.9.1")
    func vectors() {
        for (algorithm, expected) in [
            (DigestAlgorithm.md5, "8ca523f5e9506fed4657c9700eebdbec"),
            (.sha256, "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
        ] {
            let response = algorithm.response(
                ha1: algorithm.hash("Mufasa:http-auth@example.org:Circle of Life"), method: "GET", uri: "/dir/index.html",
                nonce: "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", nc: "00000001",
                cnonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", qop: "auth")
            #expect(response == expected)
        }
    }

    @Test("a nonce is ours for one address and one lifetime; the same nc or a lower one is not taken twice")
    func nonces() {
        var nonces = NonceIssuer(lifetimeSeconds: 60)
        let nonce = nonces.issue(for: here, at: 1_000)
        #expect(nonces.judge(nonce, from: here, at: 60_000_001_000) == .fresh)
        #expect(nonces.judge(nonce, from: here, at: 60_000_001_001) == .stale)
        #expect(nonces.judge(nonce, from: there, at: 1_000) == .foreign)
        #expect(nonces.judge(String(nonce.dropLast()) + "x", from: here, at: 1_000) == .foreign)
        #expect(nonces.judge("", from: here, at: 1_000) == .foreign)
        #expect(nonces.judge(String(repeating: "ä", count: 32), from: here, at: 1_000) == .foreign)
        #expect(nonces.use(nonce, nc: 1, at: 2_000) == true)
        #expect(nonces.use(nonce, nc: 1, at: 2_000) == false)
        #expect(nonces.use(nonce, nc: 5, at: 2_000) == true)
        #expect(nonces.use(nonce, nc: 4, at: 2_000) == false)
        #expect(NonceIssuer(lifetimeSeconds: 60).judge(nonce, from: here, at: 1_000) == .foreign, "another key")
    }

    @Test("the memory of used nonces is bounded, and empties when they have expired")
    func nonceMemory() {
        var nonces = NonceIssuer(lifetimeSeconds: 1)
        for number in 0..<NonceIssuer.usedMax { #expect(nonces.use("n\(number)", nc: 1, at: 0) == true) }
        #expect(nonces.use("one more", nc: 1, at: 0) == false)
        #expect(nonces.use("one more", nc: 1, at: 1_000_000_001) == true)
    }

    private func offered(
        _ authenticator: Authenticator, user: String = "anna", password: String = "secret", uri: String = "sip:house",
        algorithm: DigestAlgorithm = .sha256, nc: String = "00000001", qop: String? = "auth", method: String = "REGISTER",
        from: SocketAddress? = nil, at now: UInt64 = 0
    ) -> [DigestParameters] {
        let challenge = authenticator.challenge(
            realm: "house", algorithms: DigestAlgorithm.allCases, stale: false, for: from ?? here, at: now)
        let nonce = challenge[0].value.quotedValue(of: "nonce")
        let response = algorithm.response(
            ha1: algorithm.hash("\(user):house:\(password)"), method: method, uri: uri, nonce: nonce, nc: nc, cnonce: "c",
            qop: qop)
        var fields = [
            "username=\"\(user)\"", "realm=\"house\"", "nonce=\"\(nonce)\"", "uri=\"\(uri)\"", "response=\"\(response)\"",
            "algorithm=\(algorithm.rawValue)", "nc=\(nc)", "cnonce=\"c\"",
        ]
        if let qop { fields.append("qop=\(qop)") }
        return [DigestParameters(fields)]
    }

    private func judge(
        _ authenticator: inout Authenticator, _ offered: [DigestParameters], uri: String = "sip:house", at now: UInt64 = 0
    )
        -> Authenticator.Verdict
    {
        authenticator.judge(offered, method: "REGISTER", requestURI: uri, realm: "house", from: here, at: now) {
            $0 == "anna" ? anna : nil
        }
    }

    @Test("right, wrong, unknown, replayed, stale, for another method or URI, without qop")
    func verdicts() {
        var asking = Authenticator(nonceLifetimeSeconds: 60)
        for algorithm in DigestAlgorithm.allCases {
            let right = offered(asking, algorithm: algorithm)
            #expect(judge(&asking, right) == .accepted(user: "anna"))
            #expect(judge(&asking, right) == .stale, "a replay")
        }
        #expect(judge(&asking, offered(asking, password: "guess")) == .wrong)
        #expect(judge(&asking, offered(asking, user: "nobody")) == .wrong)
        #expect(judge(&asking, offered(asking), at: 60_000_000_001) == .stale)
        #expect(judge(&asking, offered(asking, from: there)) == .stale)
        #expect(judge(&asking, offered(asking, method: "INVITE")) == .wrong)
        #expect(judge(&asking, offered(asking), uri: "sip:elsewhere") == .wrong)
        #expect(judge(&asking, offered(asking, uri: "sip:HOUSE;lr"), uri: "sip:house") == .accepted(user: "anna"))
        #expect(judge(&asking, offered(asking, qop: nil)) == .wrong)
        #expect(judge(&asking, offered(asking, nc: "1")) == .wrong)
        #expect(judge(&asking, []) == .missing)
        #expect(judge(&asking, [DigestParameters(["realm=\"other\"", "nonce=\"x\""])]) == .missing)
        #expect(judge(&asking, [DigestParameters(["realm=house", "nonce=x", "algorithm=MD5-sess"])]) == .stale)
    }

    @Test("a hash that is missing or no hash is no password, whatever is computed with it", arguments: [nil, "", "0123"])
    func missingHash(md5: String?) {
        var asking = Authenticator(nonceLifetimeSeconds: 60)
        let challenge = asking.challenge(
            realm: "house", algorithms: DigestAlgorithm.allCases, stale: false, for: here, at: 0)
        let nonce = challenge[0].value.quotedValue(of: "nonce")
        let modern = DigestCredentials(user: "anna", ha1MD5: md5, ha1SHA256: DigestAlgorithm.sha256.hash("anna:house:secret"))
        func verdict(_ algorithm: DigestAlgorithm, ha1: String) -> Authenticator.Verdict {
            let response = algorithm.response(
                ha1: ha1, method: "REGISTER", uri: "sip:house", nonce: nonce, nc: "00000001", cnonce: "c", qop: "auth")
            let fields = [
                "username=anna", "realm=house", "nonce=\"\(nonce)\"", "uri=\"sip:house\"", "response=\"\(response)\"",
                "algorithm=\(algorithm.rawValue)", "nc=00000001", "cnonce=c", "qop=auth",
            ]
            return asking.judge(
                [DigestParameters(fields)], method: "REGISTER", requestURI: "sip:house", realm: "house", from: here, at: 0
            ) { $0 == "anna" ? modern : nil }
        }
        #expect(verdict(.md5, ha1: md5 ?? "") == .wrong)
        #expect(verdict(.sha256, ha1: modern.ha1SHA256 ?? "") == .accepted(user: "anna"))
    }

    @Test("a challenge of another realm than the hash's, or one for which there is no hash, is not answered")
    func foreignRealm() {
        let ours = DigestCredentials(user: "us", realm: "carrier", ha1SHA256: DigestAlgorithm.sha256.hash("us:carrier:pw"))
        func answer(_ fields: [String]) -> String? {
            DigestAnswer.make(to: [DigestParameters(fields)], credentials: ours, method: "INVITE", uri: "sip:1@c")?.value
        }
        #expect(answer(["realm=carrier", "nonce=n", "algorithm=SHA-256", "qop=auth"]) != nil)
        #expect(answer(["realm=other", "nonce=n", "algorithm=SHA-256", "qop=auth"]) == nil)
        #expect(answer(["realm=carrier", "nonce=n", "algorithm=MD5", "qop=auth"]) == nil)
    }

    @Test("our answers to a trunk: the strongest algorithm that can be answered, nc from 1, everything quoted")
    func answers() throws {
        let md5 = DigestParameters(["realm=\"ca\\\"rrier\"", "nonce=\"n1\"", "qop=\"auth,auth-int\"", "opaque=\"o\""])
        let sha256 = DigestParameters(["realm=\"carrier\"", "nonce=\"n2\"", "algorithm=SHA-256", "qop=\"auth\""])
        let session = DigestParameters(["realm=\"carrier\"", "nonce=\"n3\"", "algorithm=MD5-sess", "qop=\"auth\""])
        let both = try #require(
            DigestAnswer.make(to: [session, md5, sha256], credentials: anna, method: "INVITE", uri: "sip:1@c"))
        #expect(both.index == 2)
        #expect(both.value.contains("algorithm=SHA-256") && both.value.contains("nc=00000001"))
        let hash = DigestAlgorithm.md5.hash("anna:carrier:secret")
        let weak = DigestCredentials(user: "anna", ha1MD5: hash)
        let one = try #require(
            DigestAnswer.make(to: [sha256, md5], credentials: weak, method: "INVITE", uri: "sip:1@c", cnonce: "c"))
        #expect(one.index == 1)
        #expect(
            one.value.contains("realm=\"ca\\\"rrier\"") && one.value.contains("opaque=\"o\"")
                && !one.value.contains("algorithm"))
        let response = DigestAlgorithm.md5.response(
            ha1: hash, method: "INVITE", uri: "sip:1@c", nonce: "n1", nc: "00000001", cnonce: "c", qop: "auth")
        #expect(one.value.contains("response=\"\(response)\""))
        #expect(DigestAnswer.make(to: [session], credentials: anna, method: "INVITE", uri: "sip:1@c") == nil)
        let old = DigestParameters(["realm=\"r\"", "nonce=\"n\""])
        let plain = try #require(DigestAnswer.make(to: [old], credentials: anna, method: "INVITE", uri: "u"))
        #expect(!plain.value.contains("qop") && !plain.value.contains("nc="), "RFC 2069")
    }
}
