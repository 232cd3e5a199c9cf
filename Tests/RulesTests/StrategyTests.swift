// Every strategy of definitions.md 3.1 as a table: who is asked, worked out by hand.

import ACD
import Basics
import ContactCenter
import Foundation
import IVR
import Simulation
import Testing

/// One queue, agents `a` to `e` with one phone each, and a number that leads straight into the queue.
enum OneQueue {
    static func configuration(
        agents names: [AgentID] = ["a", "b", "c"], _ strategy: Strategy, skills: [AgentID: AgentSkills] = [:],
        version: String = "1", change: (inout QueueRules) -> Void = { _ in }
    ) -> CenterConfiguration {
        var queue = QueueRules(
            id: "q", members: names.map { QueueRules.Member(agent: $0) }, keys: strategy.keys, wrapUpSeconds: 0,
            announceEverySeconds: nil)
        change(&queue)
        return CenterConfiguration(
            version: version, queues: [queue],
            agents: names.map {
                AgentRules(id: $0, devices: [DeviceID($0.rawValue + "-desk")], skills: skills[$0] ?? AgentSkills())
            },
            flows: [flow], numbers: [NumberRules(number: "1", flow: "flow")])
    }

    static let flow = Flow(
        id: "flow", start: "queue", nodes: [Node(id: "queue", action: .queue(EnterQueue(queue: "q")))])

    static func floor(_ configuration: CenterConfiguration, signedIn: [AgentID]? = nil) -> VirtualFloor {
        SmallCenter.floor(configuration, signedIn: signedIn ?? configuration.agents.map(\.id))
    }
}

extension VirtualFloor {
    /// Everybody at whom something rings, in the order of the names.
    var ringingAgents: [AgentID] { center.agents.map(\.key).filter { !ringing(at: $0).isEmpty } }

    func why(_ caller: LegID) -> Explanation? {
        for case .offered(_, _, _, let why) in happenings(of: caller).reversed() { return why }
        return nil
    }
}

struct StrategyTests {
    /// One call: who pauses meanwhile, how long the talk is, and who should have got it.
    struct Turn: Sendable {
        var paused: [AgentID] = []
        var talk = 10
        var expected: AgentID
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var strategy: Strategy
        var turns: [Turn]
        var testDescription: String { strategy.rawValue }
    }

    static let cases = [
        Case(
            strategy: .linear,
            turns: [
                Turn(expected: "a"), Turn(expected: "a"), Turn(paused: ["a"], expected: "b"), Turn(expected: "a"),
                Turn(paused: ["a", "b"], expected: "c"),
            ]),
        // Behind c comes a, though b has been passed over: the place in the ring is remembered, not the member's due.
        Case(
            strategy: .roundRobin,
            turns: [
                Turn(expected: "a"), Turn(paused: ["b"], expected: "c"), Turn(expected: "a"), Turn(expected: "b"),
                Turn(expected: "c"), Turn(expected: "a"),
            ]),
        // The same pauses, but b was never asked and is asked next.
        Case(
            strategy: .lastOffered,
            turns: [
                Turn(expected: "a"), Turn(paused: ["b"], expected: "c"), Turn(expected: "b"), Turn(expected: "a"),
                Turn(expected: "c"),
            ]),
        // a signed in first; a pause does not move the clock.
        Case(
            strategy: .longestIdle,
            turns: [
                Turn(expected: "a"), Turn(expected: "b"), Turn(paused: ["c"], expected: "a"), Turn(expected: "c"),
                Turn(expected: "b"),
            ]),
        // Calls of a, b, c: 1 0 0, 1 1 0, 1 1 1, 2 1 1, 3 1 1, then b and c, who has been idle longer first.
        Case(
            strategy: .fewestCalls,
            turns: [
                Turn(expected: "a"), Turn(expected: "b"), Turn(expected: "c"), Turn(expected: "a"),
                Turn(paused: ["b", "c"], expected: "a"), Turn(expected: "b"), Turn(expected: "c"), Turn(expected: "b"),
            ]),
        // Talked: 60 0 0, 60 30 0, 60 30 10, 60 30 40, 60 50 40.
        Case(
            strategy: .leastTalkTime,
            turns: [
                Turn(talk: 60, expected: "a"), Turn(talk: 30, expected: "b"), Turn(talk: 10, expected: "c"),
                Turn(talk: 30, expected: "c"), Turn(talk: 20, expected: "b"), Turn(expected: "c"),
            ]),
    ]

