// HTTP digest as SIP uses it: RFC 3261 section 22 with MD5, RFC 8760 with SHA-256.

import COpenSSL

/// A challenge out of WWW-Authenticate or Proxy-Authenticate.
struct DigestChallenge: Hashable {
    enum Algorithm: String, Hashable {
        case md5 = "MD5"
        case sha256 = "SHA-256"
    }

    var realm: String
    var nonce: String
    var opaque: String?
    var algorithm: Algorithm
    var offersAuth: Bool
    var isStale: Bool
    /// From a proxy: answered with Proxy-Authorization.
    var isProxy: Bool

    /// nil for another scheme or an unknown algorithm.
    init?(_ header: String, isProxy: Bool) {
        guard header.lowercased().hasPrefix("digest ") else { return nil }
        var values: [String: String] = [:]
        for element in SIPMessage.list(String(header.dropFirst(7))) {
            let pair = element.split(separator: "=", maxSplits: 1)
            guard pair.count == 2 else { continue }
            values[SIPMessage.trimmed(pair[0]).lowercased()] = SIPMessage.trimmed(pair[1]).replacing("\"", with: "")
        }
        guard let realm = values["realm"], let nonce = values["nonce"],
            let algorithm = Algorithm(rawValue: (values["algorithm"] ?? "MD5").uppercased())
        else { return nil }
        self.realm = realm
        self.nonce = nonce
        self.algorithm = algorithm
        opaque = values["opaque"]
        offersAuth = values["qop"]?.split(separator: ",").contains { SIPMessage.trimmed($0) == "auth" } ?? false
        isStale = values["stale"]?.lowercased() == "true"
        self.isProxy = isProxy
    }

    /// The best challenge of a 401 or 407 whose algorithm is allowed; SHA-256 is better than MD5.
    static func best(in response: SIPMessage, allowed: Set<Algorithm>) -> DigestChallenge? {
        let challenges =
            response.all("WWW-Authenticate").compactMap { DigestChallenge($0, isProxy: false) }
            + response.all("Proxy-Authenticate").compactMap { DigestChallenge($0, isProxy: true) }
        let usable = challenges.filter { allowed.contains($0.algorithm) }
        return usable.first { $0.algorithm == .sha256 } ?? usable.first
    }

    var answerHeaderName: String { isProxy ? "Proxy-Authorization" : "Authorization" }

    /// The value of (Proxy-)Authorization. `nonceCount` is what has been sent with this nonce, this request included.
    func answer(user: String, password: String, method: String, uri: String, nonceCount: Int) -> String {
        let a1 = hash("\(user):\(realm):\(password)")
        let a2 = hash("\(method):\(uri)")
        var value = "Digest username=\"\(user)\", realm=\"\(realm)\", nonce=\"\(nonce)\", uri=\"\(uri)\""
        if offersAuth {
            let digits = String(nonceCount, radix: 16)
            let count = String(repeating: "0", count: max(0, 8 - digits.count)) + digits
            let clientNonce = RandomText.hexadecimal(byteCount: 8)
            let response = hash("\(a1):\(nonce):\(count):\(clientNonce):auth:\(a2)")
            value += ", response=\"\(response)\", qop=auth, nc=\(count), cnonce=\"\(clientNonce)\""
        } else {
            value += ", response=\"\(hash("\(a1):\(nonce):\(a2)"))\""
        }
        value += ", algorithm=\(algorithm.rawValue)"
        if let opaque { value += ", opaque=\"\(opaque)\"" }
        return value
    }

    private func hash(_ text: String) -> String {
        var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var length: UInt32 = 0
        let bytes = Array(text.utf8)
        EVP_Digest(bytes, bytes.count, &digest, &length, algorithm == .md5 ? EVP_md5() : EVP_sha256(), nil)
        return RandomText.hexadecimal(digest.prefix(Int(length)))
    }
}
