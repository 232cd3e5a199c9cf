// What is asked of agents becomes less while a contact waits: preferred agents, levels, steps of the requirement.

public import ACD
public import Basics

extension Center {
    /// What is asked of agents when a wait begins.
    struct Beginning {
        var step = 0
        var levelMax: Int?
        var preferred: QueueEntry.Preferred?
    }

    /// - Parameters:
    ///   - key: the place that the contact has in the queue, or would have.
    ///   - isReturn: it has been with an agent already.
    ///   - former: who has just handed it on.
    func beginning(
        of contact: Contact, in queue: WaitingQueue, with key: OrderKey, isReturn: Bool, notBy former: AgentID? = nil
    ) -> Beginning {
        let rules = queue.rules
        let levelMax = rules.levelMax(after: .zero).flatMap { self.levelMax(opened: $0, rules, after: .zero) }
        return Beginning(
            step: dueStep(from: 0, of: contact, with: key, since: now, rules, levelMax: levelMax),
            levelMax: levelMax,
            preferred: preferred(for: contact, rules, isReturn: isReturn, notBy: former))
    }

    func beginning(
        of contact: Contact, in queue: QueueID, with key: OrderKey, isReturn: Bool, notBy former: AgentID? = nil
    ) -> Beginning {
        queues.look(at: queue) { beginning(of: contact, in: $0, with: key, isReturn: isReturn, notBy: former) } ?? Beginning()
    }

    /// Brings the contact to the step and level that are due, and sets the time of the next.
    mutating func relax(_ contact: inout Contact, isBeginning: Bool = false) {
        guard var entry = contact.entry,
            queues.look(at: entry.queue, { !$0.rules.require.isEmpty || !$0.rules.levelOpenings.isEmpty }) == true
                || entry.asksLessWithTime, let rules = queues.look(at: entry.queue, { $0.rules })
        else { return }
        let before = (entry.step, entry.levelMax)
        if let preferred = entry.preferred,
            preferred.until <= now || rules.preference == nil
                || !contact.isHeldBack && !isAnyThere(of: preferred, for: contact, in: rules.id)
        {
            entry.preferred = nil
        }
        // After a reload there may be fewer steps, or none.
        let step = min(entry.step, max(0, rules.require.count - 1))
        learnStaff(for: contact, rules)
        entry.step = dueStep(
            from: step, of: contact, with: entry.key, since: entry.enqueuedAt, rules, levelMax: entry.levelMax)
        entry.levelMax = entry.levelMax.flatMap { levelMax(opened: $0, rules, after: now - entry.enqueuedAt) }
        let next = nextRelaxation(of: entry, rules)
        if next != entry.relaxAt {
            entry.relaxAt = next
            deadlines.set(.relax(contact.id), at: next)
        }
        contact.state = .waiting(entry)
        // There may be an agent now for whom a customer can be called back.
        if before != (entry.step, entry.levelMax) { index.mayCall(entry.queue) }
        if !isBeginning, before != (entry.step, entry.levelMax) {
            contact.note(.relaxed(entry.queue, step: entry.step, levelMax: entry.levelMax), at: now)
        }
    }

    private func nextRelaxation(of entry: QueueEntry, _ rules: QueueRules) -> Instant {
        var next = entry.preferred?.until ?? .distantFuture
        if let seconds = rules.require.step(entry.step + 1)?.afterSeconds {
            next = min(next, entry.enqueuedAt + .seconds(seconds))
        }
        guard let levelMax = entry.levelMax else { return next }
        for opening in rules.levelOpenings where opening.level > levelMax {
            next = min(next, max(entry.enqueuedAt + .seconds(opening.afterSeconds), now + .microseconds(1)))
        }
        return next
    }