    @Test("one call after the other goes to whom the strategy says", arguments: cases)
    func table(_ table: Case) throws {
        var floor = OneQueue.floor(OneQueue.configuration(table.strategy))
        for (number, turn) in table.turns.enumerated() {
            for agent in turn.paused { floor.set(.aux(reason: "break"), for: agent) }
            let caller = floor.call("1")
            #expect(floor.ringingAgents == [turn.expected], "call \(number + 1)")
            #expect(floor.why(caller)?.keys == table.strategy.keys)
            for agent in turn.paused { floor.set(.available, for: agent) }
            try #require(floor.answer(at: turn.expected) != nil)
            floor.advance(seconds: turn.talk)
            floor.hangUp(caller)
            floor.advance(seconds: 1)
        }
    }

    @Test("what stands behind a key that decides does not matter, in the ring as little as between two candidates")
    func behindTheDecidingKey() throws {
        let keys: [SelectionKey] = [.level, .roundRobin, .longestIdle]
        var floor = OneQueue.floor(OneQueue.configuration(.roundRobin) { $0.keys = keys })
        // With b passed over c is next, and then a, although b has been idle for longest.
        for (paused, expected) in [(nil, "a"), ("b", "c"), (nil, "a"), (nil, "b")] as [(AgentID?, AgentID)] {
            if let paused { floor.set(.aux(reason: "break"), for: paused) }
            let caller = floor.call("1")
            #expect(floor.ringingAgents == [expected])
            if let paused { floor.set(.available, for: paused) }
            floor.answer(at: expected)
            floor.advance(seconds: 10)
            floor.hangUp(caller)
        }
        let now = floor.now
        let first = Candidate(agent: "a", level: 1, idleSince: now, answered: 5, order: 0)
        let second = Candidate(agent: "b", level: 1, idleSince: now - .seconds(60), answered: 0, order: 1)
        #expect(first.isBefore(second, by: keys))
        #expect(second.isBefore(first, by: [.level, .longestIdle, .random, .fewestCalls]))
    }

    @Test("a contact for one agent in person, or for one who is preferred, moves no round robin")
    func pointer() throws {
        var floor = OneQueue.floor(OneQueue.configuration(.roundRobin))
        floor.call("1")
        floor.answer(at: "a")
        floor.submit(.transferRequested("a", .agent("c")))
        #expect(floor.ringingAgents == ["c"])
        floor.call("1")
        #expect(floor.ringingAgents == ["b", "c"], "b comes behind a, whoever was asked for in person")
        let configuration = OneQueue.configuration(.roundRobin) {
            $0.preference = PreferenceRules(agents: [.init(agent: "c")], waitSeconds: 10)
        }
        floor = OneQueue.floor(configuration)
        floor.call("1")
        floor.answer(at: "c")
        floor.call("1")
        #expect(floor.ringingAgents.isEmpty)
        floor.advance(seconds: 10)
        #expect(floor.ringingAgents == ["a"])
    }

    @Test("fewest calls and least talk time begin anew with each sign-in", arguments: [Strategy.fewestCalls, .leastTalkTime])
    func reset(_ strategy: Strategy) throws {
        var floor = OneQueue.floor(OneQueue.configuration(agents: ["a", "b"], strategy))
        for expected in ["a", "b"] as [AgentID] {
            let caller = floor.call("1")
            try #require(floor.answer(at: expected) != nil)
            floor.advance(seconds: expected == "a" ? 50 : 20)
            floor.hangUp(caller)
        }
        floor.set(.offline, for: "a")
        floor.set(.available, for: "a")
        floor.call("1")
        #expect(floor.ringingAgents == ["a"], "nothing is held against a any more")
    }

