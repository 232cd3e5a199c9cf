// A simulated day: counted as the router counts, the same for the same seed, with rules that act, and errors that are named.

import ACD
import Basics
import ContactCenter
import KPI
import Simulation
import Testing

struct SimulatedDayTests {
    @Test("a day of 20,000 contacts, 100 agents and 10 queues adds up, also in the router's own books")
    func large() throws {
        var day = try SimulatedDay(.reference, seed: 1)
        let figures = try day.run()
        #expect((19_500...20_500).contains(figures.contacts))
        let total = figures.total
        #expect(total.counts.offered() == figures.contacts && total.unserved == 0)
        #expect(Invariants.violations(in: day.center).isEmpty)
        for (index, id) in figures.queues.enumerated() {
            let counts = figures.total(of: index).counts
            let own = try #require(day.center.queues[id]?.figures)
            #expect(own.entries == counts.offered())
            #expect(own.answered == counts.answered && own.answeredInTime == counts.answeredInTime)
            #expect(own.abandoned == counts.abandoned && own.abandonedShort == counts.abandonedShort)
            #expect(abs(own.waitOfAnswered.inSeconds - counts.waitOfAnswered) < 0.5)
            #expect(own.serviceLevel == figures.total(of: index).serviceLevel)
        }
        // Agents are there ten hours each, and busy for what was handled and rung.
        #expect(abs(total.staffedSeconds - 100 * 36_000) < 100 * 600)
        let occupancy = try #require(total.occupancy)
        #expect(occupancy > 0.8 && occupancy < 0.97)
    }

    private func small(_ change: (inout Workload) -> Void = { _ in }) -> Workload {
        var workload = Workload(
            queues: [
                .init(
                    id: "sales", callsPerHour: [60], handle: .exponential(mean: 300), patience: .exponential(mean: 120))
            ], teams: [.init(name: "sales", agents: [5], queues: ["sales"])], intervals: 8)
        change(&workload)
        return workload
    }

    private func run(_ workload: Workload, rules: CenterConfiguration? = nil, seed: UInt64 = 1) throws -> DayFigures {
        var day = try SimulatedDay(workload, rules: rules, seed: seed)
        return try day.run()
    }

    @Test("the same seed is the same day, another seed another one")
    func seeds() throws {
        let first = try run(small())
        #expect(try run(small()) == first)
        #expect(try run(small(), seed: 2) != first)
    }

    @Test("agents who answer late are still there in the evening")
    func lateAnswers() throws {
        let figures = try run(small { $0.answer = .fixed(30) })
        #expect(figures.byInterval.suffix(2).allSatisfy { $0.counts.answered > 0 })
        let late = try run(small { $0.answer = .exponential(mean: 15) })
        #expect(abs(late.total.staffedSeconds - 5 * 8 * Double(small().intervalSeconds)) < 600)
    }

    @Test("two teams of different size meet the same callers")
    func commonChance() throws {
        let few = try run(small()), many = try run(small { $0.teams[0].agents = [9] })
        #expect(few.byInterval.map(\.offered) == many.byInterval.map(\.offered))
        let (worse, better) = (try #require(few.total.serviceLevel), try #require(many.total.serviceLevel))
        #expect(worse < better)
        #expect(many.total.counts.abandoned < few.total.counts.abandoned)
    }

    @Test("rates and agents change at the border of an interval")
    func intervals() throws {
        let figures = try run(
            small {
                $0.queues[0].callsPerHour = [0, 120, 0]
                $0.teams[0].agents = [2, 12, 0]
            })
        #expect(figures.byInterval[0].offered == 0 && figures.byInterval[2].offered == 0)
        #expect((40...80).contains(figures.byInterval[1].offered))
        #expect(figures.byInterval[0].staffedSeconds == 2 * 1800)
        #expect(abs(figures.byInterval[1].staffedSeconds - 12 * 1800) < 1)
        // Who talked at the border finished that first.
        #expect(figures.byInterval[2].staffedSeconds > 0 && figures.byInterval[2].staffedSeconds < 12 * 900)
        #expect(figures.byInterval[2].staffedSeconds == figures.byInterval[2].busySeconds)
        #expect(figures.byInterval[4].staffedSeconds == 0)
    }

    @Test("a queue's rules act: a limit of waiting diverts, a wrap-up keeps agents busy")
    func rules() throws {
        var queue = QueueRules(id: "sales", members: [], wrapUpSeconds: 30, waitingMax: 2)
        let figures = try run(
            small { $0.teams[0].agents = [3] }, rules: CenterConfiguration(version: "1", queues: [queue]))
        #expect(figures.total.counts.flowedOut > 10)
        #expect(figures.total.offered == figures.contacts)
        // The wrap-up is a part of the handling time, so that the sum stays what the workload says.
        let handled = Double(figures.total.counts.answered)
        #expect(abs(figures.total.handleSeconds / handled - 300) < 60)
        #expect(abs(figures.total.busySeconds - figures.total.handleSeconds) < 0.05 * figures.total.handleSeconds)
        queue.id = "other"
        #expect(throws: WorkloadError.unknownQueue("sales")) {
            try run(small(), rules: CenterConfiguration(version: "1", queues: [queue]))
        }
    }

    @Test("without teams the configured members work")
    func members() throws {
        let agents = (1...4).map { AgentRules(id: AgentID("agent-\($0)"), devices: [DeviceID("phone-\($0)")]) }
        let queue = QueueRules(id: "sales", members: agents.map { .init(agent: $0.id) }, wrapUpSeconds: 10)
        let figures = try run(
            small { $0.teams = [] }, rules: CenterConfiguration(version: "1", queues: [queue], agents: agents))
        #expect(abs(figures.total.staffedSeconds - 4 * 8 * 1800) < 1)
        #expect(figures.total.counts.answered > 100)
    }

