// Callbacks: no abandons, and figures of their own (definitions.md 3.7).

/// Callbacks that callers asked for instead of waiting.
public struct CallbackCounts: Hashable, Sendable, Codable {
    public var requested: Int
    /// The customer answered and spoke with an agent.
    public var reached: Int
    /// Calls made for them.
    public var attempts: Int
    /// Given up after the last attempt.
    public var givenUp: Int

    /// - Throws: `KPIError`.
    public init(requested: Int, reached: Int, attempts: Int, givenUp: Int) throws(KPIError) {
        self.requested = try requested.checked("requested")
        self.reached = try reached.checked("reached", partOf: requested, "requested")
        self.attempts = try attempts.checked("attempts")
        self.givenUp = try givenUp.checked("given up", partOf: requested - reached, "requested and not reached")
    }

    /// Of those that have come to an end.
    public var reachRate: Figure {
        Figure("callback reach rate", ratio(reached, reached + givenUp), .share, formula: "reached / (reached + given up)")
    }

    public var attemptsPerCallback: Figure {
        Figure(
            "attempts per callback", ratio(attempts, reached + givenUp), .count, formula: "attempts / (reached + given up)")
    }
}
