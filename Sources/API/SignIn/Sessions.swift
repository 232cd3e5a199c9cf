// The page signs in once with a code and has a session from then on.

internal import Basics
internal import SiteConfiguration

/// One-time codes and the sessions they are exchanged for. Only digests are kept; a restart ends them all.
struct Sessions: Sendable {
    static let codeLifetime = Duration.seconds(600)
    /// Codes that wait for their use; a further one replaces the oldest.
    static let codesMax = 16
    static let idleMax = Duration.seconds(12 * 3600)
    /// Sessions at once; a further one ends the one unused longest.
    static let sessionsMax = 256
    /// 26 characters of five bits: 130 bits.
    static let codeCharacters = 26
    /// 52 characters of five bits: 260 bits.
    static let cookieCharacters = 52
    /// 12 characters of five bits: two sessions never share a name in the audit log, not even of two starts.
    static let nameCharacters = 12

    private struct Code {
        let digest: SecretDigest
        let maker: String
        let expires: Instant
    }

    /// A session that has just begun.
    struct Opened {
        let cookie: String
        let principal: Principal
        /// Who made the code.
        let codeMaker: String
    }

    private struct Session {
        let name: String
        let role: Role
        var lastUsed: Instant
    }

    private var codes: [Code] = []
    private var sessions: [SecretDigest: Session] = [:]

    /// `maker`: who asked for it, for the audit log.
    mutating func makeCode(
        by maker: String, at now: Instant
    ) throws(PasswordHash.Failure) -> (text: String, expires: Instant) {
        let code = try RandomSecret.text(characters: Self.codeCharacters)
        codes.removeAll { $0.expires <= now }
        if codes.count >= Self.codesMax { codes.removeFirst() }
        let expires = now + Self.codeLifetime
        codes.append(Code(digest: SecretDigest(code), maker: maker, expires: expires))
        return (code, expires)
    }

    /// The code's cookie, once; nil if there is no such code, or no longer.
    mutating func exchange(_ code: String, at now: Instant) throws(PasswordHash.Failure) -> Opened? {
        codes.removeAll { $0.expires <= now }
        let digest = SecretDigest(code)
        guard let index = codes.firstIndex(where: { $0.digest == digest }) else { return nil }
        let cookie = try RandomSecret.text(characters: Self.cookieCharacters)
        // A colon, which no name of the configuration has: a session cannot be taken for a token.
        let name = "page:" + (try RandomSecret.text(characters: Self.nameCharacters))
        let maker = codes.remove(at: index).maker
        sessions = sessions.filter { now - $0.value.lastUsed < Self.idleMax }
        if sessions.count >= Self.sessionsMax, let oldest = sessions.min(by: { $0.value.lastUsed < $1.value.lastUsed }) {
            sessions[oldest.key] = nil
        }
        let key = SecretDigest(cookie)
        let session = Session(name: name, role: .supervisor, lastUsed: now)
        sessions[key] = session
        return Opened(
            cookie: cookie, principal: Principal(name: name, role: session.role, session: key), codeMaker: maker)
    }

    mutating func principal(of cookie: String, at now: Instant) -> Principal? {
        let key = SecretDigest(cookie)
        guard var session = sessions[key] else { return nil }
        guard now - session.lastUsed < Self.idleMax else {
            sessions[key] = nil
            return nil
        }
        session.lastUsed = now
        sessions[key] = session
        return Principal(name: session.name, role: session.role, session: key)
    }

    mutating func end(_ session: SecretDigest) { sessions[session] = nil }
}
