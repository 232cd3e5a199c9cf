// Whose turn to be called comes: never more customers than agents who will be free for them (definitions.md 3.7).

import ACD
import Basics

extension Center {
    /// How long a contact takes while none has been handled yet (definitions.md 3.3, "AHT default 90 s").
    static let handleUsual = Duration.seconds(90)
    /// Agents that are looked at for one pool in one turn; those behind them are passed over, which calls fewer.
    static let forecastAgentsMax = 64
    /// Places of agents that are looked at in one turn, for all pools together; the rest has its turn at once.
    static let forecastSeatsMax = 1500
    /// Customers called in one turn.
    static let callsInTurnMax = 20
    /// When an agent was kept for somebody of another queue, it is looked again after so long whether that one has gone.
    static let forecastCheck = Duration.seconds(5)

    /// What one turn may still do.
    private struct Budget {
        var seats = Center.forecastSeatsMax
        var calls = Center.callsInTurnMax

        var isSpent: Bool { seats <= 0 || calls <= 0 }
    }

    /// Who would have an agent before the customer.
    private struct Rival {
        enum Source { case waiting(RoutingIndex.PoolID), ready(RoutingIndex.PoolID), own }

        var queue: QueueID
        var weight: Int
        var key: OrderKey
        var source: Source

        func isBefore(_ other: Rival) -> Bool { weight != other.weight ? weight > other.weight : key < other.key }
    }

    /// Up to where the contacts of each pool have got an agent in the forecast.
    private struct Served {
        var waiting = PagedMap<RoutingIndex.PoolID, OrderKey>()
        var ready = PagedMap<RoutingIndex.PoolID, OrderKey>()
        /// Who waits for an agent in person or prefers one.
        var own: [OrderKey] = []

        mutating func note(_ rival: Rival) {
            switch rival.source {
            case .waiting(let pool): waiting[pool] = rival.key
            case .ready(let pool): ready[pool] = rival.key
            case .own: own.append(rival.key)
            }
        }
    }

    /// Calls the customers whose turn comes within the lead time.
    ///
    /// Every agent who is free or will be is given to whom the queues would give that agent, one after the other. Who is left
    /// for a parked contact calls for one customer, so that nobody is held back by those whom this agent cannot serve, and
    /// nobody is called who would then wait behind others.
    mutating func callBack() {
        followChanges()
        var budget = Budget()
        while !index.poolsToCall.isEmpty {
            let pools = inOrder(index.poolsToCall)
            index.poolsToCall = []
            for pool in pools {
                callBack(from: pool, &budget)
                followChanges()
            }
        }
    }

    /// Each once, by whose customer comes first.
    private func inOrder(_ pools: [RoutingIndex.PoolID]) -> [RoutingIndex.PoolID] {
        var once: [(pool: RoutingIndex.PoolID, head: Rival)] = []
        for pool in pools where !once.contains(where: { $0.pool == pool }) {
            guard
                let (queue, key) = index.prospects.look(at: pool, { ($0.queue, $0.adrift.first?.key ?? $0.ready.first?.key) }),
                let key
            else { continue }
            once.append((pool, Rival(queue: queue, weight: weight(of: queue), key: key, source: .ready(pool))))
        }
        return once.sorted { $0.head.isBefore($1.head) }.map(\.pool)
    }

    private func weight(of queue: QueueID) -> Int { queues.look(at: queue, { $0.rules.weight }) ?? 0 }

    private mutating func callBack(from pool: RoutingIndex.PoolID, _ budget: inout Budget) {
        guard let id = index.prospects.look(at: pool, { $0.queue }),
            let terms = queues.look(at: id, { $0.rules.callback }) ?? nil,
            terms.mode == .customerFirst
        else { return }
        if budget.isSpent { return callLater(from: id, at: now + .microseconds(1)) }
        let lead = Duration.seconds(terms.leadSeconds)
        let handle =
            (queues.look(at: id, { $0.figures.meanHandleSeconds }) ?? nil).map { Duration.seconds($0) } ?? Self.handleUsual
        if let until = pause(of: id) { callLater(from: id, at: until) }
        if isWorthLooking(in: pool, lead: lead, handle: handle) { giveAgents(of: pool, id, lead, handle, &budget) }
        guard index.prospects.look(at: pool, { $0.asks }) == true,
            let next = index.prospects.look(at: pool, { $0.nextLook(lead: lead, handle: handle, after: now) }) ?? nil
        else { return }
        callLater(from: id, at: next)
    }

