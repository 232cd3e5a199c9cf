// The hour at which what agents have answered and talked is compared anew (definitions.md 3.1: fewest calls need a reset).

import ACD
import Basics
import IVR

extension Center {
    /// The next reset, or how far the present one has come.
    struct CountsReset: Codable, Hashable, Sendable {
        /// The last agent it has reached; nil: it has not begun.
        var after: AgentID?
        var at: Instant
    }

    /// Agents in one turn.
    static let countsResetInTurnMax = 100
    private static let countsResetEvery = Duration.milliseconds(1)

    /// After a configuration was taken on: one that is due or has begun goes on.
    mutating func planCountsReset() {
        guard let second = configuration.countsResetSecond else {
            countsReset = nil
            return
        }
        if let countsReset, countsReset.after != nil || countsReset.at <= now { return }
        plan(CountsReset(at: configuration.next(second: second, after: now)))
    }

    mutating func countsResetDue() {
        guard var reset = countsReset, let second = configuration.countsResetSecond else { return }
        for _ in 0..<Self.countsResetInTurnMax {
            guard let next = reset.after.map({ agents.first(after: $0) }) ?? agents.first else {
                return plan(CountsReset(at: configuration.next(second: second, after: now)))
            }
            reset.after = next.key
            var agent = next.value
            if agent.resetCounts() { agents[next.key] = agent }
        }
        reset.at = now + Self.countsResetEvery
        plan(reset)
    }

    private mutating func plan(_ reset: CountsReset) {
        guard countsReset != reset else { return }
        countsReset = reset
        deadlines.set(.countsReset, at: reset.at)
    }
}

extension CenterConfiguration {
    /// The first moment after `now` at which the center's clocks show that second of a day.
    func next(second: Int, after now: Instant) -> Instant {
        let today = day(at: now)
        for day in (today - 1)...(today + 2) {
            let local = Instant(seconds: Int64(day) * 86_400 + Int64(second))
            // Where a clock is put forward over it, it is the hour after.
            let at = local - .seconds(offsetSeconds(at: local - .seconds(offsetSeconds(at: local))))
            if at > now { return at }
        }
        return now + .seconds(86_400)
    }

    private func offsetSeconds(at time: Instant) -> Int {
        (dayOffsets.last { $0.from <= time } ?? dayOffsets.first)?.seconds ?? 0
    }
}
