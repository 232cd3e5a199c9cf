// What is asked of agents becomes less while a contact waits: preferred agents, levels, steps of the requirement.

public import ACD
public import Basics

extension Center {
    /// The beginning of a wait: who is asked first, and when that changes.
    mutating func beginWait(_ contact: inout Contact, _ rules: QueueRules) {
        guard var entry = contact.entry else { return }
        entry.preferred = preferred(for: contact, rules)
        entry.levelMax = rules.levelMax(after: .zero)
        contact.state = .waiting(entry)
        relax(&contact, isBeginning: true)
    }

    /// Brings the contact to the step and level that are due, and sets the time of the next.
    mutating func relax(_ contact: inout Contact, isBeginning: Bool = false) {
        guard var entry = contact.entry, let rules = queues.look(at: entry.queue, \.rules),
            !rules.require.isEmpty || !rules.levelOpenings.isEmpty || entry.preferred != nil
        else { return }
        let before = (entry.step, entry.levelMax)
        if let preferred = entry.preferred, preferred.until <= now || !isAnyThere(of: preferred) { entry.preferred = nil }
        let waited = now - entry.enqueuedAt
        // After a reload there may be fewer steps.
        var step = min(entry.step, max(0, rules.require.count - 1))
        while step + 1 < rules.require.count, isDue(rules.require[step + 1], after: step, contact, entry, rules) { step += 1 }
        entry.step = step
        entry.levelMax = levelMax(entry, rules, after: waited)
        let next = nextRelaxation(of: entry, rules)
        if next != entry.relaxAt {
            entry.relaxAt = next
            deadlines.set(.relax(contact.id), at: next)
        }
        contact.state = .waiting(entry)
        if !isBeginning, before != (entry.step, entry.levelMax) {
            contact.note(.relaxed(entry.queue, step: entry.step, levelMax: entry.levelMax), at: now)
        }
    }

    private func nextRelaxation(of entry: QueueEntry, _ rules: QueueRules) -> Instant {
        var next = entry.preferred?.until ?? .distantFuture
        if rules.require.indices.contains(entry.step + 1), let seconds = rules.require[entry.step + 1].afterSeconds {
            next = min(next, entry.enqueuedAt + .seconds(seconds))
        }
        guard let levelMax = entry.levelMax else { return next }
        for opening in rules.levelOpenings where opening.level > levelMax {
            next = min(next, max(entry.enqueuedAt + .seconds(opening.afterSeconds), now + .microseconds(1)))
        }
        return next
    }

    private mutating func isDue(
        _ step: RequirementStep, after current: Int, _ contact: Contact, _ entry: QueueEntry, _ rules: QueueRules
    ) -> Bool {
        if let seconds = step.afterSeconds, entry.enqueuedAt + .seconds(seconds) <= now { return true }
        switch step.condition {
        case nil: return false
        case .expectedWaitOver(let seconds)?:
            guard let queue = queues[entry.queue], let position = queue.position(of: entry.key) else { return false }
            return expectedWaitSeconds(in: queue, position: position).map { $0 > Double(seconds) } ?? false
        case .staffedUnder(let count)?:
            return staffed(onStep: current, contact, rules) < count
        }
    }

    /// The highest level that may be asked after so long; nil: all. Once opened, a level stays open.
    private func levelMax(_ entry: QueueEntry, _ rules: QueueRules, after waited: Duration) -> Int? {
        guard let open = entry.levelMax, var level = rules.levelMax(after: waited) else { return nil }
        level = max(level, open)
        guard rules.opensEmptyLevels else { return level }
        while staffed(rules.id, levelMax: level) == 0 {
            guard let next = rules.levelOpenings.first(where: { $0.level > level + 1 }) else { return nil }
            level = next.level - 1
        }
        return level
    }

