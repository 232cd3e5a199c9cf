// Checks what queues want of their agents after a contact.

internal import ACD

extension Checker {
    mutating func checkWrapUp(of queue: QueueSettings, at path: Path) {
        let seconds = queue.rules.wrapUpSeconds
        if queue.rules.isDispositionRequired, queue.rules.wrapUpMode == .none {
            reading.error(
                "queue `\(queue.id)` requires a disposition, and has no wrap-up in which one could be given",
                at: path / "wrap_up", mend: "write another mode, or take the requirement away")
        }
        switch queue.rules.wrapUpMode {
        case .timed: break
        case .untilDone, .optional:
            guard seconds > queue.rules.wrapUpSecondsMax else { return }
            reading.error(
                "a wrap-up usually takes \(seconds) seconds, and ends after \(queue.rules.wrapUpSecondsMax)",
                at: path / "wrap_up_seconds_max", mend: "write at least \(seconds)")
        case .optionalTimed:
            if seconds == 0 {
                reading.error(
                    "agents of queue `\(queue.id)` may ask for a wrap-up of no time", at: path / "wrap_up",
                    mend: "write `wrap_up: none`, or give it some `wrap_up_seconds`")
            } else if seconds > WrapUpMode.optionalSecondsMax {
                reading.error(
                    "a wrap-up that is asked for takes at most \(WrapUpMode.optionalSecondsMax) seconds",
                    at: path / "wrap_up_seconds",
                    mend: "write at most \(WrapUpMode.optionalSecondsMax), or `wrap_up: timed`")
            }
        case .none:
            guard seconds > 0, seconds != QueueRules(id: queue.id, members: []).wrapUpSeconds else { return }
            reading.error(
                "queue `\(queue.id)` has no wrap-up, and \(seconds) seconds for it", at: path / "wrap_up_seconds",
                mend: "remove the line, or write `wrap_up: timed`")
        }
    }
}
