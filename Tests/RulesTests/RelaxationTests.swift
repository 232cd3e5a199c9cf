// What is asked of agents becomes less with time: steps of skills, levels, preferred agents.

import ACD
import Basics
import ContactCenter
import IVR
import Simulation
import Testing

struct RelaxationTests {
    private static func french(_ grade: Int) -> AgentSkills { AgentSkills(grades: [.init(skill: "french", grade: grade)]) }

    /// a speaks perfect French, b some, c none.
    private func languages(_ steps: [RequirementStep], version: String = "1", c: Int = 0) -> CenterConfiguration {
        OneQueue.configuration(
            .linear, skills: ["a": Self.french(5), "b": Self.french(2), "c": Self.french(c)], version: version
        ) { $0.require = steps }
    }

    private static let steps = [
        RequirementStep(.skill("french", .atLeast, 4)), RequirementStep(.skill("french", .atLeast, 2), afterSeconds: 30),
        RequirementStep(.anybody, afterSeconds: 60),
    ]

    @Test("a requirement relaxes at its deadlines, to the second and without being woken in between")
    func byTime() throws {
        var floor = OneQueue.floor(languages(Self.steps))
        floor.set(.aux(reason: "break"), for: "a")
        floor.set(.aux(reason: "break"), for: "b")
        let caller = floor.call("1")
        let began = floor.now
        #expect(floor.ringingAgents.isEmpty, "c is free and speaks no French")
        #expect(floor.center.nextDeadline == began + .seconds(30))
        floor.advance(seconds: 30)
        #expect(floor.ringingAgents.isEmpty)
        #expect(floor.center.nextDeadline == began + .seconds(60))
        floor.set(.available, for: "b")
        #expect(floor.ringingAgents == ["b"])
        floor.set(.aux(reason: "break"), for: "b")
        floor.advance(seconds: 30)
        #expect(floor.ringingAgents == ["c"])
        let relaxed = floor.happenings(of: caller).filter { if case .relaxed = $0 { true } else { false } }
        #expect(relaxed == [.relaxed("q", step: 1, levelMax: nil), .relaxed("q", step: 2, levelMax: nil)])
    }

    @Test("the dry run counts who is staffed and who is free for each step")
    func dryRun() {
        var floor = OneQueue.floor(languages(Self.steps))
        floor.set(.aux(reason: "break"), for: "b")
        floor.set(.offline, for: "c")
        let staffing = floor.center.staffing(of: "q")
        #expect(staffing.map(\.members) == [1, 2, 3])
        #expect(staffing.map(\.staffed) == [1, 2, 2])
        #expect(staffing.map(\.free) == [1, 1, 1])
    }

    @Test("a step with a condition comes as soon as too few are staffed for the one before, and not earlier")
    func staffedCondition() {
        var floor = OneQueue.floor(
            languages([
                RequirementStep(.skill("french", .atLeast, 4)), RequirementStep(.anybody, when: .staffedUnder(1)),
            ]))
        floor.set(.aux(reason: "break"), for: "a")
        floor.call("1")
        floor.advance(seconds: 3600)
        #expect(floor.ringingAgents.isEmpty, "a is staffed and only pauses")
        floor.set(.offline, for: "a")
        #expect(floor.ringingAgents == ["b"])
    }

    @Test("a step with an expected wait comes for those who would wait longer")
    func expectedWait() throws {
        var floor = OneQueue.floor(
            languages([
                RequirementStep(.skill("french", .atLeast, 4)), RequirementStep(.anybody, when: .expectedWaitOver(seconds: 90)),
            ]))
        // One talk of 100 s: that is the mean from now on; three available agents serve the queue.
        let first = floor.call("1")
        try #require(floor.answer(at: "a") != nil)
        floor.advance(seconds: 100)
        floor.hangUp(first)
        for agent in ["b", "c"] as [AgentID] { floor.set(.aux(reason: "break"), for: agent) }
        floor.call("1")
        #expect(floor.ringingAgents == ["a"])
        // Behind the one who rings: 2 / (1 / 100 s) = 200 s with one available agent, more than 90.
        floor.call("1")
        floor.set(.available, for: "c")
        #expect(floor.ringingAgents == ["a", "c"])
    }

    @Test("a new configuration of skills and steps acts at once on those who wait")
    func reload() {
        var floor = OneQueue.floor(languages([RequirementStep(.skill("french", .atLeast, 4))]))
        floor.set(.aux(reason: "break"), for: "a")
        floor.call("1")
        #expect(floor.ringingAgents.isEmpty)
        floor.apply(languages([RequirementStep(.skill("french", .atLeast, 4))], version: "2", c: 4))
        #expect(floor.ringingAgents == ["c"])
    }

    @Test("an attribute of the contact stands for the skill that it names")
    func attribute() {
        let graded: [AgentID: AgentSkills] = [
            "a": Self.french(5), "b": AgentSkills(grades: [.init(skill: "german", grade: 5)]),
        ]
        var configuration = OneQueue.configuration(.linear, skills: graded) {
            $0.require = [RequirementStep(.skill("$language", .atLeast, 3))]
        }
        configuration.flows = [
            .init(
                id: "flow", start: "set",
                nodes: [
                    .init(id: "set", action: .set(.init(attribute: "language", value: "german", next: "queue"))),
                    .init(id: "queue", action: .queue(.init(queue: "q"))),
                ])
        ]
        var floor = OneQueue.floor(configuration)
        floor.call("1")
        #expect(floor.ringingAgents == ["b"])
    }

    // MARK: Levels

