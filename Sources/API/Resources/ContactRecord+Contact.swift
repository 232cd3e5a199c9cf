// A contact of the rules, in the form in which history shows it.

internal import ACD
internal import Basics
public import ContactCenter
internal import IVR
public import Storage

extension ContactRecord {
    /// The row of a contact that lives or has just ended.
    nonisolated public init(_ contact: Contact) {
        self.init(id: contact.id, state: contact.stateName, arrived: contact.arrivedAt)
        if contact.isDigital {
            channel = contact.medium.rawValue
            kind = contact.kind.rawValue
        }
        if !contact.isDigital {
            dialled = contact.number
            trunk = contact.trunk
            trunkChannel = contact.channel
            flow = contact.interpreter.flow
        }
        caller = contact.caller
        queue = contact.queue
        agent = contact.agent
        queued = contact.firstEnqueuedAt
        answered = contact.answeredAt
        ended = contact.endedAt
        timelineEntriesLeftOut = contact.timelineEntriesLeftOut
        if case .ended(let outcome) = contact.state { self.outcome = outcome.rawValue }
    }
}
