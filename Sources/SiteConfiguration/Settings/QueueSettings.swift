// `queues.yaml`: where callers wait, and for whom.

public import ACD
public import Basics
internal import Yams

/// One queue.
public struct QueueSettings: Hashable, Sendable {
    public var rules: QueueRules
    public var record = false
    public var recordAnnouncement: String?
    /// Whether the page may accept an offer by itself, for agents who want that.
    public var autoAnswer = false
    /// What agents are compared by, unless `keys` says it itself.
    var strategy: Strategy {
        get { choice.strategy }
        set { choice = Choice(strategy: newValue, isWritten: true) }
    }
    /// nil: nothing is said of it.
    var saidStrategy: Strategy? { choice.isWritten ? choice.strategy : nil }
    private var choice = Choice()
    var keys: [SelectionKey]?
    /// The pause between two phones of ring-progressively.
    var ringEverySeconds = 10
    var require: [RequireSettings] = []
    var preferred: [PreferenceRules.Agent] = []
    var preferSeconds = 30
    var lastAgent: PreferenceRules.LastAgent?

    /// Whether it was written is for the checker alone: who writes the default changes nothing.
    private struct Choice: Hashable {
        var strategy = Strategy.longestIdle
        var isWritten = false

        static func == (a: Choice, b: Choice) -> Bool { a.strategy == b.strategy }
        func hash(into hasher: inout Hasher) { hasher.combine(strategy) }
    }

    public init(id: QueueID) { rules = QueueRules(id: id, members: []) }

    public var id: QueueID { rules.id }

    /// As the router needs it.
    func compiled(with dispositions: DispositionSettings, _ skills: SkillSettings) -> QueueRules {
        var rules = rules
        rules.keys = keys ?? strategy.keys
        switch strategy {
        case .ringAll: rules.ring = .all
        case .ringProgressively: rules.ring = .progressively(everySeconds: ringEverySeconds)
        case .linear, .roundRobin, .lastOffered, .longestIdle, .leastRecent, .fewestCalls, .fewestCallsOfQueue,
            .leastTalkTime, .random, .weightedRandom, .bestSkills:
            rules.ring = .one
        }
        rules.require = require.map { $0.compiled(with: skills) }
        if !preferred.isEmpty || lastAgent != nil {
            rules.preference = PreferenceRules(agents: preferred, waitSeconds: preferSeconds, lastAgent: lastAgent)
        }
        // Who is not open does not call either.
        let hours = rules.limits.hours
        if rules.callback?.hours == nil { rules.callback?.hours = hours }
        rules.isDispositionRequired = dispositions.required
        rules.isWrapUpExtendable = dispositions.extendable
        rules.recording = record ? recordAnnouncement.map { QueueRules.Recording(announcement: $0) } : nil
        return rules
    }
}

extension QueueSettings {
    static let secondsMax = 86_400

    static var schema: Schema<QueueSettings> {
        Schema(
            "a queue",
            selection + relaxation + limits + [
                Field("callback", \.rules.callback, .callback),
                Field("service_level_seconds", \.rules.serviceLevelSeconds, .integer(1...secondsMax)),
                Field("announce_every_seconds", \.rules.announceEverySeconds, .integer(0...3600, orNil: "never")),
                Field("music", \.rules.music, .promptFile),
                Field("auto_answer", \.autoAnswer, .flag),
                Field("record", \.record, .flag),
                Field("record_announcement", \.recordAnnouncement, .text()),
            ] as [Field<QueueSettings>])
    }

    private static var selection: [Field<QueueSettings>] {
        [
            Field("members", \.rules.members, .list(.member, countMax: 2000)),
            Field("kinds", \.rules.kinds, .list(.reference, countMax: WorkKind.kindsMax)),
            Field("strategy", \.strategy, .word),
            Field("keys", \.keys, .selectionKeys),
            Field("ring_every_seconds", \.ringEverySeconds, .integer(1...300)),
            Field("weight", \.rules.weight, .integer(-1000...1000)),
            Field("offer_seconds", \.rules.offerSeconds, .integer(5...300)),
            Field("wrap_up_seconds", \.rules.wrapUpSeconds, .integer(0...3600)),
            Field("wrap_up", \.rules.wrapUpMode, .word),
            Field("wrap_up_seconds_max", \.rules.wrapUpSecondsMax, .integer(60...28_800)),
            Field("misses_max", \.rules.missesMax, .integer(1...100)),
        ]
    }

    private static var relaxation: [Field<QueueSettings>] {
        [
            Field("require", \.require, .list(.requireStep, countMax: RequirementStep.stepsMax)),
            Field("open_levels", \.rules.levelOpenings, .list(.levelOpening, countMax: 20)),
            Field("open_empty_levels", \.rules.opensEmptyLevels, .flag),
            Field("prefer", \.preferred, .list(.preferredAgent, countMax: PreferenceRules.agentsMax)),
            Field("prefer_seconds", \.preferSeconds, .integer(1...secondsMax)),
            Field("last_agent", \.lastAgent, .lastAgent),
        ]
    }

