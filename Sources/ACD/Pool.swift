// Who waits for the same agents, and which of these are free: where contacts and agents meet without anybody being searched.

public import Basics

/// What tells the pools of one queue apart.
public struct PoolKey: Hashable, Comparable, Sendable {
    /// Step of the queue's requirement, from 0.
    public var step: Int
    /// The highest level whose agents may be asked.
    public var level: Int
    /// The values of the contact's attributes that stand in the requirement.
    public var values: [String]
    /// The place of the contact's kind among all kinds of the center; 0: a call.
    public var kind: Int

    public init(step: Int, level: Int, values: [String] = [], kind: Int = 0) {
        self.step = step
        self.level = level
        self.values = values
        self.kind = kind
    }

    public static func < (a: PoolKey, b: PoolKey) -> Bool {
        if a.step != b.step { return a.step < b.step }
        if a.level != b.level { return a.level < b.level }
        if a.kind != b.kind { return a.kind < b.kind }
        return a.values.lexicographicallyPrecedes(b.values)
    }
}

/// The contacts of a queue that have come to the same step and level, in order of service, and the free agents who may have
/// them, best first. Both sides are kept in order as they change, so that either finds its match by looking at a first entry.
public struct Pool: Hashable, Sendable {
    /// A free agent.
    public struct Ready: Hashable, Sendable {
        public let agent: AgentID
        /// Where routing has what it knows of the agent.
        public let place: PagedLocation
        /// For the weighted draw; at least 1.
        public let weight: Int

        public init(agent: AgentID, at place: PagedLocation, weight: Int) {
            self.agent = agent
            self.place = place
            self.weight = max(1, weight)
        }
    }

    /// A contact's place has no content beside its key.
    public struct Place: Hashable, Sendable { public init() {} }

    public let queue: QueueID
    public let key: PoolKey
    /// With the values in place of the attributes.
    public let requirement: Requirement
    /// The skills that it asks for.
    public let skills: [String]
    public let keys: [SelectionKey]
    /// The key at which the comparison ends.
    public let decidingKey: SelectionKey
    /// Where the ranks of free agents have how long they have been idle, if nothing draws behind it.
    let idlePlace: Int?
    /// The greatest weight among the members.
    let weightMax: Int
    /// The free ones.
    public var ready = PagedMap<Rank, Ready>()
    /// Contacts for whom nobody is rung.
    public var waiting = PagedMap<OrderKey, Place>()
    /// Contacts for whom somebody is rung, and may be more.
    public var ringing = PagedMap<OrderKey, Place>()
    /// Why the other members of the queue are not in `ready`.
    public var refusals = RefusalTally()
    /// Of every member who may have them and works, the part of its time that is this queue's, for each piece that it can have
    /// at once; in billionths.
    public var availableShare: Int64 = 0
    /// Of every member who may have them, there or not, the part of its time that is this queue's; in billionths.
    public var memberShare: Int64 = 0
    /// What it has in common with those that were there before it is known.
    public var knowsOverlaps = true

    public var isEmpty: Bool { waiting.isEmpty && ringing.isEmpty }

    public init(queue: QueueID, key: PoolKey, requirement: Requirement, keys: [SelectionKey], weightMax: Int = 1) {
        self.queue = queue
        self.key = key
        self.requirement = requirement
        skills = requirement.skills
        self.keys = keys
        self.weightMax = max(1, weightMax)
        decidingKey = keys.first(where: \.decides) ?? .order
        let compared = keys.prefix { !$0.decides }.filter { $0 != .level }.prefix(Rank.valuesMax)
        idlePlace = decidingKey == .order ? compared.firstIndex(of: .longestIdle) : nil
    }

    /// Made for values of attributes that nobody has who waits.
    public var isSpare: Bool { !key.values.isEmpty && waiting.isEmpty && ringing.isEmpty }
}

// MARK: Choosing

extension Pool {
    public typealias Found = PagedMap<Rank, Ready>.Entry

    /// The best free agent that may have the contact.
    ///
    /// - Parameters:
    ///   - levelMax: agents of higher levels are not asked.
    ///   - pointer: the order of the member that the queue has tried last.
    ///   - isExcluded: agents that are passed over.
    public func best(
        levelMax: Int, after pointer: Int?, at now: Instant, random: inout SeededRandom, isExcluded: (AgentID) -> Bool
    ) -> Found? {
        var next = ready.first
        while let head = next, head.key.level <= levelMax {
            switch decidingKey {
            case .roundRobin:
                if let found = inTurn(of: head.key, after: pointer, isExcluded) { return found }
                next = ready.first(after: head.key.with(order: .max))
            case .random, .weightedRandom:
                if let found = drawn(of: head.key, &random, isExcluded) { return found }
                next = ready.first(after: head.key.with(order: .max))
            case .order, .level, .bestSkills, .longestIdle, .leastRecent, .fewestCalls, .fewestCallsOfQueue, .leastTalkTime,
                .lastOffered:
                if let group = longIdle(from: head, at: now) {
                    if let found = group.best.first(where: { !isExcluded($0.value.agent) }) { return found }
                    next = ready.first(after: group.last)
                    continue
                }
                if !isExcluded(head.value.agent) { return head }
                next = ready.first(after: head.key)
            }
        }
        return nil
    }

