// `callback:` of a queue: who is called back, how and when.

internal import ACD
internal import Basics
internal import IVR
internal import Yams

extension Value where T == CallbackRules {
    static var callback: Value {
        let seconds = 1...QueueSettings.secondsMax
        return .section(
            Schema<CallbackRules>(
                "callback",
                [
                    Field("trunk", \.trunk, .reference, required: true),
                    Field("numbers", \.allowedPrefixes, .list(.numberBegin, countMax: 50)),
                    Field("key", \.key, keyOrNone),
                    Field("after_seconds", \.offerAfterSeconds, .integer(0...QueueSettings.secondsMax)),
                    Field("expected_wait_over", \.offerWhenExpectedWaitOver, .integer(seconds)),
                    Field("mode", \.mode, .word),
                    Field("lead_seconds", \.leadSeconds, .integer(0...600)),
                    Field("attempts_max", \.attemptsMax, .integer(1...10)),
                    Field("spacing_seconds", \.spacingSeconds, .integer(10...QueueSettings.secondsMax)),
                    Field("ring_seconds", \.ringSeconds, .integer(5...120)),
                    Field("hours", \.hours, .reference),
                    Field("give_up_seconds", \.giveUpSeconds, .integer(60...7 * QueueSettings.secondsMax)),
                    Field("caller_id", \.callerID, .number),
                    Field("confirm", \.confirmKey, keyOrNone),
                ]), initial: CallbackRules(trunk: ""))
    }

    private static var keyOrNone: Value<String?> {
        let key = Value<String>.key
        return Value<String?>(
            expected: "\(key.expected), or `none`",
            read: { node, path, reading in
                node.text == "none" ? .some(nil) : key.read(node, path, &reading).map { .some($0) }
            }, write: { $0 ?? "none" })
    }
}

extension Value where T == String {
    static var numberBegin: Value {
        .matching("the begin of a number: 1 to 20 digits, with `+` before them or without") { text in
            let digits = (text.hasPrefix("+") ? text.dropFirst() : text[...]).utf8
            return (1...CallableNumber.digitsMax).contains(digits.count)
                && digits.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        }
    }
}

extension Checker {
    mutating func checkCallback(of queue: QueueSettings, at path: Path) {
        guard let callback = queue.rules.callback else { return }
        let place = path / "callback"
        checkReference(callback.trunk.rawValue, among: trunks, at: place / "trunk")
        if callback.allowedPrefixes.isEmpty {
            reading.error(
                "queue `\(queue.id)` does not say which numbers it may call back", at: place,
                mend: "add `numbers:` with what they begin with, such as `[\"+49\", \"0\"]`")
        }
        if let hours = callback.hours { checkReference(hours.rawValue, among: self.hours, at: place / "hours") }
        if let key = callback.key, queue.rules.limits.exitKeys.contains(key) {
            reading.error(
                "key `\(key)` both leaves queue `\(queue.id)` and asks for a callback", at: place / "key",
                mend: "take another key, or remove it from `exit_keys`")
        }
        if callback.key == nil, callback.offerAfterSeconds != nil || callback.offerWhenExpectedWaitOver != nil {
            reading.error(
                "queue `\(queue.id)` says when a callback is offered, and not with which key", at: place,
                mend: "add `key:`, or remove `after_seconds` and `expected_wait_over`")
        }
        if let after = callback.offerAfterSeconds, let max = queue.rules.waitSecondsMax, after >= max,
            callback.offerWhenExpectedWaitOver == nil
        {
            reading.warning(
                "a callback is offered after \(after) s, and nobody waits longer than \(max) s", at: place / "after_seconds",
                mend: "write less than `wait_seconds_max`")
        }
        if callback.spacingSeconds >= callback.giveUpSeconds, callback.attemptsMax > 1 {
            reading.warning(
                "the callback is given up before its second attempt", at: place / "give_up_seconds",
                mend: "write more than `spacing_seconds`")
        }
    }

    /// A queue step of a flow asks for callbacks.
    mutating func checkCallbackSteps() {
        for flow in configuration.flows {
            for node in flow.nodes {
                guard case .queue(let enter) = node.action, enter.asCallback,
                    let queue = configuration.queues.first(where: { $0.id == enter.queue }), queue.rules.callback == nil
                else { continue }
                reading.error(
                    "node `\(node.id)` asks for a callback, and queue `\(queue.id)` calls nobody back",
                    at: Path("\(SiteConfiguration.flowsFolder)/\(flow.id).yaml", "nodes", node.id.rawValue),
                    mend: "add `callback:` to the queue in queues.yaml, or remove it from the node")
            }
        }
    }
}
