// A contact that is over, as the rows that history keeps.

internal import API
internal import Basics
internal import ContactCenter
internal import Storage

extension Edges {
    func close(_ contact: Contact) {
        note(.contact(ContactRecord(contact)))
        for entry in contact.timeline {
            note(.timeline(Storage.TimelineEntry(contact: contact.id, at: entry.at, kind: entry.what.kind, body: entry.what)))
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
