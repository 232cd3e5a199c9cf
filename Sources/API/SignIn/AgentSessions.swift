// Agents who have signed in at the page.

internal import Basics
internal import SiteConfiguration

/// The sessions behind the agents' cookies. Only digests are kept; a restart ends them all.
///
/// A session counts only as long as its agent has the password with which it began.
struct AgentSessions: Sendable {
    static let idleMax = Duration.seconds(12 * 3600)
    /// Sessions of one agent at once; a further one ends the one unused longest.
    static let sessionsPerAgentMax = 4
    /// Sessions at once; a further one ends the one unused longest.
    static let sessionsMax = 20_000
    /// 52 characters of five bits: 260 bits.
    static let cookieCharacters = 52

    private struct Session {
        let agent: AgentID
        /// Of the password.
        let hash: SecretDigest
        var lastUsed: Instant
    }

    private var sessions: [SecretDigest: Session] = [:]
    private var ofAgent: [AgentID: [SecretDigest]] = [:]

    /// A new session's cookie, and the sessions that ended for it.
    mutating func open(
        _ agent: AgentID, hash: String, at now: Instant
    ) throws(PasswordHash.Failure) -> (cookie: String, ended: [SecretDigest]) {
        let cookie = try RandomSecret.text(characters: Self.cookieCharacters)
        var ended = (ofAgent[agent] ?? []).filter { isOver($0, at: now) }
        let living = (ofAgent[agent] ?? []).filter { !ended.contains($0) }
        if living.count >= Self.sessionsPerAgentMax, let oldest = leastUsed(living) { ended.append(oldest) }
        if sessions.count >= Self.sessionsMax, let oldest = leastUsed(Array(sessions.keys)) { ended.append(oldest) }
        for session in ended { end(session) }
        let key = SecretDigest(cookie)
        sessions[key] = Session(agent: agent, hash: SecretDigest(hash), lastUsed: now)
        ofAgent[agent, default: []].append(key)
        return (cookie, ended)
    }

    enum Standing: Equatable {
        case good(AgentID)
        /// The agent has no page any more: nothing new begins with this session.
        case leaving
        case over
    }

    /// Looking keeps it alive.
    mutating func standing(of key: SecretDigest, in credentials: Credentials, at now: Instant) -> Standing {
        guard let session = sessions[key] else { return .over }
        let entry = credentials.agents.first { $0.agent == session.agent }
        guard !isOver(key, at: now), entry.map({ SecretDigest($0.hash) == session.hash }) ?? true else {
            end(key)
            return .over
        }
        sessions[key]?.lastUsed = now
        return entry == nil ? .leaving : .good(session.agent)
    }

    /// Whose session it is; nil: nobody's, or no longer.
    mutating func agent(of key: SecretDigest, in credentials: Credentials, at now: Instant) -> AgentID? {
        if case .good(let agent) = standing(of: key, in: credentials, at: now) { agent } else { nil }
    }

    mutating func end(_ key: SecretDigest) {
        guard let session = sessions.removeValue(forKey: key) else { return }
        ofAgent[session.agent]?.removeAll { $0 == key }
        if ofAgent[session.agent]?.isEmpty == true { ofAgent[session.agent] = nil }
    }

    private func isOver(_ key: SecretDigest, at now: Instant) -> Bool {
        sessions[key].map { now - $0.lastUsed >= Self.idleMax } ?? true
    }

    private func leastUsed(_ keys: [SecretDigest]) -> SecretDigest? {
        keys.min { (sessions[$0]?.lastUsed ?? .epoch) < (sessions[$1]?.lastUsed ?? .epoch) }
    }
}
