// Pools that were made for values of attributes which nobody has any more.

import ACD
import Basics

extension RoutingIndex {
    /// Attributes can have any number of values: of the pools that were made for some, few are kept for nobody.
    mutating func dropIfSpare(_ id: PoolID) {
        guard isSpare(id), let (queue, key) = pools.look(at: id, { ($0.queue, $0.key) }) else { return }
        let spare = queues.look(at: queue) { side in side.pools.count { isSpare($0.value) } }
        guard let spare, spare > Self.sparePoolsMax, let members = queues.look(at: queue, { $0.members }) else { return }
        pools[id] = nil
        prospects[id] = nil
        queues.update(queue) { $0.pools[key] = nil }
        forgetOverlaps(of: id, in: queue)
        for member in members { agents.update(member.key) { $0.seats.removeAll { $0.pool == id } } }
    }

    private func isSpare(_ id: PoolID) -> Bool {
        pools.look(at: id, { $0.isSpare }) == true && prospects.look(at: id) { !$0.ready.isEmpty || $0.called > 0 } != true
    }
}
