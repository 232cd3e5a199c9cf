// Where somebody stands in a queue, and how long the wait can be expected to be (definitions.md 3.3).

public import ACD
public import Basics

/// What can be said of a wait.
public struct WaitEstimate: Hashable, Sendable {
    /// 1 is the next. In a queue of several kinds those ahead count who compete for the same room: a mail beside which a call
    /// may come does not stand in the call's way, a chat does.
    public var position: Int
    /// nil without data, never zero.
    public var seconds: Double?
    /// Nine of ten such waits are not longer, by the same formula; nil without data.
    public var p90Seconds: Double?
}

extension Center {
    /// A place in a queue, and which agents may serve whoever stands there.
    struct Standing {
        var queue: QueueID
        var key: OrderKey
        /// The place of the kind.
        var kind: Int
        var step: Int
        var level: Int
        var values: [String]

        init(queue: QueueID, key: OrderKey, kind: Int, step: Int, level: Int, values: [String]) {
            self.queue = queue
            self.key = key
            self.kind = kind
            self.step = step
            self.level = level
            self.values = values
        }

        init(in queue: QueueID, _ key: OrderKey, kind: Int, _ begin: Beginning, _ values: [String]) {
            self.init(
                queue: queue, key: key, kind: kind, step: begin.step, level: begin.levelMax ?? .max, values: values)
        }

        var poolKey: PoolKey { PoolKey(step: step, level: level, values: values, kind: kind) }
    }

    /// Pools of one queue that are looked at for those who wait for others; attributes can have any number of values.
    static let poolsForWaitMax = 64

    func standing(of contact: Contact, _ entry: QueueEntry) -> Standing {
        Standing(
            queue: entry.queue, key: entry.key, kind: kindPlace(of: contact), step: entry.step,
            level: entry.levelMax ?? .max, values: values(of: contact, onStep: entry.step, in: entry.queue))
    }

    /// Of a contact that waits; nil: it does not, or for one agent in person, to whom no place means anything.
    public func waitEstimate(of contact: Contact) -> WaitEstimate? {
        guard let entry = contact.entry, entry.personal == nil, let queue = queues[entry.queue] else { return nil }
        return estimate(of: standing(of: contact, entry), in: queue)
    }

    /// Of a contact of that kind that came now and behind everybody, with nothing known of it; nil: the queue does not take it.
    public func waitEstimate(ofNewcomer kind: WorkKindID, in queue: QueueID) -> WaitEstimate? {
        guard let queue = queues[queue], queue.rules.kinds.contains(kind),
            let place = kinds.firstIndex(where: { $0.rules.id == kind })
        else { return nil }
        let last = OrderKey(priorityClass: .min, enqueuedAt: now, boostSeconds: 0, contact: ContactID(rawValue: .max))
        let count = queue.rules.require.requirement(of: 0)?.attributes.count ?? 0
        return estimate(
            of: Standing(
                queue: queue.id, key: last, kind: place, step: 0, level: queue.rules.levelMax(after: .zero) ?? .max,
                values: Array(repeating: "", count: count)), in: queue)
    }

    private func estimate(of place: Standing, in queue: WaitingQueue) -> WaitEstimate {
        let stages = expectedWait(of: place, in: queue)
        return WaitEstimate(
            position: position(of: place, in: queue), seconds: stages?.seconds, p90Seconds: stages?.p90Seconds)
    }

    // MARK: Position

    func position(of place: Standing) -> Int { queues.look(at: place.queue) { position(of: place, in: $0) } ?? 1 }

    func expectedWait(of place: Standing) -> ExpectedWait.Stages? {
        queues.look(at: place.queue) { expectedWait(of: place, in: $0) } ?? nil
    }

    func position(of place: Standing, in queue: WaitingQueue) -> Int {
        ahead(of: place, in: queue).reduce(1) { $0 + $1.count }
    }

    /// Those ahead who compete for the same room, by the place of their kind: whoever's work is seen beside that of this kind.
    private func ahead(of place: Standing, in queue: WaitingQueue) -> [(kind: Int, count: Int)] {
        guard index.queues.look(at: queue.id, { $0.isMixed }) == true, kinds.indices.contains(place.kind) else {
            return [(place.kind, queue.waiting.count(before: place.key))]
        }
        let id = kinds[place.kind].rules.id
        return index.queues.look(at: queue.id) { side in
            side.lines.compactMap { line in
                guard kinds.indices.contains(line.key), !kinds[line.key].rules.interruptedBy.contains(id) else { return nil }
                return (line.key, line.value.count(before: place.key))
            }
        } ?? []
    }