    /// Members who are signed in and meet the requirement, for this contact.
    private mutating func staffed(onStep step: Int, _ contact: Contact, _ rules: QueueRules) -> Int {
        let requirement = rules.require[step].requirement
        let isSame = requirement.attributes.isEmpty
        if isSame, let known = index.queues.look(at: rules.id, { $0.staffedByStep[step] }) ?? nil { return known }
        let resolved = requirement.resolved { contact.attribute($0) }
        let count = rules.members.count { member in
            index.agents.look(at: member.agent) { place in
                place.sight.isSignedIn && resolved.isMet(by: member.agent, with: place.skills)
            } ?? false
        }
        if isSame { index.queues.update(rules.id) { $0.staffedByStep[step] = count } }
        return count
    }

    /// Somebody has come or gone on whom a queue's conditions depend.
    mutating func relaxQueues() {
        followChanges()
        while let id = index.queuesToRelax.popLast() {
            index.queuesToRelax.removeAll { $0 == id }
            let steps = queues.look(at: id, \.rules.require.count) ?? 0
            for key in queues.look(at: id, \.waiting) ?? [] {
                let mayRelax = contacts.look(at: key.contact) { contact in
                    contact.entry.map { $0.step + 1 < steps || $0.levelMax != nil } ?? false
                }
                if mayRelax == true { relaxNow(key.contact) }
            }
        }
        while let id = index.contactsToRelax.popLast() { relaxNow(id) }
    }

    private mutating func relaxNow(_ id: ContactID) {
        guard var contact = contacts[id] else { return }
        let before = contact.entry
        relax(&contact)
        if contact.entry != before { store(contact) }
    }

    // MARK: Preferred agents

    private func preferred(for contact: Contact, _ rules: QueueRules) -> QueueEntry.Preferred? {
        guard let preference = rules.preference else { return nil }
        var agents = preference.agents
        var wait = agents.isEmpty ? 0 : preference.waitSeconds
        if let terms = preference.lastAgent,
            let last = lastAgents.agent(of: contact.caller, since: now - .seconds(terms.withinSeconds))
        {
            // Before everybody else who is preferred.
            let weight = (agents.map(\.weight).max() ?? 0) + 1
            agents = [PreferenceRules.Agent(agent: last, weight: weight)] + agents.filter { $0.agent != last }
            wait = max(wait, terms.waitSeconds)
        }
        let members = agents.filter { member in
            index.queues.look(at: rules.id) { $0.members[member.agent] != nil } ?? false
        }
        let preferred = QueueEntry.Preferred(agents: members, until: now + .seconds(wait))
        return !members.isEmpty && wait > 0 && isAnyThere(of: preferred) ? preferred : nil
    }

    /// Nobody is waited for who is not signed in.
    private func isAnyThere(of preferred: QueueEntry.Preferred) -> Bool {
        preferred.agents.contains { preferred in
            agents.look(at: preferred.agent) { $0.presence.isSignedIn && !$0.isRemoved } ?? false
        }
    }

    // MARK: Dry run

    /// One step of what a queue requires, and who meets it now.
    public struct StepStaffing: Hashable, Sendable {
        public var step: RequirementStep
        /// Signed in, pauses included.
        public var staffed: Int
        /// Could be offered a contact now.
        public var free: Int
    }

    /// How many members meet each step of the queue's requirement now; attributes of contacts count as unknown.
    public func staffing(of queue: QueueID) -> [StepStaffing] {
        guard let rules = queues[queue]?.rules else { return [] }
        let steps = rules.require.isEmpty ? [RequirementStep(.anybody)] : rules.require
        return steps.map { step in
            let requirement = step.requirement.resolved { _ in nil }
            let sights = rules.members.compactMap { member in
                index.agents.look(at: member.agent) { place in
                    requirement.isMet(by: member.agent, with: place.skills) ? place.sight : nil
                } ?? nil
            }
            return StepStaffing(
                step: step, staffed: sights.count { $0.isSignedIn }, free: sights.count { $0.standing == .free })
        }
    }
}

extension QueueRules {
    /// The highest level that may be asked after so long a wait; nil: all.
    func levelMax(after waited: Duration) -> Int? {
        levelOpenings.first { .seconds($0.afterSeconds) > waited }.map { $0.level - 1 }
    }
}
