// An agent's timeline as seconds, clipped at the borders of intervals.

public import ACD
public import Basics

extension AgentTime {
    /// What of these stretches lies between two moments.
    ///
    /// Whoever is signed in is taken to be paid. A browser that is lost counts as a pause; time of which nothing is known, and
    /// time after the agent was taken out of the configuration, is in no sum.
    ///
    /// - Parameters:
    ///   - spells: of one agent, in any order. One that still goes on does so until `to`.
    ///   - to: not before `from`; nothing is in an interval that is empty.
    public init(of spells: [ActivitySpell], from: Instant, to: Instant) {
        self = .none
        for spell in spells { add(spell, from, to) }
    }

    private mutating func add(_ spell: ActivitySpell, _ from: Instant, _ to: Instant) {
        let (start, end) = (max(spell.since, from), min(spell.until ?? to, to))
        guard start < end else { return }
        let seconds = (end - start).inSeconds
        switch spell.activity.state {
        case .removed, .unknown, .offline: return
        case .available: idle += seconds
        case .pause, .lost: aux += seconds
        case .ringing: ringing += seconds
        case .talking: talk += seconds
        case .held: hold += seconds
        case .wrapUp: wrapUp += seconds
        }
        paid += seconds
    }

    /// The same for each interval from `from` on; the last one may be cut off by `to`.
    ///
    /// - Parameters:
    ///   - spells: of one agent, in order.
    ///   - seconds: of each interval, at least 1.
    public static func intervals(
        of spells: [ActivitySpell], from: Instant, to: Instant, seconds: Int
    ) -> [(from: Instant, to: Instant, time: AgentTime)] {
        var intervals: [(from: Instant, to: Instant, time: AgentTime)] = []
        var first = 0
        var begin = from
        while begin < to {
            let end = min(begin + .seconds(max(1, seconds)), to)
            while first < spells.count, let until = spells[first].until, until <= begin { first += 1 }
            var time = AgentTime.none
            for spell in spells[first...] {
                guard spell.since < end else { break }
                time.add(spell, begin, end)
            }
            intervals.append((begin, end, time))
            begin = end
        }
        return intervals
    }
}
