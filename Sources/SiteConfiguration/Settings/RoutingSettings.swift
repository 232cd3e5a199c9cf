// `routing.yaml`: what holds for all queues.

internal import ACD
internal import Yams

/// Who is served before others, whatever the queue.
public struct RoutingSettings: Hashable, Sendable {
    static let prioritiesMax = 200

    /// Each rule whose attribute has its value counts.
    var priorities: [PriorityRule] = []
    /// What work there is; calls in any case.
    var kinds: [KindSettings] = []

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
            ])
    }
}
