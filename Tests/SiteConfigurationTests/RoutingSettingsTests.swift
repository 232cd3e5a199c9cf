// Skills, strategies, steps and priorities: what is written becomes what the router compares, and mistakes are named.

import ACD
import Basics
import ContactCenter
import IVR
import Testing

@testable import SiteConfiguration

@Suite struct RoutingSettingsTests {
    private static let agents = """
        agents:
          anna:
            skills: {french: 5, billing: 2}
            tags: [senior]
            devices: {anna-desk: {ha1: file:a}}
          ben:
            skills: {french: 2}
            devices: {ben-desk: {ha1: file:b}}

        """
    private static let skills = """
        skills: {french: French, billing: Billing}
        expressions: {fluent: skill(french) >= 4, both: "@fluent and skill(billing)"}

        """

    private func load(_ queue: String, _ more: [String: String?] = [:]) throws -> LoadedConfiguration {
        let files: [String: String?] = [
            "agents.yaml": Self.agents, "skills.yaml": Self.skills,
            "queues.yaml": "queues:\n  sales:\n    members: [anna, ben]\n\(queue)",
        ]
        return try ConfigurationFolder(files.merging(more) { $1 }).load()
    }

    private func compiled(_ queue: String) throws -> QueueRules {
        let loaded = try load(queue)
        #expect(loaded.findings.filter { $0.severity == .error }.map(\.description) == [])
        return try #require(loaded.configuration.compile(now: Instant(seconds: 1_795_000_000)).queues.first)
    }

    @Test("each strategy stands for its keys and its way of ringing", arguments: Strategy.allCases)
    func strategies(_ strategy: Strategy) throws {
        let rules = try compiled("    strategy: \(strategy.rawValue)\n    ring_every_seconds: 7\n")
        #expect(rules.keys == strategy.keys)
        switch strategy {
        case .ringAll: #expect(rules.ring == .all)
        case .ringProgressively: #expect(rules.ring == .progressively(everySeconds: 7))
        default: #expect(rules.ring == .one)
        }
    }

    @Test("a queue that says nothing new is compiled as before, to the letter of its version")
    func nothingNew() throws {
        let rules = try compiled("")
        #expect(rules.keys == [.level, .longestIdle] && rules.ring == .one && rules.require.isEmpty)
        #expect(rules == QueueRules(id: "sales", members: [.init(agent: "anna"), .init(agent: "ben")]))
    }

