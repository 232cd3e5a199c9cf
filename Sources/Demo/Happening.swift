// The story of contacts, one sentence for each thing worth telling.

internal import Foundation

/// Something that happened, as the demo tells it.
nonisolated struct Happening: Hashable, Sendable {
    var at: Date
    var text: String

    init(at: Date, text: String) {
        self.at = at
        self.text = text
    }

    /// nil: not worth a line, such as each step of a menu.
    init?(_ line: StoryLine, of contact: Int) {
        at = line.at
        let agent = line.agent ?? "somebody", queue = line.queue ?? "a queue"
        let told: String
        switch line.kind {
        case "contact.created": told = "calls \(line.number ?? "the center")"
        case "flow.chose": told = "presses \(line.key ?? "a key")"
        case "contact.enqueued": told = "waits in \(queue)\(line.position.map { " at place \($0)" } ?? "")"
        case "contact.offered": told = "rings at \(agent)\(Self.reason(line.why))"
        case "offer.missed": told = "\(agent) did not answer; back to the old place"
        case "offer.rejected": told = "\(agent) declined; back to the old place"
        case "offer.failed": told = "\(agent) could not be reached; back to the old place"
        case "offer.not-made": told = "\(agent) was not rung: the center is at a limit"
        case "offer.rescinded": told = "rings no longer at \(agent)"
        case "contact.answered": told = "\(agent) answers after \(Int((line.waitSeconds ?? 0).rounded())) s"
        case "contact.diverted": told = "leaves \(queue): \(line.cause ?? "")"
        case "contact.abandoned": told = "hangs up: lost patience"
        case "contact.ended": told = "over: \(line.outcome ?? "") (by the \(line.by ?? "system"))"
        default: return nil
        }
        text = "call \(contact) \(told)"
    }

    private static func reason(_ why: StoryLine.Why?) -> String {
        guard let why else { return "" }
        guard !why.others.isEmpty else { return " (the only one free)" }
        return " (before \(why.others.map(\.agent).joined(separator: ", ")): \(why.keys.joined(separator: ", then ")))"
    }
}
