// The small center in which the fuzzer's people live.

import ACD
import Basics
public import ContactCenter
import IVR

extension Fuzzer {
    /// Four variants of one small center, among which reloads switch: other rules, an agent and a queue less, other flows, and
    /// one in which nothing is asked of agents.
    public static func configuration(variant: Int) -> CenterConfiguration {
        let names = ["alice", "bob", "carol", "dave", "erin"].dropLast(variant == 2 ? 1 : 0)
        // Two with phones alone, one with both of which a reload may take the browser, the rest with nothing but a browser.
        let agents = names.enumerated().map { number, name in
            let skills = AgentSkills(
                grades: [.init(skill: "french", grade: 1 + (number + variant) % 4)], tags: number % 2 == 0 ? ["senior"] : [])
            let phones = [DeviceID(name + "-desk"), DeviceID(name + "-soft")]
            let agent = AgentID(name)
            let devices =
                switch name {
                case "alice", "dave": phones
                case "bob": variant == 2 ? phones : phones + [agent.browser]
                default: [agent.browser]
                }
            var rules = AgentRules(id: agent, devices: devices, skills: skills)
            rules.limits = limits(of: agent, variant: variant)
            return rules
        }
        func members(_ names: ArraySlice<AgentRules>) -> [QueueRules.Member] {
            names.enumerated().map { QueueRules.Member(agent: $0.element.id, level: 1 + $0.offset / 2) }
        }
        var queues = [
            QueueRules(id: "sales", members: members(agents[0..<3]), offerSeconds: 10, wrapUpSeconds: 5, waitSecondsMax: 90),
            QueueRules(
                id: "support", members: members(agents[1...]), keys: [.level, .fewestCalls], weight: variant, offerSeconds: 15,
                wrapUpSeconds: variant == 1 ? 0 : 20, waitingMax: 8, joinEmpty: variant != 1, leaveEmpty: true,
                announceEverySeconds: 20, recording: QueueRules.Recording(announcement: "This call is recorded."),
                isDispositionRequired: true, isWrapUpExtendable: variant == 0),
        ]
        if variant != 1 {
            queues.append(QueueRules(id: "vip", members: members(agents[0..<2]), weight: 5, announceEverySeconds: nil))
        }
        for index in queues.indices {
            enrich(&queues[index], variant)
            queues[index].kinds = kinds(of: queues[index].id, variant: variant)
        }
        var configuration = CenterConfiguration(
            version: "variant-\(variant)", queues: queues, agents: agents, flows: [menu(variant), direct, outside, toVIP],
            numbers: [
                NumberRules(number: "100", flow: "main", fallback: .init(trunk: "carrier", number: "555")),
                NumberRules(
                    number: "200", flow: "direct", recording: QueueRules.Recording(announcement: "This call is recorded.")),
                NumberRules(number: "300", flow: "outside"), NumberRules(number: "400", flow: "vip"),
            ], hours: [office], lostGraceSeconds: variant == 2 ? 5 : 60,
            dispositions: [Disposition(code: "sold", label: "Sold"), Disposition(code: "other", label: "Something else")])
        configuration.kinds = kinds(variant: variant)
        if variant != 3 {
            configuration.outside = [
                OutsideRules(trunk: "carrier", allowed: ["+49"], callsMax: 2, minutesMax: 1 + variant)
            ]
        }
        configuration.secureForms = [SecureForm(name: "card", secondsMax: 60)]
        // At the sign-in, or within the minutes of a random life.
        configuration.countsResetSecond = variant == 0 ? nil : 200 * variant
        if variant % 2 == 1 {
            configuration.priorities = [
                PriorityRule(attribute: "team", value: "gold", priorityClass: variant, boostSeconds: 20 * variant)
            ]
        }
        return configuration
    }

    /// Each variant has another strategy, ring mode and way to relax in each queue, so that reloads change them under callers.
    private static func enrich(_ queue: inout QueueRules, _ variant: Int) {
        let strategies: [Strategy]
        switch queue.id {
        case "sales":
            queue.limits.exitKeys = ["9"]
            queue.limits.waitingPerAgentMax = variant == 2 ? 2.5 : nil
            strategies = [.longestIdle, .ringAll, .roundRobin, .leastRecent]
            queue.ring = variant == 2 ? .one : .all
            queue.preference = PreferenceRules(
                agents: variant == 0 ? [] : [.init(agent: "bob", weight: 2), .init(agent: "carol")], waitSeconds: 15,
                lastAgent: .init(withinSeconds: 3600, waitSeconds: 20))
        case "support":
            queue.limits.expectedWaitSecondsMax = variant == 0 ? 60 : nil
            strategies = [.fewestCalls, .weightedRandom, .ringProgressively, .fewestCallsOfQueue]
            queue.ring = variant == 2 ? .progressively(everySeconds: 4) : .one
            queue.require = [
                RequirementStep(.all([.skill("french", .atLeast, 3), .not(.tag("$team"))])),
                RequirementStep(.skill("french", .atLeast, 2), afterSeconds: 10),
                RequirementStep(.any([.tag("senior"), .agent("dave")]), afterSeconds: 40, when: .staffedUnder(2)),
                RequirementStep(.anybody, afterSeconds: 60, when: .expectedWaitOver(seconds: 30)),
            ]
        default:
            queue.limits.hours = variant == 2 ? "office" : nil
            strategies = [.bestSkills, .lastOffered, .leastTalkTime]
            queue.levelOpenings = [LevelOpening(level: 2, afterSeconds: 12), LevelOpening(level: 3, afterSeconds: 25)]
            queue.opensEmptyLevels = variant == 0
            queue.ring = variant == 2 ? .all : .one
        }
        // Each mode somewhere, and under running wrap-ups another one.
        let modes: [WrapUpMode] = [.timed, .untilDone, .optional, .optionalTimed]
        if queue.id == "support" { queue.wrapUpMode = modes[variant] }
        if queue.id == "vip", variant == 3 { queue.wrapUpMode = .none }
        queue.wrapUpSecondsMax = 60
        queue.keys = strategies[variant % strategies.count].keys
        queue.callback = callback(of: queue.id, variant)
        guard variant == 3 else { return }
        queue.require = []
        queue.levelOpenings = []
        queue.preference = nil
    }

