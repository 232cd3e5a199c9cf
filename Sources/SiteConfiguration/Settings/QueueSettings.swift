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

    public init(id: QueueID) { rules = QueueRules(id: id, members: []) }

    public var id: QueueID { rules.id }

    /// As the router needs it.
    func compiled(with dispositions: DispositionSettings) -> QueueRules {
        var rules = rules
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
            [
                Field("members", \.rules.members, .list(.member, countMax: 2000)),
                Field("keys", \.rules.keys, .selectionKeys),
                Field("weight", \.rules.weight, .integer(-1000...1000)),
                Field("offer_seconds", \.rules.offerSeconds, .integer(5...300)),
                Field("wrap_up_seconds", \.rules.wrapUpSeconds, .integer(0...3600)),
                Field("misses_max", \.rules.missesMax, .integer(1...100)),
                Field("waiting_max", \.rules.waitingMax, .integer(1...10_000, orNil: "unlimited")),
                Field("wait_seconds_max", \.rules.waitSecondsMax, .integer(1...secondsMax, orNil: "unlimited")),
                Field("join_empty", \.rules.joinEmpty, .flag), Field("leave_empty", \.rules.leaveEmpty, .flag),
                Field("service_level_seconds", \.rules.serviceLevelSeconds, .integer(1...secondsMax)),
                Field("announce_every_seconds", \.rules.announceEverySeconds, .integer(0...3600, orNil: "never")),
                Field("music", \.rules.music, .promptFile),
                Field("auto_answer", \.autoAnswer, .flag),
                Field("record", \.record, .flag),
                Field("record_announcement", \.recordAnnouncement, .text()),
            ])
    }
}

extension Value where T == QueueRules.Member {
    /// `anna`, or `{agent: anna, level: 2}`.
    static var member: Value {
        let schema = Schema<QueueRules.Member>(
            "a member",
            [Field("agent", \.agent, .reference, required: true), Field("level", \.level, .integer(1...100))])
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
            }, write: { $0.level == 1 ? $0.agent.rawValue : "\($0.agent) (level \($0.level))" },
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
