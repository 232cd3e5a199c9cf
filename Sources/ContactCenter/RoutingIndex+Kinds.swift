// How many pieces of each kind an agent can have, and who waits with which kind.

import ACD
import Basics

extension RoutingIndex.AgentPlace {
    /// The part of the agent's time that is one queue's, for each piece of the kind at that place.
    func share(of kind: Int) -> Int64 { slots.indices.contains(kind) ? share * Int64(slots[kind]) : share }

    /// The part of the agent's time that is one queue's.
    var share: Int64 { RoutingIndex.wholeShare / Int64(max(1, queues.count)) }
}

extension RoutingIndex {
    struct Member: Hashable, Sendable {
        let level: Int
        let order: Int
        let weight: Int
    }

    /// Where a contact stands that may be offered to somebody.
    struct ContactPlace: Hashable, Sendable {
        var key: OrderKey
        /// nil: it waits for preferred agents.
        var pool: PoolID?
        /// Somebody is rung for it already.
        var isRinging = false
        var wanted: [Want] = []
    }

    /// An agent who is preferred, and for which kind of work.
    struct Want: Hashable, Comparable, Sendable {
        let agent: AgentID
        let kind: Int

        static func < (a: Want, b: Want) -> Bool { a.agent != b.agent ? a.agent < b.agent : a.kind < b.kind }
    }

    struct AgentPlace: Hashable, Sendable {
        let skills: AgentSkills
        /// Pieces at once, by the place of the kind; empty: one of each.
        var slots: [Int] = []
        var queues: [QueueID] = []
        /// What waits in these queues, each once.
        var kinds: [WorkKindID] = []
        var seats: [Seat] = []
        var sight = Sight()
        /// When the agent can be expected to be free; nil: not foreseeable, or nobody asks.
        var outlook: Outlook?
    }

    /// Where a contact waits among those of its kind.
    struct LinePlace: Hashable, Sendable {
        let queue: QueueID
        let kind: Int
        let key: OrderKey
    }

    /// Follows a change of the contact; nil: it waits nowhere, or in a queue of one kind.
    mutating func followLine(_ id: ContactID, _ place: LinePlace?) {
        guard place != nil || !linePlaces.isEmpty else { return }
        let old = linePlaces[id]
        guard old != place else { return }
        if let old {
            queues.update(old.queue) { side in
                side.lines.update(old.kind) { $0[old.key] = nil }
                if side.lines.look(at: old.kind, { $0.isEmpty }) == true { side.lines[old.kind] = nil }
            }
        }
        if let place {
            queues.update(place.queue) { side in
                if side.lines.update(place.kind, { $0[place.key] = Pool.Place() }) == nil {
                    var line = PagedMap<OrderKey, Pool.Place>()
                    line[place.key] = Pool.Place()
                    side.lines[place.kind] = line
                }
            }
        }
        linePlaces[id] = place
    }

    /// Follows whether the contact counts among those that wait.
    ///
    /// - Parameter kind: its place; nil: it does not count.
    mutating func count(_ id: ContactID, forKindAt kind: Int?) {
        guard kind != nil || !counted.isEmpty else { return }
        let old = counted[id]
        guard old != kind else { return }
        for (place, change) in [(old, -1), (kind, 1)] {
            guard let place, waitingByKind.indices.contains(place) else { continue }
            waitingByKind[place] += change
            kindsToStep.append(place)
        }
        counted[id] = kind
    }
}