    /// The step to which the contact has come that was on `first`.
    private func dueStep(
        from first: Int, of contact: Contact, with key: OrderKey, since: Instant, _ rules: QueueRules, levelMax: Int?
    ) -> Int {
        var step = first
        while let next = rules.require.step(step + 1) {
            guard isDue(next, after: step, contact, key, since, rules, levelMax) else { break }
            step += 1
        }
        return step
    }

    private func isDue(
        _ step: RequirementStep, after current: Int, _ contact: Contact, _ key: OrderKey, _ since: Instant,
        _ rules: QueueRules, _ levelMax: Int?
    ) -> Bool {
        if let seconds = step.afterSeconds, since + .seconds(seconds) <= now { return true }
        switch step.condition {
        case nil: return false
        case .expectedWaitOver(let seconds)?:
            return queues.look(at: rules.id) { queue in
                expectedWait(of: key, ofKindAt: kindPlace(of: contact), in: queue, isOver: seconds)
            } ?? false
        case .staffedUnder(let count)?:
            return index.staffed(onStep: current, values(of: contact, onStep: current, in: rules.id), of: rules) < count
        }
    }

    /// The highest level that may be asked after so long; nil: all. Once opened, a level stays open.
    private func levelMax(opened: Int, _ rules: QueueRules, after waited: Duration) -> Int? {
        guard var level = rules.levelMax(after: waited) else { return nil }
        level = max(level, opened)
        guard rules.opensEmptyLevels else { return level }
        while staffed(rules.id, levelMax: level) == 0 {
            guard let next = rules.levelOpenings.first(where: { $0.level > level + 1 }) else { return nil }
            level = next.level - 1
        }
        return level
    }

    /// So that nobody counts the members for each contact anew.
    mutating func learnStaff(for contact: Contact, _ rules: QueueRules) {
        for (next, step) in rules.require.enumerated().dropFirst() {
            guard case .staffedUnder? = step.condition else { continue }
            index.learnStaffed(onStep: next - 1, values(of: contact, onStep: next - 1, in: rules.id), of: rules)
        }
    }

    mutating func learnStaff(for contact: Contact, in queue: QueueID) {
        guard index.queues.look(at: queue, { $0.asksForStaff }) == true, let rules = queues.look(at: queue, { $0.rules })
        else { return }
        learnStaff(for: contact, rules)
    }

    /// The values of the contact's attributes that stand in a step of the requirement.
    func values(of contact: Contact, onStep step: Int, in queue: QueueID) -> [String] {
        let names = index.queues.look(at: queue) { $0.attributes(onStep: step) } ?? []
        return names.isEmpty ? [] : names.map { contact.attribute($0) ?? "" }
    }

    private mutating func relaxNow(_ id: ContactID) {
        guard var contact = contacts[id] else { return }
        let before = contact.entry
        relax(&contact)
        if contact.entry != before { store(contact) }
    }

    // MARK: Conditions

    /// Somebody has come or gone, or the expected wait has changed, on which a queue's conditions depend.
    mutating func relaxQueues() {
        followChanges()
        while let id = index.queuesToRelax.popLast() {
            index.queuesToRelax.removeAll { $0 == id }
            for contact in contactsToRelax(in: id) { relaxNow(contact) }
        }
        while let id = index.contactsToRelax.popLast() { relaxNow(id) }
    }

    /// Who stands further behind than before, or behind slower agents, may have to be asked less for.
    mutating func orderChanged(in queue: QueueID) {
        if index.queues.look(at: queue, { $0.asksForExpectedWait }) == true { index.queuesToRelax.append(queue) }
    }

