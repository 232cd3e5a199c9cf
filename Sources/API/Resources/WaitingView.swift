// A waiting contact as the API shows it.

internal import ACD
internal import Basics
internal import ContactCenter

/// Somebody who waits.
struct WaitingView: Sendable {
    let contact: Contact
    let position: Int
    let entry: QueueEntry
    let now: Instant
    let expectedWait: WaitEstimate?

    /// The agent it rings at.
    var offeredTo: String? {
        guard let offer = entry.offer else { return nil }
        for line in contact.timeline.reversed() {
            if case .offered(offer, let agent, _, _) = line.what { return agent.rawValue }
        }
        return nil
    }

    /// The clock of a request may be a moment behind the last event's.
    static func seconds(from start: Instant, to now: Instant) -> Double { max(0, (now - start).inSeconds) }
}
