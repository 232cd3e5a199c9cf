// The real router under exponential calls, against queueing theory.

import Basics
import KPI
import Simulation
import Testing
import Workforce

struct ErlangDayTests {
    /// Loads in Erlangs with a team for each, from two desks to a hundred.
    static let loads = [(1.0, 2), (4, 6), (10, 13), (20, 23), (50, 55), (100, 107)]
    private static let handle = 180.0
    private static let seeds = UInt64(1)...12

    private func days(load: Double, agents: Int, patience: Double?) throws -> [DayFigures] {
        let callsPerHour = load * 3600 / Self.handle
        // As many calls as the mean needs, whatever the load; the first ones find an empty house and are left out.
        let intervals = Int((2500 / callsPerHour).rounded(.up))
        let workload = Workload(
            queues: [
                .init(
                    id: "sales", callsPerHour: [callsPerHour], handle: .exponential(mean: Self.handle),
                    patience: patience.map { .exponential(mean: $0) })
            ], teams: [.init(name: "sales", agents: [agents], queues: ["sales"])], intervals: intervals,
            intervalSeconds: 3600, warmUpSeconds: 7200)
        return try Self.seeds.map { seed in
            var day = try SimulatedDay(workload, seed: seed)
            return try day.run()
        }
    }

    private func expect(_ values: [Double?], _ theory: Double, _ what: String) throws {
        let estimate = try #require(Estimate(values))
        let sigmas = (estimate.mean - theory) / max(estimate.standardError, 1e-12)
        #expect(abs(sigmas) <= 3, "\(what): simulated \(estimate.mean), by theory \(theory), \(sigmas) σ off")
        // Three σ of nothing prove nothing: the runs have to be sharp as well.
        #expect(estimate.standardError < max(0.35 * theory, 0.01), "\(what) is too vague: \(estimate)")
    }

    @Test("callers who never hang up wait as Erlang C says", arguments: loads)
    func erlangC(load: Double, agents: Int) throws {
        let theory = try ErlangC(
            traffic: Traffic(callsPerHour: load * 3600 / Self.handle, handleSeconds: Self.handle), agents: agents)
        let totals = try days(load: load, agents: agents, patience: nil).map(\.total)
        #expect(totals.allSatisfy { $0.unserved == 0 && $0.counts.abandoned == 0 })
        try expect(totals.map(\.waitShare), theory.waitProbability, "Pw")
        try expect(totals.map(\.averageSpeedOfAnswer), theory.meanWaitSeconds, "ASA")
        try expect(totals.map(\.serviceLevel), theory.serviceLevel(within: 20), "service level")
        try expect(totals.map(\.occupancy), theory.occupancy, "occupancy")
    }

    @Test("callers who lose patience wait and leave as Erlang A says", arguments: loads)
    func erlangA(load: Double, agents: Int) throws {
        let traffic = try Traffic(callsPerHour: load * 3600 / Self.handle, handleSeconds: Self.handle)
        // Fewer agents than Erlang C could do with: patience is what keeps the queue short.
        let agents = max(1, agents * 9 / 10)
        let theory = try ErlangA(traffic: traffic, agents: agents, patienceSeconds: 120)
        let totals = try days(load: load, agents: agents, patience: 120).map(\.total)
        try expect(totals.map(\.waitShare), theory.waitProbability, "Pw")
        try expect(totals.map(\.abandonRate), theory.abandonProbability, "abandons")
        try expect(totals.map(\.meanWait), theory.meanWaitSeconds, "W")
        try expect(totals.map(\.averageSpeedOfAnswer), theory.meanWaitOfAnsweredSeconds, "ASA")
        try expect(totals.map { ServiceLevel.a3.value(of: $0.counts) }, theory.serviceLevel(within: 20), "service level")
        try expect(totals.map(\.occupancy), theory.occupancy, "occupancy")
    }
}
