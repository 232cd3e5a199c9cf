// A day that was, seen through its journal and lived again.

import ACD
import Basics
import ContactCenter
import IVR
import KPI
import Simulation
import Testing

struct DayTraceTests {
    private static let agents = ["anna", "ben", "carla"].map { AgentRules(id: AgentID($0), devices: [DeviceID($0)]) }
    private static let configuration = CenterConfiguration(
        version: "1",
        queues: [
            QueueRules(id: "sales", members: agents.map { .init(agent: $0.id) }, wrapUpSeconds: 10, announceEverySeconds: nil)
        ], agents: agents,
        flows: [Flow(id: "direct", start: "queue", nodes: [Node(id: "queue", action: .queue(EnterQueue(queue: "sales")))])],
        numbers: [NumberRules(number: "100", flow: "direct")])

    /// The journal of a floor, replayed into fresh rules as the daemon's would be.
    private func trace(of floor: VirtualFloor, from: Instant, to: Instant) -> DayTrace {
        var trace = DayTrace(from: from, to: to)
        var center = Center()
        trace.begin(with: center)
        for (at, event) in floor.journal {
            var commands: [Command] = []
            center.handle(event, at: at, into: &commands)
            trace.note(event, commands, in: center, at: at)
        }
        trace.finish(with: center)
        return trace
    }

