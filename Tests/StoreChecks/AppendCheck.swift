// Appends turns without end and says of each when it was acknowledged, until the process is killed.

import Basics
import MainLoop
import Storage

/// Keeps a few turns under way. Prints `acknowledged SEQUENCE` for each that the store calls safe.
final class AppendCheck {
    private let store: Store
    private var last = TurnTicket?.none

    init(store: Store) { self.store = store }

    func start() { for _ in 0..<4 { next() } }

    private func next() {
        let first = store.lastSequence + 1
        let contact = ContactID(rawValue: first)
        let at = Instant(microseconds: Int64(first))
        let ticket = store.append(
            TurnRecord(
                at: at,
                events: (0..<3).map { JournalEntry(kind: "checked", body: ["number": first + $0]) },
                facts: [
                    .timeline(TimelineEntry(contact: contact, event: 2, kind: "line")),
                    .contact(ContactRecord(id: contact, state: "queued", arrived: at)),
                ]))
        let sequence = store.lastSequence
        store.whenCommitted(ticket) { result in
            guard case .success = result else { fail("\(result)") }
            say("acknowledged \(sequence)")
            self.next()
        }
    }
}
