// A contact that lives, in the form in which history will show it.

internal import Basics
internal import ContactCenter
internal import IVR
internal import Storage

extension ContactRecord {
    nonisolated init(_ contact: Contact) {
        self.init(id: contact.id, state: contact.stateName, arrived: contact.arrivedAt)
        dialled = contact.number
        trunk = contact.trunk
        trunkChannel = contact.channel
        caller = contact.caller
        flow = contact.interpreter.flow
        queue = contact.queue
        agent = contact.agent
        queued = contact.firstEnqueuedAt
        answered = contact.answeredAt
        ended = contact.endedAt
        if case .ended(let outcome) = contact.state { self.outcome = outcome.rawValue }
    }
}

extension Contact {
    /// The state in one word. `Edges+History.swift` has the same list.
    var stateName: String {
        switch state {
        case .announcing, .inFlow: "menu"
        case .waiting(let entry): entry.offer == nil ? "queued" : "offered"
        case .dialling: "dialling"
        case .talking(let conversation): conversation.heldBy == nil ? "talking" : "held"
        case .voicemailPrompt, .voicemail: "voicemail"
        case .leaving: "leaving"
        case .ended: "ended"
        }
    }

    static var stateNames: [String] {
        ["menu", "queued", "offered", "dialling", "talking", "held", "voicemail", "leaving", "ended"]
    }
}