    /// The contacts of the queue for whom a condition holds now. Those who have come equally far are asked for together.
    mutating func contactsToRelax(in id: QueueID) -> [ContactID] {
        guard let queue = queues[id] else { return [] }
        let rules = queue.rules
        var found: [ContactID] = []
        var next = index.queues.look(at: id, { $0.relaxing.first?.key }) ?? nil
        while let group = next {
            next = index.queues.look(at: id) { $0.relaxing.first(after: group)?.key } ?? nil
            let isLevelEmpty =
                group.levelMax != .max && rules.opensEmptyLevels && staffed(id, levelMax: group.levelMax) == 0
            var first: OrderKey?
            var isDue = isLevelEmpty
            switch rules.require.step(group.step + 1)?.condition {
            case .staffedUnder(let count)? where !isDue:
                index.learnStaffed(onStep: group.step, group.values, of: rules)
                isDue = index.staffed(onStep: group.step, group.values, of: rules) < count
            case .expectedWaitOver(let seconds)? where !isDue:
                first = firstWaiting(over: seconds, of: group, in: id)
                isDue = first != nil
            case .staffedUnder?, .expectedWaitOver?, nil: break
            }
            guard isDue else { continue }
            index.queues.look(at: id) { side in
                var entry =
                    side.relaxing.look(at: group) { keys in
                        first.map { keys.first(notBefore: $0) } ?? keys.first
                    } ?? nil
                while let key = entry?.key {
                    found.append(key.contact)
                    entry = side.relaxing.look(at: group) { $0.first(after: key) } ?? nil
                }
            }
        }
        return found
    }

    /// The first of the group whose expected wait is longer: that of everybody behind it is, too.
    private func firstWaiting(over seconds: Int, of group: RoutingIndex.RelaxingGroup, in queue: QueueID) -> OrderKey? {
        if index.queues.look(at: queue, { $0.isMixed }) != true {
            return queues.look(at: queue) { queue in
                let position = ExpectedWait.firstPosition(
                    waitingOver: Double(seconds), of: queue.waiting.count, serviceRate: serviceRate(of: queue),
                    abandonRate: queue.figures.abandonRate)
                return position.map { queue.waiting[$0 - 1] }
            } ?? nil
        }
        func key(at place: Int) -> OrderKey? {
            index.queues.look(at: queue) { $0.relaxing.look(at: group) { $0.entry(at: place)?.key } ?? nil } ?? nil
        }
        var low = 0, high = index.queues.look(at: queue) { $0.relaxing.look(at: group) { $0.count } ?? 0 } ?? 0
        let count = high
        while low < high {
            let middle = (low + high) / 2
            guard let key = key(at: middle) else { return nil }
            let isOver = queues.look(at: queue) { expectedWait(of: key, ofKindAt: group.kind, in: $0, isOver: seconds) }
            if isOver == true { high = middle } else { low = middle + 1 }
        }
        return low < count ? key(at: low) : nil
    }

    /// Where the contact stands among those for whom the conditions of their queue are looked at; nil: it does not.
    func relaxingPlace(of entry: QueueEntry, _ id: ContactID) -> RoutingIndex.RelaxingPlace? {
        guard index.queues.look(at: entry.queue, { $0.dependsOnFloor }) == true,
            let rules = queues.look(at: entry.queue, { $0.rules })
        else { return nil }
        let condition = rules.require.step(entry.step + 1)?.condition
        let waitsForLevel = entry.levelMax != nil && rules.opensEmptyLevels
        guard condition != nil || waitsForLevel else { return nil }
        var group = RoutingIndex.RelaxingGroup(step: entry.step, levelMax: waitsForLevel ? entry.levelMax ?? .max : .max)
        switch condition {
        case nil: break
        case .staffedUnder?: group.values = contacts.look(at: id) { values(of: $0, onStep: entry.step, in: entry.queue) } ?? []
        case .expectedWaitOver?:
            if index.queues.look(at: entry.queue, { $0.isMixed }) == true { group.kind = kindPlace(of: id) }
        }
        return RoutingIndex.RelaxingPlace(queue: entry.queue, group: group, key: entry.key)
    }

    // MARK: Preferred agents