    private static var limits: [Field<QueueSettings>] {
        [
            Field("waiting_max", \.rules.waitingMax, .integer(1...10_000, orNil: "unlimited")),
            Field("wait_seconds_max", \.rules.waitSecondsMax, .integer(1...secondsMax, orNil: "unlimited")),
            Field("hours", \.rules.limits.hours, .reference),
            Field(
                "waiting_per_agent_max", \.rules.limits.waitingPerAgentMax, .decimal(0.01...10_000, orNil: "unlimited")),
            Field(
                "expected_wait_seconds_max", \.rules.limits.expectedWaitSecondsMax,
                .integer(1...secondsMax, orNil: "unlimited")),
            Field("exit_keys", \.rules.limits.exitKeys, .list(.key, countMax: 12)),
            Field("join_empty", \.rules.joinEmpty, .flag),
            Field("leave_empty", \.rules.leaveEmpty, .flag),
        ]
    }
}

extension Value where T == QueueRules.Member {
    /// `anna`, or `{agent: anna, level: 2}`.
    static var member: Value {
        let schema = Schema<QueueRules.Member>(
            "a member",
            [
                Field("agent", \.agent, .reference, required: true), Field("level", \.level, .integer(1...100)),
                Field("weight", \.weight, .integer(1...QueueRules.memberWeightMax)),
            ])
        let name = Value<AgentID>.reference
        return Value(
            expected: "the name of an agent, or `{agent: NAME, level: 1}`",
            read: { node, path, reading in
                if case .mapping = node {
                    var member = QueueRules.Member(agent: "")
                    schema.read(node, at: path, into: &member, &reading)
                    return member
                }
                return name.read(node, path, &reading).map { QueueRules.Member(agent: $0) }
            },
            write: { member in
                let marks =
                    (member.level == 1 ? [] : ["level \(member.level)"])
                    + (member.weight == 1 ? [] : ["weight \(member.weight)"])
                return member.agent.rawValue + (marks.isEmpty ? "" : " (\(marks.joined(separator: ", ")))")
            },
            keys: { schema.fields.map(\.key) })
    }
}

extension Value where T == [SelectionKey] {
    /// The order in which agents are compared; the level is always first (definitions.md 3.1).
    static var selectionKeys: Value {
        Value<[SelectionKey]>.list(.word, countMax: SelectionKey.allCases.count).map(
            to: { keys in [.level] + keys.filter { $0 != .level } }, from: { $0 })
    }
}

extension Value where T == LevelOpening {
    static var levelOpening: Value {
        .section(
            Schema<LevelOpening>(
                "a level",
                [
                    Field("level", \.level, .integer(2...100), required: true),
                    Field("after_seconds", \.afterSeconds, .integer(1...QueueSettings.secondsMax), required: true),
                ]), initial: LevelOpening(level: 2, afterSeconds: 1))
    }
}

extension Value where T == PreferenceRules.Agent {
    /// `anna`, or `{agent: anna, weight: 5}`.
    static var preferredAgent: Value {
        let schema = Schema<PreferenceRules.Agent>(
            "a preferred agent",
            [
                Field("agent", \.agent, .reference, required: true),
                Field("weight", \.weight, .integer(1...QueueRules.memberWeightMax)),
            ])
        let name = Value<AgentID>.reference
        return Value(
            expected: "the name of an agent, or `{agent: NAME, weight: 1}`",
            read: { node, path, reading in
                if case .mapping = node {
                    var preferred = PreferenceRules.Agent(agent: "")
                    schema.read(node, at: path, into: &preferred, &reading)
                    return preferred
                }
                return name.read(node, path, &reading).map { PreferenceRules.Agent(agent: $0) }
            },
            write: { $0.agent.rawValue + ($0.weight == 1 ? "" : " (weight \($0.weight))") },
            keys: { schema.fields.map(\.key) })
    }
}

extension Value where T == PreferenceRules.LastAgent {
    static var lastAgent: Value {
        .section(
            Schema<PreferenceRules.LastAgent>(
                "last_agent",
                [
                    Field("within_seconds", \.withinSeconds, .integer(1...7 * QueueSettings.secondsMax)),
                    Field("wait_seconds", \.waitSeconds, .integer(1...QueueSettings.secondsMax)),
                ]), initial: PreferenceRules.LastAgent(withinSeconds: QueueSettings.secondsMax, waitSeconds: 20))
    }
}

extension Value where T == String {
    /// A key of a telephone.
    static var key: Value { .matching("a key: 0 to 9, `*` or `#` in quotes") { $0.count == 1 && "0123456789*#".contains($0) } }
}
