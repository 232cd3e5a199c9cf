// `routing.yaml`: what holds for all queues.

internal import ACD
internal import IVR
internal import Yams

/// Who is served before others, whatever the queue.
public struct RoutingSettings: Hashable, Sendable {
    static let prioritiesMax = 200

    /// Each rule whose attribute has its value counts.
    var priorities: [PriorityRule] = []
    /// What work there is; calls in any case.
    var kinds: [KindSettings] = []
    /// The second of the day at which agents' counts begin anew; nil: with each sign-in.
    var countsReset: Int?
    /// For how long names and subjects of what is no call are kept; nil: for ever.
    public var detailsDays: Int? = 90

    public init() {}
}

extension RoutingSettings {
    static var schema: Schema<RoutingSettings> {
        let rule = Schema<PriorityRule>(
            "a priority",
            [
                Field("attribute", \.attribute, .name, required: true), Field("value", \.value, .name, required: true),
                Field("priority_class", \.priorityClass, .integer(-100...100)),
                Field("boost_seconds", \.boostSeconds, .integer(0...86_400)),
            ])
        return Schema(
            "routing.yaml",
            [
                Field(
                    "priorities", \.priorities,
                    .list(.section(rule, initial: PriorityRule(attribute: "", value: "")), countMax: prioritiesMax)),
                Field(
                    "kinds", \.kinds,
                    .named(
                        KindSettings.schema, what: "kind of work", countMax: WorkKind.kindsMax, initial: { KindSettings($0) },
                        nameOf: \.name)),
                Field("details_days", \.detailsDays, .integer(1...3650, orNil: "forever")),
                Field("counts_reset", \.countsReset, .clock(orNil: "sign-in")),
            ])
    }
}

extension Value where T == Int? {
    /// `04:00`, in seconds after midnight, or the word that stands for none.
    static func clock(orNil word: String) -> Value {
        let expected = "a time of day such as `\"04:00\"`, or `\(word)`"
        return Value(
            expected: expected,
            read: { node, path, reading in
                if node.text == word { return .some(nil) }
                guard let text = node.text, let second = OpeningHours.Span.seconds(text.trimmed), second < 86_400 else {
                    reading.wrongType(node, at: path, expected: expected)
                    return nil
                }
                return second
            }, write: { $0.map { OpeningHours.Span.clock($0) } ?? word })
    }
}