    @Test("waits, times and shifts are those of the journal")
    func small() throws {
        var floor = VirtualFloor()
        let start = floor.now
        floor.apply(Self.configuration)
        floor.advance(seconds: 60)
        floor.signIn("anna")
        floor.advance(seconds: 40)
        let first = floor.call("100"), second = floor.call("100"), third = floor.call("100")
        floor.advance(seconds: 5)
        floor.answer(try #require(floor.ringing(at: "anna").first))
        floor.advance(seconds: 25)
        floor.hangUp(second)
        floor.advance(seconds: 70)
        floor.hangUp(first)
        // The wrap-up of ten seconds, and three until the answer.
        floor.advance(seconds: 13)
        floor.answer(try #require(floor.ringing(at: "anna").first))
        floor.advance(seconds: 50)
        floor.hangUp(third)
        floor.advance(seconds: 4)
        floor.submit(.wrapUpCompleted("anna", disposition: nil))
        floor.set(.offline, for: "anna")
        floor.advance(seconds: 100)
        let trace = trace(of: floor, from: start, to: start + .seconds(3600))
        #expect(trace.arrivals.map(\.waitedSeconds) == [5, 30, 113])
        #expect(trace.arrivals.map(\.end) == [.answered, .abandoned, .answered])
        #expect(trace.arrivals.map(\.handleSeconds) == [95 + 10, nil, 50 + 4])
        #expect(trace.arrivals.map(\.ringSeconds) == [5, nil, 3])
        #expect(trace.arrivals.map { ($0.at - start).inSeconds } == [100, 100, 100])
        let shift = try #require(trace.shifts.first)
        #expect(trace.shifts.count == 1 && shift.agent == "anna")
        #expect((shift.from - start).inSeconds == 60 && (shift.to - shift.from).inSeconds > 150)
        #expect(trace.configuration == Self.configuration)
        // Contacts and shifts outside the window are not of the day.
        let later = self.trace(of: floor, from: start + .seconds(101), to: start + .seconds(3600))
        #expect(later.arrivals.isEmpty && (later.shifts[0].from - start).inSeconds == 101)
        #expect(throws: WorkloadError.noQueues) { try later.workload(intervalSeconds: 1800) }
    }

    @Test("what still goes on when the journal ends is taken as far as it is")
    func open() throws {
        var floor = VirtualFloor()
        let start = floor.now
        floor.apply(Self.configuration)
        floor.signIn("anna")
        floor.call("100")
        floor.advance(seconds: 2)
        floor.answer(try #require(floor.ringing(at: "anna").first))
        floor.call("100")
        floor.advance(seconds: 30)
        floor.submit(.admissionChanged(fallback: false))
        let trace = trace(of: floor, from: start, to: start + .seconds(3600))
        #expect(trace.arrivals.map(\.end) == [.answered, .left])
        #expect(trace.arrivals.map(\.waitedSeconds) == [2, 30])
        #expect(trace.arrivals.map(\.handleSeconds) == [nil, nil])
        #expect(trace.shifts.map(\.to) == [start + .seconds(3600)])
    }

    /// Four hours with some sixty calls an hour for two agents, and a third one in the second half.
    private func day() throws -> (trace: DayTrace, figures: QueueFigures) {
        var floor = VirtualFloor()
        let start = floor.now
        floor.apply(Self.configuration)
        floor.signIn("anna")
        floor.signIn("ben")
        var random = SeededRandom(seed: 3)
        // Until when each caller has patience, or has something to say.
        var patience: [LegID: Instant] = [:], talk: [LegID: Instant] = [:]
        for second in 0..<14_400 {
            if second == 7200 { floor.signIn("carla") }
            if random.below(60) == 0 {
                let leg = floor.call("100")
                patience[leg] = floor.now + .seconds(Distribution.exponential(mean: 90).sample(using: &random))
            }
            for agent in Self.agents {
                guard let leg = floor.ringing(at: agent.id).first else { continue }
                floor.answer(leg)
                if let caller = floor.center.contacts.first(where: { $0.value.conversation?.leg == leg })?.value.leg {
                    patience[caller] = nil
                    talk[caller] = floor.now + .seconds(Distribution.exponential(mean: 110).sample(using: &random))
                }
            }
            for (leg, at) in (Array(patience) + Array(talk)).sorted(by: { $0.key < $1.key }) where at <= floor.now {
                (patience[leg], talk[leg]) = (nil, nil)
                floor.hangUp(leg)
            }
            floor.advance(seconds: 1)
        }
        let trace = trace(of: floor, from: start, to: floor.now)
        return (trace, try #require(floor.center.queues["sales"]?.figures))
    }

    @Test("the same day lived again comes to the same figures; with an agent more it is better")
    func again() throws {
        let (trace, was) = try day()
        #expect(abs(trace.arrivals.count - was.entries) <= 3)
        var workload = try trace.workload(intervalSeconds: 1800)
        #expect(workload.intervals == 8 && abs(workload.expectedContacts - Double(trace.arrivals.count)) < 0.01)
        func figures(_ workload: Workload) throws -> [IntervalFigures] {
            try (UInt64(1)...5).map { seed in
                var day = try SimulatedDay(workload, rules: trace.configuration, trace: trace, seed: seed)
                return try day.run().total
            }
        }
        let again = try figures(workload)
        let level = try #require(Estimate(again.map(\.serviceLevel)))
        #expect(again.allSatisfy { $0.offered == trace.arrivals.count })
        #expect(abs(level.mean - (try #require(was.serviceLevel))) < 0.05, "\(level), was \(was)")
        let abandons = try #require(Estimate(again.map { Double($0.counts.abandoned) }))
        #expect(abs(abandons.mean - Double(was.abandoned)) < 0.15 * Double(was.entries))
        workload.teams = [.init(name: "help", agents: [2], queues: ["sales"])]
        let better = try #require(Estimate(try figures(workload).map(\.serviceLevel)))
        #expect(better.mean > level.mean + 0.1)
        // As figures instead of callers, the day is of the same kind.
        workload.teams = [.init(name: "all", agents: [2, 2, 2, 2, 3], queues: ["sales"])]
        let drawn = try (UInt64(1)...5).map { seed in
            var day = try SimulatedDay(workload, rules: trace.configuration, seed: seed)
            return try day.run().total.serviceLevel
        }
        #expect(abs(try #require(Estimate(drawn)).mean - level.mean) < 0.2)
    }
}
