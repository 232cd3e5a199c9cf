// A walk through a center that lives, one small piece at a time.

import ACD
import Basics

/// Where a check of all invariants stands.
///
/// A step looks at one agent, contact, offer or leg, or at some places of a queue, so that it takes microseconds whatever
/// the size of the center. What comes and goes between two steps may be passed over until the next round.
public struct InvariantRound: Sendable {
    /// Waiting contacts that one step looks at.
    public static let placesPerStepMax = 50

    private enum Place: Sendable {
        case agents(after: AgentID?)
        case contacts(after: ContactID?)
        case queues(after: QueueID?)
        /// In the middle of a queue.
        case queue(QueueID, place: Int)
        case offers(after: OfferID?)
        case legs(after: LegID?)
    }

    private var place = Place.agents(after: nil)

    public init() {}

    /// The next piece.
    ///
    /// - Parameter found: gets what is wrong with it, as sentences.
    /// - Returns: false at the end of the round; the next step begins another.
    public mutating func step(in center: Center, into found: inout [String]) -> Bool {
        switch place {
        case .agents(let last):
            guard let entry = Self.next(in: center.agents.entries, after: last) else {
                place = .contacts(after: nil)
                return true
            }
            found += Invariants.violations(of: entry.value, in: center)
            place = .agents(after: entry.key)
        case .contacts(let last):
            guard let entry = Self.next(in: center.contacts.entries, after: last) else {
                place = .queues(after: nil)
                return true
            }
            found += Invariants.violations(of: entry.value, in: center)
            place = .contacts(after: entry.key)
        case .queues(let last):
            guard let entry = Self.next(in: center.queues, after: last) else {
                place = .offers(after: nil)
                return true
            }
            place = .queue(entry.key, place: 0)
        case .queue(let id, let first):
            look(at: id, from: first, in: center, into: &found)
        case .offers(let last):
            guard let entry = Self.next(in: center.offers, after: last) else {
                place = .legs(after: nil)
                return true
            }
            found += Invariants.violations(of: entry.value, entry.key, in: center)
            place = .offers(after: entry.key)
        case .legs(let last):
            guard let entry = Self.next(in: center.legs, after: last) else {
                found += Invariants.violationsOfKinds(in: center) + Invariants.violationsOfRooms(in: center)
                place = .agents(after: nil)
                return false
            }
            found += Invariants.violations(of: entry.value, entry.key, in: center)
            place = .legs(after: entry.key)
        }
        return true
    }

    private mutating func look(at id: QueueID, from first: Int, in center: Center, into found: inout [String]) {
        let end = first + Self.placesPerStepMax
        guard let queue = center.queues[id] else {
            place = .queues(after: id)
            return
        }
        found += Invariants.violations(of: queue, places: first..<end, in: center)
        place = end < queue.waiting.count ? .queue(id, place: end) : .queues(after: id)
    }

    private static func next<Key, Value>(in table: PagedMap<Key, Value>, after last: Key?) -> PagedMap<Key, Value>.Entry? {
        guard let last else { return table.first }
        return table.first(after: last)
    }
}