    @Test("levels open after their time, and at once when nobody before them is signed in")
    func levels() {
        let configuration = OneQueue.configuration(.linear) { queue in
            queue.members[1].level = 2
            queue.members[2].level = 3
            queue.levelOpenings = [LevelOpening(level: 2, afterSeconds: 20), LevelOpening(level: 3, afterSeconds: 40)]
        }
        var floor = OneQueue.floor(configuration)
        floor.set(.aux(reason: "break"), for: "a")
        let caller = floor.call("1")
        #expect(floor.ringingAgents.isEmpty)
        floor.set(.aux(reason: "break"), for: "b")
        floor.advance(seconds: 20)
        #expect(floor.ringingAgents.isEmpty)
        floor.advance(seconds: 20)
        #expect(floor.ringingAgents == ["c"])
        floor.hangUp(caller)

        floor.set(.offline, for: "a")
        floor.set(.available, for: "b")
        floor.call("1")
        #expect(floor.ringingAgents == ["b"], "nobody of level 1 is there to be waited for")

        var strict = configuration
        strict.version = "2"
        strict.queues[0].opensEmptyLevels = false
        floor = OneQueue.floor(strict, signedIn: ["b"])
        floor.call("1")
        #expect(floor.ringingAgents.isEmpty)
        floor.advance(seconds: 20)
        #expect(floor.ringingAgents == ["b"])
    }

    // MARK: Preferred agents

    @Test("preferred agents are asked by weight, waited for in their time, and then everybody is asked")
    func preferred() {
        let configuration = OneQueue.configuration(.linear) { queue in
            queue.preference = PreferenceRules(
                agents: [.init(agent: "b", weight: 1), .init(agent: "c", weight: 5)], waitSeconds: 30)
        }
        var floor = OneQueue.floor(configuration)
        let first = floor.call("1")
        #expect(floor.ringingAgents == ["c"], "the heavier one")
        #expect(floor.why(first)?.winner.weight == 5)
        floor.call("1")
        #expect(floor.ringingAgents == ["b", "c"])
        let third = floor.call("1")
        #expect(floor.ringingAgents == ["b", "c"], "a is free and has to wait")
        floor.advance(seconds: 10)
        #expect(floor.contact(of: third)?.entry?.preferred != nil)
        floor.answer(at: "b")
        floor.answer(at: "c")
        floor.advance(seconds: 20)
        #expect(floor.ringingAgents == ["a"])
    }

    @Test("nobody waits for preferred agents of whom none is signed in, nor for those who leave")
    func preferredGone() {
        let configuration = OneQueue.configuration(.linear) { queue in
            queue.preference = PreferenceRules(agents: [.init(agent: "c")], waitSeconds: 300)
        }
        var floor = OneQueue.floor(configuration, signedIn: ["a"])
        floor.call("1")
        #expect(floor.ringingAgents == ["a"])
        floor = OneQueue.floor(configuration)
        floor.set(.aux(reason: "break"), for: "c")
        floor.call("1")
        #expect(floor.ringingAgents.isEmpty)
        floor.set(.offline, for: "c")
        #expect(floor.ringingAgents == ["a"])
    }

    @Test("a caller who was handed on waits for nobody who had the call already, by name or as the last one")
    func handedOn() throws {
        for preference in [
            PreferenceRules(lastAgent: .init(withinSeconds: 3600, waitSeconds: 15)),
            PreferenceRules(agents: [.init(agent: "a")], waitSeconds: 15),
        ] {
            var floor = OneQueue.floor(OneQueue.configuration(.linear) { $0.preference = preference })
            let caller = floor.call("1")
            try #require(floor.answer(at: "a") != nil)
            floor.submit(.transferRequested("a", .queue("q")))
            #expect(floor.ringingAgents == ["b"])
            #expect(floor.contact(of: caller)?.entry?.preferred == nil)
        }
    }

    @Test("who withholds the number is nobody who has called before")
    func unknownCaller() throws {
        let configuration = OneQueue.configuration(.linear) { queue in
            queue.preference = PreferenceRules(lastAgent: .init(withinSeconds: 3600, waitSeconds: 15))
        }
        var floor = OneQueue.floor(configuration)
        floor.set(.aux(reason: "break"), for: "a")
        let first = floor.call("1", from: .unknown)
        try #require(floor.answer(at: "b") != nil)
        floor.hangUp(first)
        floor.set(.available, for: "a")
        floor.call("1", from: .unknown)
        #expect(floor.ringingAgents == ["a"])
    }

    @Test("the last agent of a caller is waited for, unless the talk is too long ago")
    func lastAgent() throws {
        let configuration = OneQueue.configuration(.linear) { queue in
            queue.preference = PreferenceRules(lastAgent: .init(withinSeconds: 3600, waitSeconds: 15))
        }
        var floor = OneQueue.floor(configuration)
        floor.set(.aux(reason: "break"), for: "a")
        let first = floor.call("1")
        try #require(floor.answer(at: "b") != nil)
        floor.advance(seconds: 10)
        floor.hangUp(first)
        floor.set(.available, for: "a")
        let second = floor.call("1")
        #expect(floor.ringingAgents == ["b"], "a would be first in line")
        floor.hangUp(second)
        floor.set(.aux(reason: "break"), for: "b")
        let third = floor.call("1")
        #expect(floor.ringingAgents.isEmpty)
        floor.advance(seconds: 15)
        #expect(floor.ringingAgents == ["a"])
        floor.hangUp(third)
        floor.set(.available, for: "b")
        floor.advance(seconds: 3600)
        floor.call("1")
        #expect(floor.ringingAgents == ["a"])
    }
}
