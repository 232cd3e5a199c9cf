// `numbers.yaml`: what callers dial, and where it leads.

internal import ACD
public import Basics
public import ContactCenter

/// One dialled number.
public struct NumberSettings: Hashable, Sendable {
    public var number: String
    public var flow: FlowID = ""
    public var fallback: NumberRules.Fallback?
    public var record = false
    public var recordAnnouncement: String?
    var fallbackNow = false
    var priorityClass: Int?
    var boostSeconds = 0

    /// As the rules need it.
    var rules: NumberRules {
        var rules = NumberRules(
            number: number, flow: flow, fallback: fallback,
            recording: record ? recordAnnouncement.map { QueueRules.Recording(announcement: $0) } : nil)
        rules.isFallbackForced = fallbackNow
        rules.priorityClass = priorityClass
        rules.boostSeconds = boostSeconds
        return rules
    }
}

extension NumberSettings {
    static var schema: Schema<NumberSettings> {
        Schema(
            "a number",
            [
                Field("flow", \.flow, .reference, required: true),
                Field(
                    "fallback", \.fallback,
                    .section(NumberRules.Fallback.schema, initial: NumberRules.Fallback(trunk: "", number: ""))),
                Field("fallback_now", \.fallbackNow, .flag),
                Field("priority_class", \.priorityClass, .integer(-100...100)),
                Field("boost_seconds", \.boostSeconds, .integer(0...86_400)),
                Field("record", \.record, .flag),
                Field("record_announcement", \.recordAnnouncement, .text()),
            ])
    }
}

extension NumberRules.Fallback {
    static var schema: Schema<Self> {
        Schema(
            "fallback",
            [Field("trunk", \.trunk, .reference, required: true), Field("number", \.number, .number, required: true)])
    }
}