    // MARK: Wait

    /// The mean of the p-th service completion over the agents who may serve whoever stands there:
    /// Σ_{k=1..p} 1/(Σ_a μ_a,q + (k−1)·θ), an agent of several queues with its share, one who can have several pieces of the kind
    /// at once with each of them.
    ///
    /// Whoever stands ahead and waits for the same agents counts as one. Who waits for others counts by the part of those
    /// others who may serve this place, too; and who waits with work of another kind, by the time and room that it takes of
    /// an agent beside this kind.
    ///
    /// - Parameters:
    ///   - leavingOutResting: callbacks whose time has not come stand ahead in the order, and in nobody's way.
    /// - Returns: nil without data: nobody there who could serve it, or nobody served yet.
    func expectedWait(
        of place: Standing, in queue: WaitingQueue, leavingOutResting: Bool = false
    ) -> ExpectedWait.Stages? {
        let rate = serviceRate(of: place, in: queue)
        guard rate > 0 else { return nil }
        let own = handleSeconds(ofKindAt: place.kind, in: queue) ?? 0
        var ahead = 0.0
        for (kind, count) in self.ahead(of: place, in: queue) where count > 0 {
            var weight = 1.0
            if kind != place.kind, own > 0, let other = handleSeconds(ofKindAt: kind, in: queue) { weight = other / own }
            var sum = Double(count) - waitingForOthers(than: place, kind)
            if leavingOutResting, kind == 0 {
                sum -= Double(index.queues.look(at: queue.id) { $0.callbacks.resting.count(before: place.key) } ?? 0)
            }
            ahead += max(0, sum) * weight
        }
        return ExpectedWait.stages(
            ahead: ahead, serviceRate: rate, abandonRate: abandonRate(ofKindAt: place.kind, in: queue))
    }

    /// Abandons per second of waiting, of those who wait over the same channel.
    private func abandonRate(ofKindAt kind: Int, in queue: WaitingQueue) -> Double {
        let isMixed = index.queues.look(at: queue.id) { $0.isMixed } == true
        guard isMixed, kinds.indices.contains(kind) else { return queue.figures.abandonRate }
        return queue.figures.figures(of: kinds[kind].rules.channel).abandonRate
    }

    /// Of the conditions of steps: by everybody ahead and every agent of the queue. By those who may serve the place, and who
    /// waits for them, the answer would depend on the order in which those who wait are looked at, because less is asked for
    /// one after the other.
    func expectedWait(of key: OrderKey, ofKindAt kind: Int, in queue: WaitingQueue, isOver seconds: Int) -> Bool {
        let place = Standing(queue: queue.id, key: key, kind: kind, step: 0, level: .max, values: [])
        let own = handleSeconds(ofKindAt: kind, in: queue) ?? 0
        let ahead = ahead(of: place, in: queue).reduce(0.0) { sum, other in
            guard other.kind != kind, own > 0, let time = handleSeconds(ofKindAt: other.kind, in: queue) else {
                return sum + Double(other.count)
            }
            return sum + Double(other.count) * time / own
        }
        return ExpectedWait.isOver(
            Double(seconds), ahead: ahead, serviceRate: serviceRate(of: queue),
            abandonRate: abandonRate(ofKindAt: kind, in: queue))
    }

    /// Of those of that kind ahead the part that will be served by agents who may not serve this place.
    private func waitingForOthers(than place: Standing, _ kind: Int) -> Double {
        let key = place.poolKey
        return index.queues.look(at: place.queue) { side in
            let pool = side.pools[key]
            guard side.pools.count > (pool == nil ? 0 : 1) else { return 0 }
            guard let common = pool == nil ? shares(ofPoolsBeside: place, side) : [] else { return 0 }
            var sum = 0.0, looked = 0
            for entry in side.pools where entry.key.kind == kind && entry.value != pool {
                let count =
                    index.pools.look(at: entry.value) { other in
                        other.isEmpty ? 0 : other.waiting.count(before: place.key) + other.ringing.count(before: place.key)
                    } ?? 0
                guard count > 0 else { continue }
                let part = pool.map { index.part(of: entry.value, in: $0) } ?? part(of: entry.value, common)
                sum += Double(count) * (1 - min(1, part))
                looked += 1
                if looked == Self.poolsForWaitMax { break }
            }
            return sum
        } ?? 0
    }

