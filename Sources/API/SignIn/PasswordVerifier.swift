// Passwords of agents: the slow hash for every try, known name or not.

internal import Basics
internal import MainLoop
internal import SiteConfiguration

/// Tells whether name and password fit. Nothing is remembered: each sign-in costs the hash.
@MainActor final class PasswordVerifier {
    enum Verdict {
        case right(AgentID, hash: String)
        case wrong
        case tooBusy
    }

    /// Slow hashes computed since the start.
    private(set) var verifications = 0
    private let turns: VerificationTurns
    private let worker = WorkerQueue(label: "api.passwords")

    nonisolated init(turns: VerificationTurns) { self.turns = turns }

    /// `mayGoOn` is asked when it is this request's turn. An unknown name costs the hash of a known one, so that time does not
    /// tell who works here.
    func verify(
        _ name: String, _ password: String, in credentials: @MainActor () -> Credentials, mayGoOn: @MainActor () -> Bool
    ) async -> Verdict {
        guard await turns.take() else { return .tooBusy }
        defer { turns.give() }
        guard mayGoOn() else { return .tooBusy }
        let agents = credentials().agents
        let entry = agents.first { $0.agent.rawValue == name }
        let hash = entry?.hash ?? agents.first?.hash ?? TokenVerifier.decoy
        verifications += 1
        let fits = (try? await worker.run { PasswordHash.verify(password, against: hash) }) ?? false
        // The configuration may have changed meanwhile.
        guard fits, let entry, credentials().agents.contains(entry) else { return .wrong }
        return .right(entry.agent, hash: entry.hash)
    }
}