    /// Whether there may be an agent for the first customer after all who stand in the same pool before.
    private func isWorthLooking(in pool: RoutingIndex.PoolID, lead: Duration, handle: Duration) -> Bool {
        guard
            let (agents, called, isAdrift, first) = index.prospects.look(
                at: pool,
                {
                    (
                        $0.count(freeUntil: now + lead) + $0.talksThatEnd(lead: lead, handle: handle, at: now), $0.called,
                        !$0.adrift.isEmpty, $0.ready.first?.key
                    )
                }), agents > 0
        else { return false }
        guard !isAdrift, let first else { return isAdrift }
        // Some of those who wait have been called, and their agents are not among these.
        return (index.pools.look(at: pool) { $0.waiting.count(before: first) } ?? 0) - called < agents
    }

    private mutating func giveAgents(
        of pool: RoutingIndex.PoolID, _ queue: QueueID, _ lead: Duration, _ handle: Duration, _ budget: inout Budget
    ) {
        let weight = weight(of: queue), isPaused = pause(of: queue) != nil
        var served = Served()
        var talksThatEnd = index.prospects.look(at: pool) { $0.talksThatEnd(lead: lead, handle: handle, at: now) } ?? 0
        var next = index.prospects.look(at: pool) { $0.outlooks.first?.key } ?? nil
        var areTalking = false
        for _ in 0..<Self.forecastAgentsMax {
            guard var outlook = next else { return }
            if !areTalking, outlook.kind == .talking || outlook.at > now + lead && outlook.kind == .until {
                guard let talking = firstTalking(in: pool, lead, handle) else { return }
                outlook = talking
                areTalking = true
            }
            if outlook.kind == .talking {
                guard talksThatEnd > 0 else { return }
                talksThatEnd -= 1
            }
            next = index.prospects.look(at: pool) { $0.outlooks.first(after: outlook)?.key } ?? nil
            // Whose agent is not near to being free any more comes first: that customer has been called.
            let adrift = outlook.kind == .talking ? nil : index.prospects.look(at: pool) { $0.adrift.first?.key } ?? nil
            let first = isPaused ? nil : index.prospects.look(at: pool) { $0.ready.first?.key } ?? nil
            guard let wanted = adrift ?? first else { return }
            let place = Rival(queue: queue, weight: weight, key: wanted, source: .ready(pool))
            if let rival = rival(of: outlook, before: place, in: pool, served, &budget) {
                served.note(rival)
                if rival.queue != queue { callLater(from: queue, at: now + Self.forecastCheck) }
            } else if adrift != nil {
                expect(outlook.agent, for: wanted.contact)
            } else {
                call(wanted.contact, expecting: outlook.agent)
                budget.calls -= 1
            }
            followChanges()
            if budget.isSpent { return callLater(from: queue, at: now + .microseconds(1)) }
        }
    }

    /// Those whose end is due come before those who have talked for longer.
    private func firstTalking(in pool: RoutingIndex.PoolID, _ lead: Duration, _ handle: Duration) -> Outlook? {
        index.prospects.look(at: pool) { side in
            side.firstDue(lead: lead, handle: handle, at: now) ?? side.outlooks.first(notBefore: .border(.talking))?.key
        } ?? nil
    }

    /// Another agent is the one who will be free for a customer who has been called.
    private mutating func expect(_ agent: AgentID, for id: ContactID) {
        contacts.update(id) { contact in
            switch contact.callback?.phase {
            case .dialling(_, let until): contact.callback?.phase = .dialling(for: agent, until: until)
            case .proving(_, let until): contact.callback?.phase = .proving(for: agent, until: until)
            case .holding: contact.callback?.phase = .holding(for: agent)
            case nil, .confirming, .resting, .ready, .reaching, .provingBeside, .greeting, .ended: break
            }
        }
    }

