// Less is asked of agents as soon as that holds on which it depends; and no longer anything when the rules ask for nothing.

import ACD
import Basics
import Foundation
import IVR
import Simulation
import Testing

@testable import ContactCenter

struct ConditionTests {
    private static let french = AgentSkills(grades: [.init(skill: "french", grade: 5)])
    private static let speaksFrench = Requirement.skill("french", .atLeast, 4)

    private func floor(
        french: [AgentID], _ steps: [RequirementStep], numbers: [NumberRules] = [],
        change: (inout QueueRules) -> Void = { _ in }
    ) -> VirtualFloor {
        var skills: [AgentID: AgentSkills] = [:]
        for agent in french { skills[agent] = Self.french }
        var configuration = OneQueue.configuration(.linear, skills: skills) {
            $0.require = steps
            change(&$0)
        }
        configuration.numbers += numbers
        return OneQueue.floor(configuration)
    }

    /// A talk of that many seconds with a, which is the mean from then on.
    private func talk(_ seconds: Int, _ floor: inout VirtualFloor) throws {
        let caller = floor.call("1")
        try #require(floor.answer(at: "a") != nil)
        floor.advance(seconds: seconds)
        floor.hangUp(caller)
    }

    private func counts(_ floor: VirtualFloor) -> [DiversionCause: Int] {
        var counts: [DiversionCause: Int] = [:]
        for entry in floor.center.queues["q"]?.figures.diverted ?? [] where entry.count > 0 {
            counts[entry.cause] = entry.count
        }
        return counts
    }

    // MARK: A reload that asks for less

    @Test(
        "a reload that takes levels, steps or preferred agents away leaves nobody waiting for them",
        arguments: ["levels", "steps", "preferred"])
    func takenAway(_ what: String) throws {
        var before = OneQueue.configuration(.linear) { queue in
            switch what {
            case "levels":
                queue.members[1].level = 2
                queue.members[2].level = 2
                queue.levelOpenings = [LevelOpening(level: 2, afterSeconds: 3600)]
            case "steps":
                queue.require = [
                    RequirementStep(.agent("a")), RequirementStep(.agent("a"), afterSeconds: 5),
                    RequirementStep(.anybody, afterSeconds: 3600),
                ]
            default: queue.preference = PreferenceRules(agents: [.init(agent: "a")], waitSeconds: 3600)
            }
        }
        var floor = OneQueue.floor(before)
        floor.set(.aux(reason: "break"), for: "a")
        let caller = floor.call("1")
        floor.advance(seconds: 10)
        #expect(floor.ringingAgents.isEmpty)
        before.version = "2"
        before.queues[0].require = []
        before.queues[0].levelOpenings = []
        before.queues[0].preference = nil
        floor.apply(before)
        #expect(floor.ringingAgents == ["b"])
        let entry = try #require(floor.contact(of: caller)?.entry)
        #expect(entry.step == 0 && entry.levelMax == nil && entry.preferred == nil && entry.relaxAt == .distantFuture)
    }

    // MARK: Who is served at once

    @Test("only those count as free who could have this contact: what others have waited for before makes no difference")
    func freeForThisOne() throws {
        var floor = floor(
            french: ["a"], [RequirementStep(Self.speaksFrench), RequirementStep(.anybody, afterSeconds: 30)]
        ) { $0.limits.waitingPerAgentMax = 0.4 }
        // One caller gets as far as the second step, for which b and c count.
        for agent in ["a", "b", "c"] as [AgentID] { floor.set(.aux(reason: "break"), for: agent) }
        let first = floor.call("1")
        floor.advance(seconds: 30)
        floor.hangUp(first)
        for agent in ["b", "c"] as [AgentID] { floor.set(.available, for: agent) }
        let restored = try JSONDecoder().decode(Center.self, from: JSONEncoder().encode(floor.center))
        // Three are signed in: one may wait for them, two are more than 0.4 for each. Nobody who is free speaks French.
        floor.call("1")
        #expect(counts(floor).isEmpty)
        floor.call("1")
        #expect(counts(floor) == [.waitRatio: 1])
        var other = VirtualFloor(center: restored, startingAt: floor.now)
        other.call("1")
        other.call("1")
        #expect(counts(other) == [.waitRatio: 1])
        // With a everybody is served at once.
        floor.set(.available, for: "a")
        floor.answer(at: "a")
        floor.submit(.hangUpRequested("a"))
        floor.call("1")
        #expect(counts(floor) == [.waitRatio: 1])
    }

    // MARK: The expected wait

    private static func sooner(_ seconds: Int) -> [RequirementStep] {
        [RequirementStep(speaksFrench), RequirementStep(.anybody, when: .expectedWaitOver(seconds: seconds))]
    }