    @Test("a lower level comes first, whatever the other keys say")
    func level() {
        var floor = OneQueue.floor(
            OneQueue.configuration(.longestIdle) { queue in queue.members[0].level = 2 })
        floor.call("1")
        #expect(floor.ringingAgents == ["b"], "a is idle longer and on level 2")
    }

    @Test("a draw is even, a weighted one as even as the weights, and both the same for the same seed")
    func random() {
        func share(_ strategy: Strategy) -> [AgentID: Int] {
            var floor = OneQueue.floor(
                OneQueue.configuration(strategy) { queue in queue.members[2].weight = 4 })
            floor.afterEvent = nil
            var counts: [AgentID: Int] = [:]
            for _ in 0..<3000 {
                let caller = floor.call("1")
                counts[floor.ringingAgents[0], default: 0] += 1
                floor.hangUp(caller)
            }
            return counts
        }
        let even = share(.random), weighted = share(.weightedRandom)
        // Three standard deviations of 3000 draws: 77 with 1/3, 67 with 1/6, 77 with 2/3.
        for agent in ["a", "b", "c"] as [AgentID] { #expect(abs((even[agent] ?? 0) - 1000) < 78) }
        for agent in ["a", "b"] as [AgentID] { #expect(abs((weighted[agent] ?? 0) - 500) < 62) }
        #expect(abs((weighted["c"] ?? 0) - 2000) < 78)
        #expect(share(.random) == even)
    }

    @Test("best skills: the highest sum of what was asked for, then who has been idle longest")
    func bestSkills() {
        func skills(_ french: Int, _ billing: Int) -> AgentSkills {
            AgentSkills(grades: [
                .init(skill: "french", grade: french), .init(skill: "billing", grade: billing),
                .init(skill: "not asked for", grade: 100),
            ])
        }
        // Sums: 5, 7, 7, and d lacks the second skill.
        let graded: [AgentID: AgentSkills] = [
            "a": skills(3, 2), "b": skills(3, 4), "c": skills(5, 2),
            "d": AgentSkills(grades: [.init(skill: "french", grade: 100)]),
        ]
        var floor = OneQueue.floor(
            OneQueue.configuration(agents: ["a", "b", "c", "d"], .bestSkills, skills: graded) { queue in
                queue.require = [
                    RequirementStep(.all([.skill("french", .atLeast, 3), .skill("billing", .atLeast, 1)]))
                ]
            })
        let caller = floor.call("1")
        #expect(floor.ringingAgents == ["b"])
        let why = floor.why(caller)
        #expect(why?.winner.skillFit == 7)
        #expect(why?.others.map(\.agent) == ["c", "a"])
        #expect(why?.others.map(\.skillFit) == [7, 5])
        #expect(why?.refused == [.init(refusal: .unskilled, count: 1)])
    }

    @Test("the reason of an offer stays small, however many could have had it: at most 2 KiB with its ten runners-up")
    func explanation() throws {
        let names = (0..<200).map { AgentID("an-agent-with-a-long-name-\($0)") }
        var floor = OneQueue.floor(
            OneQueue.configuration(agents: names, .longestIdle) {
                $0.keys = [.level, .leastTalkTime, .lastOffered, .longestIdle]
            })
        floor.set(.aux(reason: "break"), for: names[7])
        let caller = floor.call("1")
        let why = try #require(floor.why(caller))
        #expect(why.others.count == 10 && why.refused == [.init(refusal: .paused, count: 1)])
        #expect(try JSONEncoder().encode(why).count <= 2048)
    }

    @Test("a miss sends a round robin on to the next, and a linear search, too")
    func afterMiss() {
        for (strategy, order) in [(Strategy.roundRobin, ["a", "b", "c"]), (.linear, ["a", "b", "a"])] {
            // Of linear a is asked again, because the 3 s in which a is passed over have long ended.
            var floor = OneQueue.floor(OneQueue.configuration(strategy))
            floor.call("1")
            for name in order {
                #expect(floor.ringingAgents == [AgentID(name)], "\(strategy)")
                floor.advance(seconds: 20)
            }
        }
    }
}