    // MARK: Rivals

    /// Whom the agent would be given to before that customer; nil: nobody.
    private func rival(
        of outlook: Outlook, before place: Rival, in pool: RoutingIndex.PoolID, _ served: Served, _ budget: inout Budget
    ) -> Rival? {
        var best: Rival?
        func consider(_ queue: QueueID, _ key: OrderKey, _ source: Rival.Source) {
            let rival = Rival(queue: queue, weight: weight(of: queue), key: key, source: source)
            if rival.isBefore(best ?? place) { best = rival }
        }
        let seats = index.agents.look(at: outlook.agent, { $0.seats }) ?? []
        budget.seats -= seats.count
        for seat in seats where competes(seat, of: outlook) {
            if let key = nextWaiting(in: seat.pool, after: served.waiting[seat.pool]) {
                consider(seat.queue, key, .waiting(seat.pool))
            }
            // In its own pool it is the first, and whoever has been called goes before.
            guard seat.pool != pool, seat.kind == 0, pause(of: seat.queue) == nil,
                let key = nextReady(in: seat.pool, after: served.ready[seat.pool])
            else { continue }
            consider(seat.queue, key, .ready(seat.pool))
        }
        if let own = nextOwn(of: outlook.agent, served) {
            // Who was handed to the agent in person comes before everybody.
            if own.isPersonal { return Rival(queue: own.queue, weight: .max, key: own.key, source: .own) }
            consider(own.queue, own.key, .own)
        }
        return best
    }

    /// Whether who waits there takes the agent away from a call.
    private func competes(_ seat: RoutingIndex.Seat, of outlook: Outlook) -> Bool {
        if seat.kind == 0 { return true }
        // What else a free agent could have has been matched already, and what a call interrupts leaves room for it.
        guard outlook.kind != .free, kinds.indices.contains(seat.kind),
            !kinds[seat.kind].rules.interruptedBy.contains(.call)
        else { return false }
        return index.agents.look(at: outlook.agent) { !$0.sight.isClosed(seat.kind) } ?? false
    }

    private func nextWaiting(in pool: RoutingIndex.PoolID, after last: OrderKey?) -> OrderKey? {
        index.pools.look(at: pool) { pool in
            var next = last.map { pool.waiting.first(after: $0) } ?? pool.waiting.first
            // Who has been called has an agent already.
            while let key = next?.key, index.callbackPlaces.look(at: key.contact, { $0.claim != nil }) == true {
                next = pool.waiting.first(after: key)
            }
            return next?.key
        } ?? nil
    }

    private func nextReady(in pool: RoutingIndex.PoolID, after last: OrderKey?) -> OrderKey? {
        index.prospects.look(at: pool) { side in
            last.map { side.ready.first(after: $0)?.key } ?? side.ready.first?.key
        } ?? nil
    }

    /// Who waits for this agent and no other, or for this one before others.
    private func nextOwn(of agent: AgentID, _ served: Served) -> (queue: QueueID, key: OrderKey, isPersonal: Bool)? {
        for contact in agents.look(at: agent, { $0.personal }) ?? [] {
            guard let entry = contacts.look(at: contact, { $0.entry }) ?? nil, !served.own.contains(entry.key) else { continue }
            return (entry.queue, entry.key, true)
        }
        guard !index.wanted.isEmpty else { return nil }
        let key =
            index.wanted.look(at: RoutingIndex.Want(agent: agent, kind: 0)) { wanting in
                var next = wanting.first?.key
                while let key = next, served.own.contains(key) { next = wanting.first(after: key)?.key }
                return next
            } ?? nil
        guard let key, let queue = contacts.look(at: key.contact, { $0.entry?.queue }) ?? nil else { return nil }
        return (queue, key, false)
    }

    /// Not later than that; earlier if it was to be looked at earlier already.
    private mutating func callLater(from id: QueueID, at due: Instant) {
        guard queues.look(at: id, { $0.callbacksDueAt.map { $0 > due } ?? true }) == true else { return }
        queues.update(id) { $0.callbacksDueAt = due }
        deadlines.set(.callbacksDue(id), at: due)
    }
}
