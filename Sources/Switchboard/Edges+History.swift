// A contact that is over, as the rows that history keeps.

internal import Basics
internal import ContactCenter
internal import IVR
internal import Storage

extension Edges {
    func close(_ contact: Contact) {
        note(.contact(ContactRecord(contact)))
        for entry in contact.timeline {
            note(.timeline(Storage.TimelineEntry(contact: contact.id, at: entry.at, kind: entry.what.name, body: entry.what)))
        }
        // The rows were begun before the contact had one that they could refer to.
        for id in contact.recordings {
            guard var record = recordings[id] else { continue }
            record.queue = contact.queue
            record.agent = contact.agent
            recordings[id] = record
            note(.recording(record))
        }
    }
}

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
    /// The state in one word, as the API and history show it.
    nonisolated var stateName: String {
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
}

extension Happening {
    /// The name under which the timeline shows it (definitions.md 3.8).
    nonisolated var name: String {
        switch self {
        case .arrived: "contact.created"
        case .visited: "flow.visited"
        case .chose: "flow.chose"
        case .noted: "contact.noted"
        case .enqueued: "contact.enqueued"
        case .announced: "contact.announced"
        case .diverted: "contact.diverted"
        case .offered: "contact.offered"
        case .offerEnded(_, _, let end):
            switch end {
            case .missed: "offer.missed"
            case .rejected: "offer.rejected"
            case .failed: "offer.failed"
            case .rescinded: "offer.rescinded"
            }
        case .answered: "contact.answered"
        case .held: "contact.held"
        case .resumed: "contact.resumed"
        case .dialled: "contact.dialled"
        case .connected: "contact.connected"
        case .notConnected: "contact.not-connected"
        case .recordingStarted: "recording.started"
        case .recordingStopped: "recording.stopped"
        case .agentLeft: "agent.left"
        case .ended(let outcome, _): outcome == .abandoned ? "contact.abandoned" : "contact.ended"
        }
    }
}