    @Test("a longer mean of the talks makes the expected wait longer for those who wait already")
    func meanChanges() throws {
        var floor = floor(french: ["a", "b"], Self.sooner(90))
        try talk(100, &floor)
        let talking = floor.call("1")
        floor.answer(at: "a")
        floor.call("1")
        floor.answer(at: "b")
        // Three are available, 100 s each: 33 s for the first, 67 s for the second.
        floor.call("1")
        let second = floor.call("1")
        floor.advance(seconds: 850)
        #expect(floor.ringingAgents.isEmpty, "c speaks no French")
        floor.hangUp(talking)
        // 0.9 · 100 + 0.1 · 850 = 175 s, two thirds of it for each place: 58 s for the first, to whom a goes, and 117 s.
        #expect(floor.ringingAgents == ["a", "c"])
        #expect(floor.contact(of: second)?.entry?.step == 1)
    }

    @Test("who comes in front, or is put there, makes the wait longer for those behind")
    func orderChanges() throws {
        var line = NumberRules(number: "vip", flow: "flow")
        line.priorityClass = 1
        var floor = floor(french: ["a", "b"], Self.sooner(120), numbers: [line])
        try talk(100, &floor)
        floor.set(.aux(reason: "break"), for: "c")
        for agent in ["a", "b"] as [AgentID] {
            floor.call("1")
            floor.answer(at: agent)
        }
        // Two are available: 50 s for each place.
        let callers = [floor.call("1"), floor.call("1")]
        #expect(callers.map { floor.contact(of: $0)?.entry?.step } == [0, 0])
        let important = floor.call("vip")
        #expect(([important] + callers).map { floor.contact(of: $0)?.entry?.step } == [0, 0, 1])
        // Now the first of them goes to the end.
        let first = try #require(floor.contact(of: callers[0]))
        floor.submit(.priorityChanged(first.id, priorityClass: -1, boostSeconds: 0))
        #expect(callers.map { floor.contact(of: $0)?.entry?.step } == [1, 1])
    }

    // MARK: Who is staffed

    @Test("how many are staffed is counted for each value of an attribute, and follows who signs in and out")
    func staffedForValue() throws {
        let graded: [AgentID: AgentSkills] = [
            "a": AgentSkills(tags: ["gold"]), "b": AgentSkills(tags: ["iron"]), "c": AgentSkills(),
        ]
        var configuration = OneQueue.configuration(.linear, skills: graded) {
            $0.require = [RequirementStep(.tag("$team")), RequirementStep(.anybody, when: .staffedUnder(1))]
        }
        configuration.flows = ["gold", "iron"].map { team in
            Flow(
                id: FlowID(team), start: "set",
                nodes: [
                    Node(id: "set", action: .set(SetAttribute(attribute: "team", value: team, next: "queue"))),
                    Node(id: "queue", action: .queue(EnterQueue(queue: "q"))),
                ])
        }
        configuration.numbers = ["gold", "iron"].map { NumberRules(number: $0, flow: FlowID($0)) }
        var floor = OneQueue.floor(configuration)
        for agent in ["a", "b"] as [AgentID] { floor.set(.aux(reason: "break"), for: agent) }
        let gold = floor.call("gold"), iron = floor.call("iron")
        #expect(floor.ringingAgents.isEmpty, "a and b are staffed and pause")
        floor.set(.offline, for: "b")
        #expect([gold, iron].map { floor.contact(of: $0)?.entry?.step } == [0, 1])
        #expect(floor.ringingAgents == ["c"])
        floor.set(.aux(reason: "break"), for: "b")
        let later = floor.call("iron")
        #expect(floor.contact(of: later)?.entry?.step == 0, "b is there again")
    }

    @Test("forty who wait, each for a value of its own, leave no more than a few pools behind")
    func values() {
        var configuration = OneQueue.configuration(agents: ["a"], .linear) {
            $0.require = [RequirementStep(.tag("$call"))]
        }
        configuration.flows = (0..<40).map { number in
            Flow(
                id: FlowID("\(number)"), start: "set",
                nodes: [
                    Node(id: "set", action: .set(SetAttribute(attribute: "call", value: "\(number)", next: "queue"))),
                    Node(id: "queue", action: .queue(EnterQueue(queue: "q"))),
                ])
        }
        configuration.numbers = (0..<40).map { NumberRules(number: "\($0)", flow: FlowID("\($0)")) }
        var floor = OneQueue.floor(configuration)
        let callers = (0..<40).map { floor.call("\($0)") }
        #expect(floor.center.index.pools.count == 41, "one for each, and the one of those without a value")
        for caller in callers { floor.hangUp(caller) }
        #expect(floor.center.index.pools.count == 5)
    }

    // MARK: By expected wait, quickly

    @Test("the first place that waits too long is the one that a walk over all places finds")
    func firstPosition() {
        for (rate, abandons) in [(0.03, 0.0), (0.03, 0.01), (1.7, 0.002), (0, 1)] {
            for seconds in [0.0, 20, 90, 1000] {
                let walked = (1...60).first {
                    ExpectedWait.isOver(seconds, ahead: Double($0 - 1), serviceRate: rate, abandonRate: abandons)
                }
                let found = ExpectedWait.firstPosition(
                    waitingOver: seconds, of: 60, serviceRate: rate, abandonRate: abandons)
                #expect(found == walked, "\(rate) \(abandons) \(seconds)")
            }
        }
    }
}
