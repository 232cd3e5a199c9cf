// Slow hashes are computed a few at a time, whoever asks for them.

/// Turns for computing argon2id: each takes one processor and 19 MiB for some 20 ms.
@MainActor final class VerificationTurns {
    /// Hashes computed at once.
    static let verificationsMax = 2
    /// Requests that wait for one.
    static let waitersMax = 128

    private var running = 0
    private var waiting: [CheckedContinuation<Void, Never>] = []

    nonisolated init() {}

    /// Waits for a turn; false: too many wait already.
    func take() async -> Bool {
        if running < Self.verificationsMax {
            running += 1
            return true
        }
        guard waiting.count < Self.waitersMax else { return false }
        // Whoever gives its turn leaves it counted for the one it wakes.
        await withCheckedContinuation { waiting.append($0) }
        return true
    }

    func give() {
        if waiting.isEmpty { running -= 1 } else { waiting.removeFirst().resume() }
    }
}