    private func part(of pool: RoutingIndex.PoolID, _ common: [(pool: RoutingIndex.PoolID, share: Int64)]) -> Double {
        let whole = index.pools.look(at: pool, { $0.memberShare }) ?? 0
        return whole > 0 ? Double(common.first { $0.pool == pool }?.share ?? 0) / Double(whole) : 0
    }

    /// Of each pool the agents who might serve whoever stands there. Whether that place has a pool of its own depends on who
    /// has waited before, the answer does not.
    ///
    /// - Returns: nil: there are too many to look at.
    private func shares(
        ofPoolsBeside place: Standing, _ side: RoutingIndex.QueueSide
    ) -> [(pool: RoutingIndex.PoolID, share: Int64)]? {
        guard side.keepsOverlaps else { return nil }
        guard let step = queues.look(at: place.queue, { $0.rules.require.requirement(of: place.step) ?? .anybody }) else {
            return []
        }
        let requirement = step.resolved(with: place.values)
        var common: [(pool: RoutingIndex.PoolID, share: Int64)] = []
        for member in side.members where member.value.level <= place.level {
            index.agents.look(at: member.key) { agent in
                guard requirement.isMet(by: member.key, with: agent.skills) else { return }
                RoutingIndex.noteOverlaps(of: agent, in: place.queue, &common)
            }
        }
        return common
    }

    /// Completions per second of the agents who may serve whoever stands there; 0 without data.
    private func serviceRate(of place: Standing, in queue: WaitingQueue) -> Double {
        guard let handle = meanHandleSeconds(ofKindAt: place.kind, in: queue) else { return 0 }
        let key = place.poolKey
        let share: Int64
        if let pool = index.queues.look(at: queue.id, { $0.pools[key] }) ?? nil {
            share = index.pools.look(at: pool, { $0.availableShare }) ?? 0
        } else {
            // Whether there is such a pool depends on who has waited before, the answer does not.
            let requirement = queue.rules.require.requirement(of: place.step)?.resolved(with: place.values) ?? .anybody
            share =
                index.queues.look(at: queue.id) { side in
                    side.members.reduce(0) { sum, member in
                        guard member.value.level <= key.level else { return sum }
                        return sum
                            + (index.agents.look(at: member.key) { agent in
                                let counts = agent.sight.isAvailable(forKind: key.kind)
                                return counts && requirement.isMet(by: member.key, with: agent.skills)
                                    ? agent.share(of: key.kind) : 0
                            } ?? 0)
                    }
                } ?? 0
        }
        return Double(share) / Double(RoutingIndex.wholeShare) / handle
    }

    /// Completions per second of all available members together, each with its share for this queue; 0 without data.
    public func serviceRate(of queue: WaitingQueue) -> Double {
        guard let handle = queue.figures.meanHandleSeconds else { return 0 }
        let share = index.queues.look(at: queue.id, { $0.availableShare }) ?? 0
        return Double(share) / Double(RoutingIndex.wholeShare) / handle
    }

    /// What one piece takes of an agent of the usual capacity who has nothing else.
    private func handleSeconds(ofKindAt kind: Int, in queue: WaitingQueue) -> Double? {
        guard kinds.indices.contains(kind) else { return nil }
        return meanHandleSeconds(ofKindAt: kind, in: queue).map { $0 / Double(kinds[kind].rules.slots(within: nil)) }
    }

    private func meanHandleSeconds(ofKindAt kind: Int, in queue: WaitingQueue) -> Double? {
        guard kinds.indices.contains(kind), kinds[kind].rules.channel != .voice else {
            return queue.figures.meanHandleSeconds
        }
        return queue.figures.figures(of: kinds[kind].rules.channel).meanHandleSeconds ?? queue.figures.meanHandleSeconds
    }

    /// Pieces of each kind that an agent of these limits can have at once, in the order of the kinds; empty: calls alone.
    func slots(within limits: AgentLimits?) -> [Int] {
        kinds.count > 1 ? kinds.map { $0.rules.slots(within: limits) } : []
    }
}