    @Test("lower levels come first")
    func levels() throws {
        let figures = try run(
            small {
                $0.queues.append(
                    .init(id: "spare", callsPerHour: [1], handle: .fixed(1), patience: .exponential(mean: 60)))
                $0.queues[0].callsPerHour = [20]
                $0.teams = [
                    .init(name: "first", agents: [4], queues: ["sales"]),
                    .init(name: "second", agents: [4], queues: ["sales", "spare"], level: 2),
                ]
            })
        let (first, second) = (figures.total(of: 0), figures.total(of: 1))
        // The second team's occupancy is that of the queue that it alone serves.
        #expect(second.busySeconds < 0.3 * (first.busySeconds - second.busySeconds))
    }

    @Test("what is wrong with a workload is said by name")
    func errors() throws {
        func expect(_ error: WorkloadError, _ change: (inout Workload) -> Void) {
            #expect(throws: error) { try run(small(change)) }
            #expect("\(error)".contains(";"))
        }
        expect(.noQueues) { $0.queues = [] }
        expect(.noArrivals) { $0.queues[0].callsPerHour = [0] }
        expect(.noArrivals) { $0.queues[0].callsPerHour = [] }
        expect(.noAgents("sales")) { $0.teams = [] }
        expect(.noAgents("sales")) { $0.teams[0].agents = [0] }
        expect(.duplicateQueue("sales")) { $0.queues.append($0.queues[0]) }
        expect(.duplicateTeam("sales")) { $0.teams.append($0.teams[0]) }
        expect(.unknownQueue("x")) { $0.teams[0].queues = ["x"] }
        expect(.overloaded("sales", loadErlangs: 5, agents: 4)) {
            $0.queues[0].patience = nil
            $0.teams[0].agents = [4]
        }
        expect(.overloaded("sales", loadErlangs: 5, agents: 5)) { $0.queues[0].patience = nil }
        expect(.tooManyContacts(expected: 240_000_000, max: Workload.contactsMax)) { $0.queues[0].callsPerHour = [60_000_000] }
        expect(.outOfRange("calls per hour of queue sales", min: 0, max: 1e9)) { $0.queues[0].callsPerHour = [.nan] }
        expect(.outOfRange("calls per hour of queue sales", min: 0, max: 1e9)) { $0.queues[0].callsPerHour = [-1] }
        expect(.outOfRange("the handling time of queue sales", min: 0, max: 604_800)) {
            $0.queues[0].handle = .exponential(mean: .infinity)
        }
        expect(.outOfRange("the patience of queue sales", min: 0, max: 1e9)) { $0.queues[0].patience = .exponential(mean: 0) }
        expect(.outOfRange("agents of team sales", min: 0, max: 10_000)) { $0.teams[0].agents = [Int.max] }
        expect(.outOfRange("agents of team sales", min: 0, max: 10_000)) { $0.teams[0].agents = [-3] }
        expect(.outOfRange("the number of intervals", min: 1, max: 2000)) { $0.intervals = Int.max }
        expect(.outOfRange("the length of an interval in seconds", min: 60, max: 86_400)) { $0.intervalSeconds = 0 }
        expect(.outOfRange("the warm-up in seconds", min: 0, max: 604_800)) { $0.warmUpSeconds = Int.max }
    }

    @Test("a hopeless overload comes to an end, and who was never served is counted")
    func overload() throws {
        let figures = try run(
            small {
                $0.queues[0].callsPerHour = [6000]
                $0.queues[0].patience = .fixed(1_000_000)
                $0.teams[0].agents = [1]
                $0.intervals = 4
            })
        #expect(figures.total.unserved > 10_000)
        #expect(figures.total.offered == figures.contacts)
        #expect(figures.total.counts.waitingBeyondThreshold == figures.total.unserved)
    }

    @Test("the mean of runs lies in its band, and one run has none")
    func estimates() throws {
        let estimate = try #require(Estimate([1, 2, 3, nil, 4]))
        #expect(estimate.mean == 2.5 && estimate.runs == 4)
        #expect(abs(estimate.standardError - 0.6455) < 1e-4)
        #expect(abs(estimate.high - (2.5 + 3.182 * 0.6455)) < 1e-3)
        #expect(Estimate([1, 1, nil], within: 0...1)?.high == 1)
        #expect(Estimate([nil]) == nil)
        let days = try (UInt64(1)...6).map { try run(small(), seed: $0) }
        let report = WorkloadReport(days, intervalSeconds: 1800)
        #expect(report.runs == 6 && report.queues.count == 1 && report.intervals.count == 8)
        let level = try #require(report.day.serviceLevel)
        #expect(level.low < level.mean && level.mean < level.high && level.high <= 1)
        #expect(report.queues[0].day == report.day)
    }

    @Test("times are drawn with the mean that they are described by")
    func distributions() {
        for distribution in [
            Distribution.fixed(90), .exponential(mean: 90), .logNormal(mean: 90, variation: 0.5),
            .logNormal(mean: 90, variation: 1.5),
        ] {
            var random = SeededRandom(seed: 5)
            let drawn = (0..<100_000).map { _ in distribution.sample(using: &random) }
            #expect(drawn.allSatisfy { $0 >= 0 && $0.isFinite })
            #expect(abs(drawn.reduce(0, +) / 100_000 - 90) < 2)
            #expect(distribution.mean == 90)
        }
    }
}
