// The keys of the other steps of a flow.

internal import Basics
internal import IVR
internal import Yams

extension Play {
    static var schema: Schema<Play> {
        Schema(
            "a play step",
            [Field("say", \.prompts, .prompts, required: true), Field("next", \.next, .reference, required: true)])
    }
}

extension Collect {
    static var schema: Schema<Collect> {
        Schema(
            "a collect step",
            [
                Field("say", \.prompt, .prompt, required: true),
                Field("attribute", \.attribute, .name, required: true),
                Field("length_min", \.lengthMin, .integer(1...32)),
                Field("length_max", \.lengthMax, .integer(1...32)),
                Field("terminator", \.terminator, terminatorValue),
                Field("first_digit_timeout_seconds", \.firstDigitTimeoutMilliseconds, .milliseconds(500...60_000)),
                Field("next_digit_timeout_seconds", \.nextDigitTimeoutMilliseconds, .milliseconds(500...60_000)),
                Field("tries", \.tries, .integer(1...10)),
                Field("form", \.form, .name),
                Field("next", \.next, .reference, required: true),
                Field("otherwise", \.otherwise, .reference, required: true),
            ])
    }

    static var terminatorValue: Value<String?> {
        let expected = "`\"#\"`, `\"*\"` or `none`"
        return Value(
            expected: expected,
            read: { node, path, reading in
                switch node.text {
                case "none": return .some(nil)
                case .some(let key) where key == "#" || key == "*": return .some(key)
                default:
                    reading.wrongType(node, at: path, expected: expected)
                    return nil
                }
            }, write: { $0 ?? "none" })
    }
}

extension EnterQueue {
    static var schema: Schema<EnterQueue> {
        Schema(
            "a queue step",
            [
                Field("queue", \.queue, .reference, required: true),
                Field("priority_class", \.priorityClass, .integer(-100...100)),
                Field("boost_seconds", \.boostSeconds, .integer(0...86_400)),
                Field("callback", \.asCallback, .flag),
                Field("otherwise", \.otherwise, .reference),
            ])
    }
}

extension CheckHours {
    static var schema: Schema<CheckHours> {
        Schema(
            "an hours step",
            [
                Field("hours", \.hours, .reference, required: true), Field("open", \.open, .reference, required: true),
                Field("closed", \.closed, .reference, required: true),
            ])
    }
}

extension SetAttribute {
    static var schema: Schema<SetAttribute> {
        Schema(
            "a set step",
            [
                Field("attribute", \.attribute, .name, required: true), Field("value", \.value, .name, required: true),
                Field("next", \.next, .reference, required: true),
            ])
    }
}

extension Branch {
    private static var casesValue: Value<[Case]> {
        .named(
            "value", countMax: 100, write: { "\($0.value) \($0.next)" },
            read: { value, node, path, reading in
                reading.note(node, at: path)
                return Value<NodeID>.reference.read(node, path, &reading).map { Case(value: value, next: $0) }
            })
    }

    static var schema: Schema<Branch> {
        Schema(
            "a branch step",
            [
                Field("attribute", \.attribute, .name, required: true), Field("cases", \.cases, casesValue, required: true),
                Field("otherwise", \.otherwise, .reference, required: true),
            ])
    }
}

extension Voicemail {
    static var schema: Schema<Voicemail> {
        Schema(
            "a voicemail step",
            [
                Field("say", \.prompt, .prompt, required: true), Field("mailbox", \.mailbox, .name, required: true),
                Field("seconds_max", \.secondsMax, .integer(5...600)),
                Field("silence_seconds", \.silenceSeconds, .integer(0...60)), Field("next", \.next, .reference),
            ])
    }
}

extension HangUp {
    static var schema: Schema<HangUp> { Schema("a hang_up step", [Field("say", \.prompt, .prompt)]) }
}
