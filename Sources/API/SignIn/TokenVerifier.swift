// Bearer tokens: the slow hash once, on a worker; afterwards a look-up.

internal import Basics
internal import MainLoop
internal import SiteConfiguration

/// Tells whose token it is. Changes of the credentials count at once.
@MainActor final class TokenVerifier {
    static let knownTokensMax = 1024
    /// Stands in for the hash of an unknown name, so that it costs as much as a known one: argon2id of a secret that
    /// nobody kept, with the parameters of `PasswordHash`.
    nonisolated static let decoy =
        "$argon2id$v=19$m=19456,t=2,p=1$q2ZkM3hPQ1VrbXB6d0s3VA$Jc5tW1nCqjJt3vE7m2y0p3lq0Qh3bJmWq4m2x8Z1bGk"

    enum Outcome {
        case known(Principal)
        /// Worth the slow hash.
        case unknown
        case malformed
    }

    enum Verdict {
        case right(Principal)
        case wrong
        case tooBusy
    }

    private var tokens: [Credentials.Token] = []
    private var known: [SecretDigest: String] = [:]
    /// Slow hashes computed since the start.
    private(set) var verifications = 0
    private let turns: VerificationTurns
    private let worker = WorkerQueue(label: "api.sign-in")

    nonisolated init(turns: VerificationTurns) { self.turns = turns }

    /// Without a hash; free.
    func lookUp(_ token: String, in credentials: Credentials) -> Outcome {
        adopt(credentials)
        if let name = known[SecretDigest(token)], let entry = tokens.first(where: { $0.name == name }) {
            return .known(Principal(name: name, role: entry.role))
        }
        return TokenSettings.name(ofBearer: token) == nil ? .malformed : .unknown
    }

    /// The slow hash, for a known name or not. `mayGoOn` is asked when it is this request's turn.
    func verify(
        _ token: String, in credentials: @MainActor () -> Credentials, mayGoOn: @MainActor () -> Bool
    ) async -> Verdict {
        guard await turns.take() else { return .tooBusy }
        defer { turns.give() }
        // Meanwhile another request may have brought the same token, or the source has used up its guesses.
        if case .known(let principal) = lookUp(token, in: credentials()) { return .right(principal) }
        guard mayGoOn() else { return .tooBusy }
        let name = TokenSettings.name(ofBearer: token)
        let entry = tokens.first { $0.name == name }
        let hash = entry?.hash ?? tokens.first?.hash ?? Self.decoy
        verifications += 1
        let fits = (try? await worker.run { PasswordHash.verify(token, against: hash) }) ?? false
        adopt(credentials())
        guard fits, let entry, tokens.contains(entry) else { return .wrong }
        if known.count >= Self.knownTokensMax { known.removeAll() }
        known[SecretDigest(token)] = entry.name
        return .right(Principal(name: entry.name, role: entry.role))
    }

    private func adopt(_ credentials: Credentials) {
        guard credentials.tokens != tokens else { return }
        tokens = credentials.tokens
        known.removeAll()
    }
}