    /// Who would have come after `winner`, best first; of a draw, in the order of the members.
    public func runnersUp(
        _ count: Int, to winner: Found, after pointer: Int?, at now: Instant, isExcluded: (AgentID) -> Bool
    ) -> [Found] {
        var found: [Found] = []
        found.reserveCapacity(min(count, ready.count))
        /// Returns whether there may be more.
        func collect(from first: Found?, while isWanted: (Rank) -> Bool) {
            guard let first, found.count < count else { return }
            ready.walk(from: first.key) { rank, agent in
                guard found.count < count, isWanted(rank) else { return false }
                if rank != winner.key, !isExcluded(agent.agent) { found.append(Found(key: rank, value: agent)) }
                return true
            }
        }
        if decidingKey == .roundRobin {
            let group = winner.key
            collect(from: ready.first(after: group)) { $0.isEqualButForOrder(to: group) }
            collect(from: ready.first(notBefore: group.with(order: .min))) { $0 < group }
            collect(from: ready.first(after: group.with(order: .max))) { _ in true }
        } else if let head = ready.first, let group = longIdle(from: head, at: now) {
            found = Array(
                group.best.filter { $0.key != winner.key && !isExcluded($0.value.agent) }.prefix(count))
            collect(from: ready.first(after: group.last)) { _ in true }
        } else {
            collect(from: ready.first) { _ in true }
        }
        return found
    }

    /// Agents that are compared with each other when all of them have been idle for longer than is looked back (Genesys
    /// considers as many).
    static let longIdleMax = 100

    /// The agents from this one on who have been idle for so long that it makes no difference for how long.
    ///
    /// - Returns: them, best first, and the key of the last of them as they stand; nil: the first one has not.
    private func longIdle(from head: Found, at now: Instant) -> (best: [Found], last: Rank)? {
        guard let place = idlePlace else { return nil }
        // Who works on something has a value far above every time.
        let latest = (now - SelectionKey.lookBack).microseconds
        guard head.key.values[place] <= latest else { return nil }
        var group = [head]
        while let last = group.last, group.count < Self.longIdleMax, let entry = ready.first(after: last.key),
            entry.key.isEqual(to: head.key, before: place), entry.key.values[place] <= latest
        {
            group.append(entry)
        }
        let last = group.last?.key ?? head.key
        if group.count > 1 { group.sort { $0.key.with(0, at: place) < $1.key.with(0, at: place) } }
        return (group, last)
    }

    /// The first of the group behind the pointer, and then from the beginning.
    private func inTurn(of group: Rank, after pointer: Int?, _ isExcluded: (AgentID) -> Bool) -> Found? {
        let start = group.with(order: pointer.map { $0 + 1 } ?? .min)
        var next = ready.first(notBefore: start)
        while let entry = next, entry.key.isEqualButForOrder(to: group) {
            if !isExcluded(entry.value.agent) { return entry }
            next = ready.first(after: entry.key)
        }
        next = ready.first(notBefore: group.with(order: .min))
        while let entry = next, entry.key < start {
            if !isExcluded(entry.value.agent) { return entry }
            next = ready.first(after: entry.key)
        }
        return nil
    }

    /// Tries of a draw before everybody is counted.
    private static let drawsMax = 32

    /// One of the group, by lot: a place is drawn, and stands with the probability of its weight.
    private func drawn(of group: Rank, _ random: inout SeededRandom, _ isExcluded: (AgentID) -> Bool) -> Found? {
        let first = ready.count(before: group.with(order: .min))
        let count = ready.count(before: group.with(order: .max)) - first
        guard count > 0 else { return nil }
        let isWeighted = decidingKey == .weightedRandom
        for _ in 0..<Self.drawsMax {
            guard let entry = ready.entry(at: first + random.below(count)) else { return nil }
            if isWeighted, random.below(weightMax) >= entry.value.weight { continue }
            if !isExcluded(entry.value.agent) { return entry }
        }
        // Small weights, or most of them excluded.
        let all = (0..<count).compactMap { ready.entry(at: first + $0) }.filter { !isExcluded($0.value.agent) }
        let sum = all.reduce(0) { $0 + (isWeighted ? $1.value.weight : 1) }
        guard sum > 0 else { return nil }
        var rest = random.below(sum)
        for entry in all {
            rest -= isWeighted ? entry.value.weight : 1
            if rest < 0 { return entry }
        }
        return nil
    }
}
