// Who calls, when, and how: a seeded Poisson process of callers with more or less patience.

internal import Basics
internal import Foundation

/// One simulated caller.
nonisolated struct CallerPlan: Hashable, Sendable {
    var number: String
    /// In the language of the `Caller` program; see its `--help`.
    var script: String
}

/// Thinks up one caller after the other; the same seed gives the same ones.
nonisolated struct CallerPlans: Sendable {
    static let hangsUpInMenuPercent = 4
    static let wrongKeyPercent = 6
    static let patienceSeconds = 12...50
    /// The first callers come close together, so that there is something to see at once.
    static let rushCalls = 8
    static let rushFactor = 0.4

    private var random: SeededRandom
    private var calls = 0
    private let secondsBetweenCalls: Double
    private let lines: [String]

    init(lines: [String], secondsBetweenCalls: Double, seed: UInt64) {
        self.lines = lines
        self.secondsBetweenCalls = secondsBetweenCalls
        random = SeededRandom(seed: seed)
    }

    /// Seconds until the next call, by the exponential distribution.
    mutating func nextInterval() -> Double {
        -log(1 - random.unit()) * secondsBetweenCalls * (calls < Self.rushCalls ? Self.rushFactor : 1)
    }

    mutating func nextCaller() -> CallerPlan {
        calls += 1
        let number = "+4930" + String(1_000_000 + random.below(9_000_000))
        var steps = ["wait answered within 10s", "pause \(1500 + random.below(3000))ms"]
        if random.below(100) < Self.hangsUpInMenuPercent {
            return CallerPlan(number: number, script: (steps + ["hang up"]).joined(separator: "; "))
        }
        if random.below(100) < Self.wrongKeyPercent { steps += ["press 7", "pause 4s"] }
        steps.append("press \(key())")
        // Whoever does not hear an agent in time has lost patience: the script fails, and the phone hangs up.
        let patience = Self.patienceSeconds.lowerBound + random.below(Self.patienceSeconds.count)
        steps.append("hear tone \(AgentScript.greetingTone) within \(patience)s")
        steps.append("pause 4s")
        let first = random.below(lines.count)
        for index in 0..<(2 + random.below(3)) {
            steps += ["say file \(lines[(first + index) % lines.count]) for 4s", "pause \(1500 + random.below(2500))ms"]
        }
        return CallerPlan(number: number, script: (steps + ["hang up"]).joined(separator: "; "))
    }

    private mutating func key() -> String {
        let share = random.below(100)
        return share < 52 ? "1" : share < 92 ? "2" : "0"
    }
}
