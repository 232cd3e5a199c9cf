// A peer's answers to digest challenges, computed by hand; the hashes themselves are proved in DigestTests.

@testable import SIP

extension Peer {
    /// The Authorization line for the challenge with this algorithm in `response`.
    static func authorization(
        _ response: SIPMessage, _ algorithm: DigestAlgorithm, user: String, password: String, method: String, uri: String,
        nc: Int = 1
    ) throws -> String {
        let challenges = response.all("WWW-Authenticate")
        guard let challenge = challenges.first(where: { $0.contains("algorithm=\(algorithm.rawValue)") }) else {
            throw Missing(description: "a challenge with \(algorithm.rawValue) in \(challenges)")
        }
        let nonce = challenge.quotedValue(of: "nonce"), realm = challenge.quotedValue(of: "realm")
        let count = String(repeating: "0", count: 8 - String(nc, radix: 16).count) + String(nc, radix: 16)
        let hash = algorithm.response(
            ha1: algorithm.hash("\(user):\(realm):\(password)"), method: method, uri: uri, nonce: nonce, nc: count,
            cnonce: "c0", qop: "auth")
        return "Authorization: Digest username=\"\(user)\", realm=\"\(realm)\", nonce=\"\(nonce)\", uri=\"\(uri)\", "
            + "response=\"\(hash)\", algorithm=\(algorithm.rawValue), qop=auth, nc=\(count), cnonce=\"c0\""
    }

    var registrarURI: String { "sip:127.0.0.1:\(endpointPort)" }

    /// Sends a REGISTER without, then with credentials, and returns the final response.
    func register(
        _ user: String, _ password: String, _ algorithm: DigestAlgorithm = .md5, contacts: [String], expires: Int? = nil,
        callID: String, sequence: Int = 1
    ) async throws -> SIPMessage {
        let headers = contacts.map { "Contact: \($0)" } + (expires.map { ["Expires: \($0)"] } ?? [])
        send(request("REGISTER", uri: registrarURI, from: user, to: user, callID: callID, sequence: sequence, headers: headers))
        let challenge = try await response(401, to: "REGISTER")
        let answer = try Peer.authorization(
            challenge, algorithm, user: user, password: password, method: "REGISTER", uri: registrarURI)
        send(
            request(
                "REGISTER", uri: registrarURI, from: user, to: user, callID: callID, sequence: sequence + 1,
                headers: headers + [answer]))
        return try await inbox.take("an answer to REGISTER") { $0.status >= 200 && $0.sequenceMethod == "REGISTER" }
    }
}

extension String {
    func quotedValue(of name: String) -> String {
        guard let start = firstRange(of: "\(name)=\"") else { return "" }
        return String(self[start.upperBound...].prefix { $0 != "\"" })
    }
}