    @Test("steps, levels, preferences and limits arrive as the router needs them")
    func everything() throws {
        let rules = try compiled(
            """
                require:
                  - "@both"
                  - {expression: skill(french), after_seconds: 30, staffed_under: 2}
                  - {expression: any, expected_wait_over: 300}
                open_levels: [{level: 2, after_seconds: 20}]
                open_empty_levels: false
                prefer: [{agent: ben, weight: 5}, anna]
                prefer_seconds: 15
                last_agent: {wait_seconds: 9}
                hours: office
                waiting_per_agent_max: 2.5
                expected_wait_seconds_max: 600
                exit_keys: ["1", "*"]

            """)
        #expect(
            rules.require == [
                RequirementStep(.all([.skill("french", .atLeast, 4), .skill("billing", .atLeast, 1)])),
                RequirementStep(.skill("french", .atLeast, 1), afterSeconds: 30, when: .staffedUnder(2)),
                RequirementStep(.anybody, when: .expectedWaitOver(seconds: 300)),
            ])
        #expect(rules.levelOpenings == [LevelOpening(level: 2, afterSeconds: 20)] && !rules.opensEmptyLevels)
        #expect(
            rules.preference
                == PreferenceRules(
                    agents: [.init(agent: "ben", weight: 5), .init(agent: "anna")], waitSeconds: 15,
                    lastAgent: .init(withinSeconds: 86_400, waitSeconds: 9)))
        #expect(
            rules.limits
                == QueueLimits(
                    hours: "office", waitingPerAgentMax: 2.5, expectedWaitSecondsMax: 600, exitKeys: ["1", "*"]))
    }

    @Test("agents, numbers and attributes bring their skills and priorities")
    func others() throws {
        let number =
            "numbers:\n  \"100\": {flow: main, priority_class: 3, boost_seconds: 40, fallback_now: true, "
            + "fallback: {trunk: carrier, number: \"1\"}}\n"
        let loaded = try load(
            "",
            [
                "numbers.yaml": number,
                "routing.yaml": "priorities:\n  - {attribute: tier, value: gold, priority_class: 1, boost_seconds: 5}\n",
            ])
        #expect(loaded.findings.map(\.description) == [])
        let center = loaded.configuration.compile(now: Instant(seconds: 1_795_000_000))
        #expect(center.agents.first?.skills.grade(of: "french") == 5 && center.agents.first?.skills.tags == ["senior"])
        let rules = try #require(center.numbers.first)
        #expect(rules.priorityClass == 3 && rules.boostSeconds == 40 && rules.isFallbackForced)
        #expect(center.priorities == [PriorityRule(attribute: "tier", value: "gold", priorityClass: 1, boostSeconds: 5)])
    }

    @Test(
        "mistakes have a name and a mend",
        arguments: [
            ("    require: [skill(germn)]\n", "unknown skill `germn`"),
            ("    require: [\"skill(french) >= NaN\"]\n", "`NaN` at character 18 is no grade from 0 to 100"),
            ("    require: [agent(carla)]\n", "unknown agent `carla`"),
            ("    require: [skill(billing) >= 90]\n", "nobody in queue `sales` can meet this step"),
            ("    require: [\"@lost\"]\n", "there is no expression `lost`"),
            ("    require: [any, any]\n", "a later step of `require` never comes"),
            ("    require: [{expression: any, after_seconds: 5}]\n", "the first step of `require` holds from the beginning"),
            (
                "    require: [any, {expression: any, after_seconds: 9}, {expression: any, after_seconds: 9}]\n",
                "a step of `require` comes after 9 s, and the one before after 9 s"
            ),
            ("    members: [{agent: anna, weight: 0}]\n", "`weight` is 0, out of range"),
            ("    members: [{agent: anna, weight: -3}]\n", "`weight` is -3, out of range"),
            ("    waiting_per_agent_max: .nan\n", "`waiting_per_agent_max` is `.nan`"),
            ("    waiting_per_agent_max: nan\n", "`waiting_per_agent_max` is `nan`"),
            ("    waiting_per_agent_max: 1e99\n", "`waiting_per_agent_max` is 1e99, out of range"),
            ("    strategy: linear\n    keys: [fewest-calls]\n", "queue `sales` has both a strategy and keys"),
            ("    strategy: longest-idle\n    keys: [fewest-calls]\n", "queue `sales` has both a strategy and keys"),
            ("    strategy: linear\n    keys: [level, order]\n", "queue `sales` has both a strategy and keys"),
            ("    prefer: [{agent: anna, level: 2}]\n", "unknown key `level`"),
            ("    keys: [order, longest-idle]\n", "nothing behind `order` is ever compared"),
            ("    strategy: best-skills\n", "`best-skills` compares the skills of `require`, and there is none"),
            ("    prefer: [carla]\n", "unknown agent `carla`"),
            (
                "    open_levels: [{level: 2, after_seconds: 20}, {level: 3, after_seconds: 20}]\n",
                "level 3 of queue `sales` does not open later than level 2"
            ),
            ("    hours: ofice\n", "unknown opening hours `ofice`"), ("    exit_keys: [x]\n", "`0` is `x`"),
        ])
    func mistakes(queue: String, expected: String) throws {
        // Members given twice replace the ones of the sound queue.
        let text = queue.contains("members:") ? "queues:\n  sales:\n\(queue)" : nil
        let loaded = try load(queue, text.map { ["queues.yaml": $0] } ?? [:])
        let found = loaded.findings.map(\.description)
        #expect(found.contains { $0.contains(expected) && $0.contains("; ") }, "\(found)")
    }

    @Test("the dry run says of each step how many members meet it, and of one that depends on the contact that it does")
    func dryRun() throws {
        let steps = "    require: [\"@both\", {expression: \"skill($language)\", after_seconds: 5}, "
        let loaded = try load(steps + "{expression: any, after_seconds: 30}]\n")
        #expect(loaded.findings.map(\.description) == [])
        let queue = try #require(loaded.configuration.compile(now: Instant(seconds: 1_795_000_000)).queues.first)
        let both = try #require(queue.require.first).requirement
        let members = loaded.configuration.agents.count { both.isMet(by: $0.id, with: $0.skills) }
        #expect(
            loaded.configuration.dryRun(now: Instant(seconds: 1_795_000_000)) == [
                "queue `sales`, step 1 (@both): \(members) of \(queue.members.count) members",
                "queue `sales`, step 2 (skill($language) after 5 s): depends on the contact",
                "queue `sales`, step 3 (any after 30 s): \(queue.members.count) of \(queue.members.count) members",
            ])
    }

    @Test("expressions that go round in a circle are named, whether anybody uses them or not")
    func cycle() throws {
        let loaded = try load(
            "", ["skills.yaml": "skills: {french: French, billing: B}\nexpressions: {a: \"@b\", b: not @a}\n"])
        let found = loaded.findings.filter { $0.severity == .error }.map(\.description)
        #expect(found.contains { $0.contains("a → b → a") && $0.contains("without the others") }, "\(found)")
    }

    @Test("a split leads to two steps that must exist, and keeps its brake unless it is taken off")
    func split() throws {
        func flow(_ more: String, trial: String = "sales") -> String {
            "start: try\nnodes:\n  try:\n    do: split\n    percent: 10\n    trial: \(trial)\n    usual: sales\n\(more)"
                + "  sales: {do: queue, queue: sales}\n"
        }
        let braked = try load("", ["flows/main.yaml": flow("")])
        #expect(braked.findings.map(\.description) == [])
        let off = try load("", ["flows/main.yaml": flow("    brake: false\n")])
        for (loaded, brake) in [(braked, true), (off, false)] {
            guard case .split(let split)? = loaded.configuration.flows.first?.nodes.first?.action else {
                Issue.record("no split")
                return
            }
            #expect(split.percent == 10 && (split.brake != nil) == brake)
        }
        let staged = try load(
            "", ["flows/main.yaml": flow("    stages: [{percent: 25, after_calls: 9}, {percent: 100, after_seconds: 60}]\n")])
        guard case .split(let split)? = staged.configuration.flows.first?.nodes.first?.action else {
            Issue.record("no split")
            return
        }
        #expect(split.stages == [.init(percent: 25, afterCalls: 9), .init(percent: 100, afterSeconds: 60)])
        let shrinking = try load("", ["flows/main.yaml": flow("    stages: [{percent: 25}, {percent: 25}]\n")])
        #expect(shrinking.findings.filter { $0.severity == .error }.map(\.description).contains { $0.contains("stage 2") })
        let unbraked = try load("", ["flows/main.yaml": flow("    stages: [{percent: 25}]\n    brake: false\n")])
        #expect(!unbraked.hasErrors && unbraked.findings.contains { $0.description.contains("grows by itself") })
        let lost = try load("", ["flows/main.yaml": flow("", trial: "lost")])
        #expect(lost.hasErrors)
    }

    @Test("the counts of the agents are reset with a sign-in, or at a time of day")
    func countsReset() throws {
        for (text, second) in [("sign-in", nil), ("\"04:30\"", 16_200), ("\"00:00\"", 0)] as [(String, Int?)] {
            let loaded = try load("", ["routing.yaml": "counts_reset: \(text)\n"])
            #expect(loaded.findings.map(\.description) == [])
            #expect(loaded.configuration.compile(now: Instant(seconds: 1_795_000_000)).countsResetSecond == second)
        }
        #expect(try load("", ["routing.yaml": "counts_reset: \"24:00\"\n"]).hasErrors)
        #expect(try load("", ["routing.yaml": "counts_reset: noon\n"]).hasErrors)
    }
}
