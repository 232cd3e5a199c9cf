// Appends turns and says of each when it was acknowledged, without end until the process is killed, or so many.

import Basics
import Glibc
import MainLoop
import Storage

/// Prints `acknowledged SEQUENCE` for each that the store calls safe.
final class AppendCheck {
    private let store: Store
    private var left: Int

    init(store: Store, turns: Int = .max) {
        self.store = store
        left = turns
    }

    /// Keeps so many turns under way.
    func start(underWay: Int) { for _ in 0..<underWay { next() } }

    private func next() {
        if left == 0 { exit(0) }
        left -= 1
        let first = store.lastSequence + 1
        let contact = ContactID(rawValue: first)
        let at = Instant(microseconds: Int64(first))
        let ticket = store.append(
            TurnRecord(
                at: at,
                events: (0..<3).map { JournalEntry(kind: "checked", body: ["number": first + $0]) },
                facts: [
                    .timeline(TimelineEntry(contact: contact, kind: "line")),
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
