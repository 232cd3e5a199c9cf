// What a queue asks of its agents, step by step, as an admin writes it.

internal import ACD
internal import Yams

/// One step; the expression stays text, because it may name others of `skills.yaml`.
public struct RequireSettings: Hashable, Sendable {
    var expression = ""
    var afterSeconds: Int?
    var expectedWaitOver: Int?
    var staffedUnder: Int?

    /// As the router needs it; a text that means nothing, which the checker has named, asks nothing.
    func compiled(with skills: SkillSettings) -> RequirementStep {
        var condition = expectedWaitOver.map { RequirementStep.Condition.expectedWaitOver(seconds: $0) }
        if let staffedUnder { condition = .staffedUnder(staffedUnder) }
        return RequirementStep(
            (try? skills.requirement(expression)) ?? .anybody, afterSeconds: afterSeconds, when: condition)
    }
}

extension Value where T == RequireSettings {
    /// An expression, or the keys of a step.
    static var requireStep: Value {
        let text = Value<String>.text(charactersMax: Requirement.charactersMax)
        let schema = Schema<RequireSettings>(
            "a step of `require`",
            [
                Field("expression", \.expression, text, required: true),
                Field("after_seconds", \.afterSeconds, .integer(1...QueueSettings.secondsMax)),
                Field("expected_wait_over", \.expectedWaitOver, .integer(1...QueueSettings.secondsMax)),
                Field("staffed_under", \.staffedUnder, .integer(1...2000)),
            ])
        return Value(
            expected: "an expression such as `skill(french) >= 3`, or `{expression: any, after_seconds: 30}`",
            read: { node, path, reading in
                var step = RequireSettings()
                if case .mapping = node {
                    schema.read(node, at: path, into: &step, &reading)
                    return step
                }
                guard let expression = text.read(node, path, &reading) else { return nil }
                step.expression = expression
                return step
            },
            write: { step in
                step.expression + (step.afterSeconds.map { " after \($0) s" } ?? "")
                    + (step.expectedWaitOver.map { " when the expected wait is over \($0) s" } ?? "")
                    + (step.staffedUnder.map { " when fewer than \($0) are staffed" } ?? "")
            }, keys: { schema.fields.map(\.key) })
    }
}

extension Value where T == Double? {
    /// A number within bounds, or a word that stands for "none". Neither NaN nor infinity is a number here.
    static func decimal(_ range: ClosedRange<Double>, orNil word: String) -> Value {
        let expected = "a number from \(range.lowerBound) to \(range.upperBound), or `\(word)`"
        return Value(
            expected: expected,
            read: { node, path, reading in
                if node.text == word { return .some(nil) }
                guard let text = node.plainText, let number = Double(text), number.isFinite else {
                    reading.wrongType(node, at: path, expected: expected)
                    return nil
                }
                guard range.contains(number) else {
                    reading.error("`\(path.last)` is \(text), out of range", at: path, mend: "write \(expected)")
                    return nil
                }
                return .some(number)
            }, write: { $0.map { String($0) } ?? word })
    }
}

extension Value where T == Double {
    static func decimal(_ range: ClosedRange<Double>) -> Value {
        let word = "none"
        return Value<Double?>.decimal(range, orNil: word).map(
            expected: "a number from \(range.lowerBound) to \(range.upperBound)", to: { $0 }, from: { $0 })
    }
}
