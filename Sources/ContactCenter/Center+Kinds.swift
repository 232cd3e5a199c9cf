// Kinds of work: which there are, and how many of each an agent may have (S0-66).

public import ACD
public import Basics

extension Center {
    /// Agents that one turn looks at when a maximum changes.
    static let wavePerTurnMax = 500
    static let waveEvery = Duration.milliseconds(1)

    /// Other kinds, or other rules of them.
    ///
    /// - Returns: whether there are others than before.
    @discardableResult
    mutating func takeOnKinds(_ new: CenterConfiguration) -> Bool {
        let before = kinds.map(\.rules)
        kinds = kinds(after: new)
        return kinds.map(\.rules) != before
    }

    /// The configuration's kinds, calls first, and behind them those that are gone and still at work.
    func kinds(after new: CenterConfiguration) -> [KindState] {
        var all = new.kinds.prefix(WorkKind.kindsMax).filter { $0.id != .call }
        all.insert(new.kinds.first { $0.id == .call } ?? .call, at: 0)
        var now = all.map { rules in
            guard var known = kinds.first(where: { $0.rules.id == rules.id }) else { return KindState(rules) }
            if known.rules != rules || known.isRemoved { known.follow(rules) }
            known.satisfaction.removeAll { figure in
                figure.queue.map { queue in !new.queues.contains { $0.id == queue } } ?? false
            }
            return known
        }
        for var old in kinds where !now.contains(where: { $0.rules.id == old.rules.id }) {
            guard contacts.contains(where: { $0.value.kind == old.rules.id }) else { continue }
            old.isRemoved = true
            now.append(old)
        }
        return now
    }

    /// The place of the contact's kind among all.
    func kindPlace(of contact: Contact) -> Int {
        guard let id = contact.digital?.kind else { return 0 }
        return kinds.firstIndex { $0.rules.id == id } ?? 0
    }

    func kindPlace(of contact: ContactID) -> Int { contacts.look(at: contact) { kindPlace(of: $0) } ?? 0 }

    /// Why the agent cannot be offered a piece of the kind at that place now; nil if it can.
    func refusal(of agent: Agent, forKindAt place: Int) -> Refusal? {
        if let refusal = refusalButForRoom(of: agent, forKindAt: place) { return refusal }
        guard !index.rooms.isEmpty, let room = index.rooms[agent.id], room.kind != place, kinds.indices.contains(room.kind),
            agent.isHindered(
                for: kinds[room.kind].rules, atOnceMax: kinds[room.kind].atOnceMax(for: agent.id), by: kinds[place].rules)
        else { return nil }
        return .roomKept
    }

    /// The same, whomever room is kept for.
    func refusalButForRoom(of agent: Agent, forKindAt place: Int) -> Refusal? {
        agent.refusal(for: kinds[place].rules, atOnceMax: kinds[place].atOnceMax(for: agent.id))
    }

    /// Why the agent cannot be offered a piece of that kind now; nil if it can, or if there is no such kind.
    public func refusal(of agent: AgentID, for kind: WorkKindID) -> Refusal? {
        guard let agent = agents[agent], let place = kinds.firstIndex(where: { $0.rules.id == kind }) else { return nil }
        return refusal(of: agent, forKindAt: place)
    }

    /// What may come to the agent from its queues, in the order of the kinds.
    public func kinds(of agent: AgentID) -> [WorkKind] {
        let wanted = index.agents.look(at: agent, { $0.kinds }) ?? []
        let limits = agents.look(at: agent) { $0.limits } ?? nil
        return kinds.filter { !$0.isRemoved }.map(\.rules).filter { wanted.contains($0.id) && limits?.allows($0) != false }
    }

    /// The channels over which something may come to the agent.
    public func channels(of agent: AgentID) -> [Channel] {
        let all = kinds(of: agent).map(\.channel)
        return Channel.allCases.filter { all.contains($0) }
    }

    // MARK: Concurrency

    mutating func satisfactionReported(_ percent: Int, of kind: WorkKindID, in queue: QueueID?) {
        guard let place = kinds.firstIndex(where: { $0.rules.id == kind && !$0.isRemoved }),
            kinds[place].rules.concurrency?.satisfactionBelow != nil,
            queue.map({ queues.look(at: $0) { !$0.isRemoved } ?? false }) ?? true
        else {
            figures.lateEvents += 1
            return
        }
        kinds[place].note(percent, in: queue)
        index.kindsToStep.append(place)
    }

    /// After matching: who is left waits, and that may change how much an agent gets, in a turn of its own.
    mutating func planConcurrency() {
        guard !index.kindsToStep.isEmpty || contacts.hasChanged else { return }
        followChanges()
        while let place = index.kindsToStep.popLast() {
            index.kindsToStep.removeAll { $0 == place }
            planStep(place)
        }
    }

    private func direction(_ place: Int) -> Int {
        kinds[place].direction(waiting: index.waitingByKind.indices.contains(place) ? index.waitingByKind[place] : 0)
    }

    private mutating func planStep(_ place: Int) {
        guard direction(place) != 0, let concurrency = kinds[place].rules.concurrency else {
            kinds[place].nextStepAt = .distantFuture
            // At the bottom nothing is owed.
            kinds[place].owesLowering = false
            return
        }
        let pause = Duration.seconds(max(1, concurrency.stepSeconds))
        let earliest = max(kinds[place].steppedAt.map { $0 + pause } ?? now, kinds[place].wave?.nextAt ?? now)
        let next = max(earliest, now + Self.waveEvery)
        // What is planned for an earlier moment than could be planned now stays.
        guard kinds[place].nextStepAt > next || kinds[place].nextStepAt < earliest else { return }
        kinds[place].nextStepAt = next
        deadlines.set(.concurrency(kinds[place].rules.id), at: next)
    }

    /// One step, if there is a reason for it still.
    mutating func concurrencyDue(_ kind: WorkKindID) {
        guard let place = kinds.firstIndex(where: { $0.rules.id == kind }) else { return }
        followChanges()
        kinds[place].nextStepAt = .distantFuture
        index.kindsToStep.append(place)
        let direction = direction(place)
        guard direction != 0, kinds[place].wave == nil, let present = kinds[place].atOnceMax else { return }
        kinds[place].set(present + direction, at: now)
        kinds[place].owesLowering = false
        spread(place)
    }

    /// A part of the agents gets to know the new maximum.
    mutating func waveDue(_ kind: WorkKindID) {
        guard let place = kinds.firstIndex(where: { $0.rules.id == kind }) else { return }
        spread(place)
        index.kindsToStep.append(place)
    }

    private mutating func spread(_ place: Int) {
        guard var wave = kinds[place].wave else { return }
        let kind = kinds[place].rules.id
        let least = min(wave.formerMax, kinds[place].atOnceMax ?? wave.formerMax)
        for _ in 0..<Self.wavePerTurnMax {
            let next = wave.reached.map { agents.first(after: $0) } ?? agents.first
            guard let next else {
                kinds[place].wave = nil
                return
            }
            wave.reached = next.key
            // Whoever has fewer than either allows does not notice.
            if next.value.count(of: kind) >= least { agents.touch(next.key) }
        }
        wave.nextAt = now + Self.waveEvery
        kinds[place].wave = wave
        deadlines.set(.wave(kind), at: wave.nextAt)
    }
}