    /// Both modes, hours, terms that change with a reload, and one that is taken away by it.
    private static func callback(of queue: QueueID, _ variant: Int) -> CallbackRules? {
        switch queue {
        case "sales":
            CallbackRules(
                trunk: "carrier", key: "1", offerAfterSeconds: 5, mode: variant == 2 ? .agentFirst : .customerFirst,
                leadSeconds: variant == 1 ? 5 : 60, attemptsMax: 2, spacingSeconds: 20, ringSeconds: 15,
                giveUpSeconds: variant == 0 ? 45 : 600, confirmKey: variant == 3 ? nil : "1")
        case "support":
            CallbackRules(
                trunk: "carrier", key: "2", mode: variant == 0 ? .agentFirst : .customerFirst, leadSeconds: 30,
                spacingSeconds: 10, ringSeconds: 20, hours: "office", giveUpSeconds: 7200,
                confirmKey: variant == 0 ? "2" : nil)
        default:
            variant == 2
                ? nil
                : CallbackRules(
                    trunk: "carrier", key: "3", offerWhenExpectedWaitOver: 30, mode: .agentFirst, attemptsMax: 1,
                    spacingSeconds: 5, ringSeconds: 10, giveUpSeconds: 300)
        }
    }

    /// Open every second hour, so that minutes of a random life see both.
    private static let office = OpeningHours(
        id: "office",
        week: Array(
            repeating: (0..<12).map { OpeningHours.Span(start: $0 * 7200, end: $0 * 7200 + 3600) }, count: 7))

    private static func menu(_ variant: Int) -> Flow {
        Flow(
            id: "main", start: "welcome",
            nodes: [
                Node(id: "welcome", action: .play(Play(prompts: [.text("Welcome.")], next: "menu"))),
                Node(
                    id: "menu",
                    action: .menu(
                        Menu(
                            prompt: .text("Sales 1, support 2, number 3, message 9."),
                            choices: [
                                .init(key: "1", next: "try"), .init(key: "2", next: "support"),
                                .init(key: "#", next: "call-me"),
                                .init(key: "3", next: "digits"), .init(key: "4", next: "opening-hours"),
                                .init(key: "9", next: "message"),
                                .init(key: "0", next: "sales", isOptOut: true),
                            ], timeoutMilliseconds: 4000 + variant * 1000, otherwise: "sales"))),
                Node(
                    id: "opening-hours", action: .hours(CheckHours(hours: "office", open: "mark", closed: "which-team"))),
                Node(id: "mark", action: .set(SetAttribute(attribute: "team", value: "gold", next: "which-team"))),
                Node(
                    id: "which-team",
                    action: .branch(Branch(attribute: "team", cases: [.init(value: "gold", next: "vip")], otherwise: "sales"))),
                Node(
                    id: "try", action: .split(split(variant))),
                Node(id: "sales", action: .queue(EnterQueue(queue: "sales", boostSeconds: 30, otherwise: "support"))),
                Node(id: "support", action: .queue(EnterQueue(queue: "support", otherwise: "vip"))),
                Node(
                    id: "call-me",
                    action: .queue(EnterQueue(queue: "support", otherwise: "vip", asCallback: true))),
                Node(id: "vip", action: .queue(EnterQueue(queue: "vip", priorityClass: 2))),
                Node(
                    id: "digits",
                    action: .collect(
                        Collect(
                            prompt: .text("Your number, please."), attribute: "account", lengthMin: 4, lengthMax: 4,
                            next: "support", otherwise: "sales"))),
                Node(
                    id: "message",
                    action: .voicemail(Voicemail(prompt: .text("Speak."), mailbox: "sales", secondsMax: 30))),
            ])
    }

    /// With stages that a random life goes through, and without.
    private static func split(_ variant: Int) -> Split {
        Split(
            percent: 40, trial: "support", usual: "sales", brake: .init(callsMin: 20),
            stages: variant % 2 == 0
                ? []
                : [.init(percent: 60, afterSeconds: 60, afterCalls: 3), .init(percent: 100, afterSeconds: 300, afterCalls: 10)])
    }

    private static let direct = Flow(
        id: "direct", start: "queue",
        nodes: [Node(id: "queue", action: .queue(EnterQueue(queue: "support", priorityClass: 1)))])

    private static let toVIP = Flow(
        id: "vip", start: "queue", nodes: [Node(id: "queue", action: .queue(EnterQueue(queue: "vip")))])

    private static let outside = Flow(
        id: "outside", start: "transfer",
        nodes: [
            Node(
                id: "transfer",
                action: .transfer(Transfer(trunk: "carrier", number: "777", ringSeconds: 20, otherwise: "bye"))),
            Node(id: "bye", action: .hangUp(HangUp(prompt: .text("Goodbye.")))),
        ])
}