    private func preferred(
        for contact: Contact, _ rules: QueueRules, isReturn: Bool, notBy former: AgentID?
    ) -> QueueEntry.Preferred? {
        guard let preference = rules.preference else { return nil }
        var agents = preference.agents
        var wait = agents.isEmpty ? 0 : preference.waitSeconds
        // Who comes back from an agent shall not wait for that very agent; nor is it known who calls without a number.
        if let terms = preference.lastAgent, !isReturn, !contact.caller.isUnknown,
            let last = lastAgents.agent(of: contact.caller, since: now - .seconds(terms.withinSeconds))
        {
            // Before everybody else who is preferred.
            let weight = (agents.map(\.weight).max() ?? 0) + 1
            agents = [PreferenceRules.Agent(agent: last, weight: weight)] + agents.filter { $0.agent != last }
            wait = max(wait, terms.waitSeconds)
        }
        let members = agents.filter { $0.agent != former && isMember($0.agent, of: rules.id) }
        let preferred = QueueEntry.Preferred(agents: members, until: now + .seconds(wait))
        return !members.isEmpty && wait > 0 && isAnyThere(of: preferred, for: contact, in: rules.id) ? preferred : nil
    }

    /// Nobody is waited for who is not signed in, no member any more, or does no such work now.
    private func isAnyThere(of preferred: QueueEntry.Preferred, for contact: Contact, in queue: QueueID) -> Bool {
        let kind = kinds[kindPlace(of: contact)].rules
        return preferred.agents.contains { preferred in
            isMember(preferred.agent, of: queue)
                && agents.look(at: preferred.agent) { agent in
                    agent.presence.isSignedIn && !agent.isRemoved && agent.limits?.allows(kind) != false
                        && !agent.isClosed(kind.channel)
                } ?? false
        }
    }

    private func isMember(_ agent: AgentID, of queue: QueueID) -> Bool {
        index.queues.look(at: queue) { $0.members[agent] != nil } ?? false
    }

    // MARK: Dry run

    /// One step of what a queue requires, and who meets it now.
    public struct StepStaffing: Hashable, Sendable {
        public var step: RequirementStep
        /// Whoever meets it, signed in or not.
        public var members: Int
        /// Signed in, pauses included.
        public var staffed: Int
        /// Could be offered a contact now.
        public var free: Int
    }

    /// How many members meet each step of the queue's requirement now; attributes of contacts count as unknown.
    public func staffing(of queue: QueueID) -> [StepStaffing] {
        guard let rules = queues[queue]?.rules else { return [] }
        let steps = rules.require.isEmpty ? [RequirementStep(.anybody)] : rules.require
        let places = kinds.indices.filter { rules.kinds.contains(kinds[$0].rules.id) }
        let takesCalls = rules.kinds.contains(.call)
        return steps.map { step in
            let requirement = step.requirement.resolved { _ in nil }
            let sights = rules.members.compactMap { member in
                index.agents.look(at: member.agent) { place in
                    requirement.isMet(by: member.agent, with: place.skills) ? place.sight : nil
                } ?? nil
            }
            return StepStaffing(
                step: step, members: sights.count, staffed: sights.count { $0.isStaff(where: takesCalls) },
                free: sights.count { sight in places.contains { sight.standing($0) == .free } })
        }
    }
}

extension QueueEntry {
    /// Something is asked of agents that will be asked no longer after a time.
    fileprivate var asksLessWithTime: Bool {
        step != 0 || levelMax != nil || preferred != nil || relaxAt != .distantFuture
    }
}

extension [RequirementStep] {
    func step(_ step: Int) -> RequirementStep? { indices.contains(step) ? self[step] : nil }
}

extension QueueRules {
    /// The highest level that may be asked after so long a wait; nil: all.
    func levelMax(after waited: Duration) -> Int? {
        levelOpenings.first { .seconds($0.afterSeconds) > waited }.map { $0.level - 1 }
    }
}

extension QueueEntry {
    /// Who is asked first.
    mutating func begin(_ begin: Center.Beginning) {
        preferred = begin.preferred
        step = begin.step
        levelMax = begin.levelMax
    }
}
