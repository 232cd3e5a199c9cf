// `kinds:` of routing.yaml: what work there is, and what a piece of it takes of an agent.

internal import ACD
internal import Basics
internal import Yams

/// One kind of work.
public struct KindSettings: Hashable, Sendable {
    var rules: WorkKind
    /// nil: not said; calls come over voice in any case.
    var channel: Channel?

    init(_ name: String) { rules = WorkKind(id: WorkKindID(name), channel: .voice) }

    var name: String { rules.id.rawValue }

    /// As the router needs it.
    var compiled: WorkKind {
        var rules = rules
        rules.channel = channel ?? .voice
        return rules
    }
}

extension KindSettings {
    /// A year.
    static let keptSecondsMax = 365 * 86_400

    static var schema: Schema<KindSettings> {
        Schema(
            "a kind of work",
            [
                Field("channel", \.channel, .word),
                Field("weight", \.rules.weight, .integer(1...AgentLimits.capacityMax, orNil: "all")),
                Field("interrupted_by", \.rules.interruptedBy, .list(.reference, countMax: WorkKind.kindsMax)),
                Field("per_agent_max", \.rules.perAgentMax, .integer(1...AgentLimits.capacityMax, orNil: "unlimited")),
                Field("priority_class", \.rules.priorityClass, .integer(-100...100)),
                Field("boost_seconds", \.rules.boostSeconds, .integer(0...86_400)),
                Field("kept_seconds_max", \.rules.keptSecondsMax, .integer(60...keptSecondsMax)),
                Field("handle_seconds_max", \.rules.handleSecondsMax, .integer(60...keptSecondsMax)),
                Field("room_seconds_max", \.rules.roomSecondsMax, .integer(0...WorkKind.roomSecondsLimit)),
                Field("concurrency", \.rules.concurrency, .concurrency),
            ])
    }
}

extension Value where T == WorkKind.Concurrency {
    static var concurrency: Value {
        .section(
            Schema<WorkKind.Concurrency>(
                "concurrency",
                [
                    Field("least", \.least, .integer(1...AgentLimits.capacityMax), required: true),
                    Field("most", \.most, .integer(1...AgentLimits.capacityMax), required: true),
                    Field("raise_at_waiting", \.raiseAtWaiting, .integer(0...10_000), required: true),
                    Field("lower_at_waiting", \.lowerAtWaiting, .integer(0...10_000), required: true),
                    Field("satisfaction_below", \.satisfactionBelow, .integer(1...100)),
                    Field("step_seconds", \.stepSeconds, .integer(1...3600)),
                ]), initial: WorkKind.Concurrency(least: 1, most: 1, raiseAtWaiting: 1, lowerAtWaiting: 0))
    }
}

extension Value where T == [AgentLimits.Most] {
    /// `{chat: 3}`.
    static var mostOfKinds: Value {
        .named("kind of work", countMax: WorkKind.kindsMax, write: { "\($0.kind) \($0.count)" }) { kind, node, path, reading in
            Value<Int>.integer(0...AgentLimits.capacityMax).read(node, path, &reading)
                .map { AgentLimits.Most(kind: WorkKindID(kind), count: $0) }
        }
    }
}
