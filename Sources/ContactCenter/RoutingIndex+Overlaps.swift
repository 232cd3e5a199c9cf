// How many agents two pools of a queue have in common: whoever waits for others may still wait for the same ones.

import ACD
import Basics

extension RoutingIndex {
    /// Two pools, the older one first.
    struct PoolPair: Hashable, Comparable, Sendable {
        let first: PoolID
        let second: PoolID

        init(_ a: PoolID, _ b: PoolID) {
            first = min(a, b)
            second = max(a, b)
        }

        static func < (a: PoolPair, b: PoolPair) -> Bool { a.first != b.first ? a.first < b.first : a.second < b.second }
    }

    /// Pools of one queue whose overlaps are known; attributes can have any number of values.
    static let overlappingPoolsMax = 64
    /// Seats that are looked at for the overlaps of one pool: a turn has time for so many.
    static let overlappingSeatsMax = 20_000

    /// Adds the agent to what each of those pools has in common with another one.
    static func noteOverlaps(
        of place: AgentPlace, in queue: QueueID, _ common: inout [(pool: PoolID, share: Int64)]
    ) {
        for seat in place.seats where seat.queue == queue {
            if let index = common.firstIndex(where: { $0.pool == seat.pool }) {
                common[index].share += place.share
            } else {
                common.append((seat.pool, place.share))
            }
        }
    }

    mutating func forgetOverlaps(of pool: PoolID, in queue: QueueID) {
        for other in queues.look(at: queue, { $0.pools.map(\.value) }) ?? [] { overlaps[PoolPair(pool, other)] = nil }
    }

    /// The part of the other pool's agents who are in this one, too; 1: all, or it is not known.
    func part(of other: PoolID, in pool: PoolID) -> Double {
        if pool == other { return 1 }
        let whole = pools.look(at: other) { $0.memberShare } ?? 0
        guard whole > 0 else { return 0 }
        if let common = overlaps[PoolPair(pool, other)] { return Double(common) / Double(whole) }
        // The younger one has looked at the older, if it has looked at any.
        return pools.look(at: max(pool, other)) { $0.knowsOverlaps } == true ? 0 : 1
    }
}

extension RoutingIndex.QueueSide {
    /// Whether one pool more can be compared with those there are.
    var keepsOverlaps: Bool {
        pools.count < RoutingIndex.overlappingPoolsMax
            && members.count * (pools.count + 1) <= RoutingIndex.overlappingSeatsMax
    }
}
