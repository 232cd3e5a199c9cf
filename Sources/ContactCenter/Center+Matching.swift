// Brings waiting contacts and free agents together (definitions.md 3.1, 3.2).

import ACD
import Basics

extension Center {
    /// Contacts in the order of their keys, from one place where free agents may be found for them.
    struct Side {
        enum Source {
            /// Contacts for whom nobody is rung, and the agents of their pool.
            case waiting(RoutingIndex.PoolID)
            /// Contacts that wait for this agent among others.
            case wanted(RoutingIndex.Want)
            /// Contacts for whom one more agent may be rung.
            case ringing(RoutingIndex.PoolID)
        }

        var source: Source
        var weight: Int
        var head: OrderKey
        /// Attempts at an offer that were made before it was looked at.
        var attempts = 0
    }

    /// Gives every waiting contact that can be served its best agent.
    ///
    /// Contacts come in the order of their keys, over all pools that the event has touched; a heavier queue goes first. Who
    /// has nobody ringing goes before those who could have one more.
    mutating func match() {
        followChanges()
        relaxQueues()
        // An offer that cannot be made touches pools again.
        while true {
            followChanges()
            checkRooms()
            guard !index.poolsToMatch.isEmpty || !index.agentsToMatch.isEmpty else { return }
            matchPersonal()
            let touched = index.takePoolsToMatch()
            let wants = wants(of: index.agentsToMatch), pools = sortedOnce(touched)
            index.forgetMatches()
            var sides: [Side] = []
            for want in wants { if let side = side(of: want) { sides.append(side) } }
            for pool in pools { if let side = side(of: .waiting(pool)) { sides.append(side) } }
            match(&sides)
            guard index.ringing > 0 else { continue }
            for pool in pools { if let side = side(of: .ringing(pool)) { sides.append(side) } }
            match(&sides)
        }
    }

    private func wants(of agents: [AgentID]) -> [Side.Source] {
        guard !index.wanted.isEmpty else { return [] }
        return sortedOnce(agents).flatMap { agent in
            kinds.indices.map { Side.Source.wanted(RoutingIndex.Want(agent: agent, kind: $0)) }
        }
    }

    /// Whether that agent can be offered a piece of the kind at that place.
    private func isFree(_ agent: AgentID, forKindAt kind: Int) -> Bool {
        index.agents.look(at: agent) { $0.sight.standing(kind) == .free } ?? false
    }

    func sortedOnce<Element: Comparable>(_ elements: [Element]) -> [Element] {
        // Most are in order as they come.
        if zip(elements, elements.dropFirst()).allSatisfy(<) { return elements }
        var once: [Element] = []
        for element in elements.sorted() where once.last != element { once.append(element) }
        return once
    }

    /// Empties the list.
    private mutating func match(_ sides: inout [Side]) {
        var attempts = 0
        while let index = sides.indices.min(by: { sides[$0].isBefore(sides[$1]) }) {
            var current = sides[index]
            // An offer of another side may have taken the contact or the agents.
            if current.attempts != attempts {
                let head = current.head
                guard let again = side(of: current.source, from: head) else {
                    sides.remove(at: index)
                    continue
                }
                current = again
                current.attempts = attempts
                sides[index] = current
                guard current.head == head else { continue }
            }
            attempts += 1
            let isOffered: Bool
            switch current.source {
            case .waiting(let pool): isOffered = offer(current.head.contact, among: pool)
            case .ringing(let pool): isOffered = offerFurther(current.head.contact, among: pool)
            case .wanted: isOffered = offerToPreferred(current.head.contact)
            }
            if isOffered { followChanges() }
            if var next = side(of: current.source, after: current.head) {
                next.attempts = attempts
                sides[index] = next
            } else {
                sides.remove(at: index)
            }
        }
    }

    private func side(of source: Side.Source, from key: OrderKey? = nil, after last: OrderKey? = nil) -> Side? {
        func head(_ contacts: PagedMap<OrderKey, Pool.Place>) -> OrderKey? {
            if contacts.isEmpty { return nil }
            if let last { return contacts.first(after: last)?.key }
            if let key { return contacts.first(notBefore: key)?.key }
            return contacts.first?.key
        }
        switch source {
        case .waiting(let pool), .ringing(let pool):
            var isRinging = false
            if case .ringing = source { isRinging = true }
            let found: (QueueID, OrderKey)? =
                index.pools.look(at: pool) { pool in
                    if pool.ready.isEmpty { return nil }
                    guard let key = isRinging ? head(pool.ringing) : head(pool.waiting) else { return nil }
                    return (pool.queue, key)
                } ?? nil
            guard let (queue, key) = found else { return nil }
            return Side(source: source, weight: queues.look(at: queue) { $0.rules.weight } ?? 0, head: key)
        case .wanted(let want):
            guard isFree(want.agent, forKindAt: want.kind), let key = index.wanted.look(at: want, head) ?? nil,
                let queue = contacts.look(at: key.contact, { $0.entry?.queue }) ?? nil
            else { return nil }
            return Side(source: source, weight: queues.look(at: queue, { $0.rules.weight }) ?? 0, head: key)
        }
    }

    // MARK: Offers

    /// Offers the contact to the best of the pool's free agents that may have it, or to as many as the queue rings at once.
    private mutating func offer(_ id: ContactID, among pool: RoutingIndex.PoolID) -> Bool {
        guard let queue = index.pools.look(at: pool, { $0.queue }), let ring = queues.look(at: queue, { $0.rules.ring }),
            let first = offerOne(id, among: pool, levelMax: .max)
        else { return false }
        switch ring {
        case .one: break
        case .all: ringAll(id, among: pool, levelMax: first)
        case .progressively(let seconds): waitForNextOffer(id, seconds)
        }
        return true
    }

    private mutating func offerFurther(_ id: ContactID, among pool: RoutingIndex.PoolID) -> Bool {
        guard let entry = contacts.look(at: id, { $0.entry }) ?? nil, let ring = queues.look(at: entry.queue, { $0.rules.ring })
        else { return false }
        switch ring {
        case .one: return false
        case .all:
            let levels = entry.offers.compactMap { offers[$0]?.agent }.compactMap { member($0, of: entry.queue)?.level }
            guard let level = levels.max(), offerOne(id, among: pool, levelMax: level) != nil else { return false }
            ringAll(id, among: pool, levelMax: level)
        case .progressively(let seconds):
            guard offerOne(id, among: pool, levelMax: .max) != nil else { return false }
            waitForNextOffer(id, seconds)
        }
        return true
    }

    private mutating func ringAll(_ id: ContactID, among pool: RoutingIndex.PoolID, levelMax: Int) {
        while (contacts.look(at: id) { $0.entry?.offers.count ?? 0 } ?? 0) < RingMode.offersMax {
            followChanges()
            guard offerOne(id, among: pool, levelMax: levelMax, isFirst: false) != nil else { return }
        }
    }

    private mutating func waitForNextOffer(_ id: ContactID, _ seconds: Int) {
        guard var contact = contacts[id], var entry = contact.entry else { return }
        let at = now + .seconds(max(1, seconds))
        entry.nextOfferAt = at
        contact.state = .waiting(entry)
        contacts[id] = contact
        deadlines.set(.nextOffer(id), at: at)
    }

    /// - Parameter isFirst: of a round; of the others only who it was is kept, as the first says who came behind it and why
    ///   the rest did not count.
    /// - Returns: the level of the agent; nil if nobody of the pool may have the contact.
    private mutating func offerOne(
        _ id: ContactID, among poolID: RoutingIndex.PoolID, levelMax: Int, isFirst: Bool = true
    ) -> Int? {
        guard let found = placeAndKind(of: id) else { return nil }
        var entry = found.entry
        if found.isParked, let contact = contacts[id], restsWhilePaused(contact) { return nil }
        if !entry.exclusions.isEmpty { entry.exclusions.removeAll { $0.until <= now } }
        let kind = found.kind
        while true {
            var draws = random
            let why = choose(for: entry, among: poolID, levelMax: levelMax, isExplained: isFirst, &draws)
            random = draws
            guard let why else { return nil }
            if keepsRoom(why.winner.agent, fromKindAt: kind, before: entry) { continue }
            return offer(id, ofKindAt: kind, entry, why: why) ? why.winner.level : nil
        }
    }

    private func placeAndKind(of id: ContactID) -> (entry: QueueEntry, kind: Int, isParked: Bool)? {
        contacts.look(at: id) { contact in
            contact.entry.map { (entry: $0, kind: kindPlace(of: contact), isParked: contact.isParked) }
        } ?? nil
    }

    /// In a function of its own, so that nobody holds on to the tables when they are changed.
    private func choose(
        for entry: QueueEntry, among poolID: RoutingIndex.PoolID, levelMax: Int, isExplained: Bool,
        _ draws: inout SeededRandom
    ) -> Explanation? {
        let tried = queues.look(at: entry.queue) { $0.lastTried } ?? nil
        let pointer = tried.flatMap { member($0, of: entry.queue)?.order }
        // Who has room for more could be rung for it twice.
        let ringing = entry.offer == nil ? [] : entry.offers.compactMap { offers.look(at: $0) { $0.agent } }
        func isExcluded(_ agent: AgentID) -> Bool {
            entry.exclusions.contains { $0.agent == agent } || ringing.contains(agent)
        }
        return index.pools.look(at: poolID) { pool -> Explanation? in
            guard
                let winner = pool.best(
                    levelMax: levelMax, after: pointer, at: now, random: &draws, isExcluded: isExcluded)
            else { return nil }
            let others = pool.runnersUp(
                isExplained ? Explanation.othersMax : 0, to: winner, after: pointer, at: now, isExcluded: isExcluded)
            return explain(winner, others, in: pool, excluded: isExplained ? entry.exclusions : nil)
        } ?? nil
    }

    private func explain(
        _ winner: Pool.Found, _ others: [Pool.Found], in pool: Pool, excluded: [QueueEntry.Exclusion]?
    ) -> Explanation {
        func candidate(_ found: Pool.Found) -> Candidate {
            var candidate = self.candidate(
                found.value.agent, at: found.value.place, of: pool.queue, by: pool.keys, level: found.key.level,
                order: found.key.order, skills: pool.skills)
            if pool.decidingKey == .weightedRandom { candidate.weight = found.value.weight }
            return candidate
        }
        let best = candidate(winner)
        guard let excluded else { return Explanation(keys: pool.keys, winner: best, others: [], refused: []) }
        var refusals = pool.refusals
        for exclusion in excluded where isFree(exclusion.agent, forKindAt: pool.key.kind) {
            refusals.note(.excluded)
        }
        return Explanation(
            keys: pool.keys, winner: best, others: others.map(candidate), refused: refusals.refused)
    }

    /// A free agent with what the keys of the queue compare.
    ///
    /// - Parameter skills: that are asked for.
    private func candidate(
        _ id: AgentID, at location: PagedLocation, of queue: QueueID, by keys: [SelectionKey], level: Int, order: Int,
        skills: [String]
    ) -> Candidate {
        index.agents.look(at: location) { place in
            var candidate = place.sight.candidate(id, level: level, order: order)
            for key in keys {
                switch key {
                case .bestSkills: candidate.skillFit = place.skills.fit(skills)
                case .leastTalkTime: candidate.talked = place.sight.talked
                case .lastOffered: candidate.lastOffer = queues.look(at: queue) { $0.lastOffer(to: id) } ?? nil
                case .longestIdle: candidate.idleSince = max(candidate.idleSince, now - SelectionKey.lookBack)
                case .leastRecent: candidate.lastOfQueue = place.sight.record(of: queue)?.lastEndedAt
                case .fewestCallsOfQueue: candidate.answeredOfQueue = place.sight.record(of: queue)?.answered
                case .level, .fewestCalls, .order, .roundRobin, .random, .weightedRandom: break
                }
            }
            return candidate
        }
    }

    /// Offers the contact to the preferred agent of the greatest weight who is free.
    private mutating func offerToPreferred(_ id: ContactID) -> Bool {
        guard var entry = contacts.look(at: id, { $0.entry }) ?? nil else { return false }
        if !entry.exclusions.isEmpty { entry.exclusions.removeAll { $0.until <= now } }
        let kind = kindPlace(of: id)
        while let why = choosePreferred(for: entry, kind) {
            if keepsRoom(why.winner.agent, fromKindAt: kind, before: entry) { continue }
            return offer(id, ofKindAt: kind, entry, why: why, isInTurn: false)
        }
        return false
    }

    private func choosePreferred(for entry: QueueEntry, _ kind: Int) -> Explanation? {
        guard let preferred = entry.preferred, let keys = queues.look(at: entry.queue, { $0.rules.keys }) else { return nil }
        let free = preferred.agents.compactMap { wanted -> Candidate? in
            guard isFree(wanted.agent, forKindAt: kind),
                !entry.exclusions.contains(where: { $0.agent == wanted.agent }),
                let member = member(wanted.agent, of: entry.queue), let place = index.agents.location(of: wanted.agent)
            else { return nil }
            var candidate = self.candidate(
                wanted.agent, at: place, of: entry.queue, by: keys, level: member.level, order: member.order, skills: [])
            candidate.weight = wanted.weight
            return candidate
        }.sorted { a, b in
            let (weightOfA, weightOfB) = (a.weight ?? 0, b.weight ?? 0)
            return weightOfA != weightOfB ? weightOfA > weightOfB : a.isBefore(b, by: keys)
        }
        guard let winner = free.first else { return nil }
        let others = Array(free.dropFirst().prefix(Explanation.othersMax))
        return Explanation(keys: keys, winner: winner, others: others, refused: [])
    }

    /// Who was handed to an agent in person comes before everybody else whom the agent could have.
    private mutating func matchPersonal() {
        let wanted = index.agentsToMatch.filter { agents.look(at: $0) { !$0.personal.isEmpty } == true }
        for id in sortedOnce(wanted) { while matchPersonal(of: id) {} }
    }

    private mutating func matchPersonal(of id: AgentID) -> Bool {
        guard agents.look(at: id, { !$0.personal.isEmpty }) == true, let agent = agents[id] else { return false }
        let entries = agent.personal.filter { isFree(id, forKindAt: kindPlace(of: $0)) }
            .compactMap { contacts[$0]?.entry }.filter { $0.offer == nil && $0.isRoutable }
        guard let entry = entries.min(by: { $0.key < $1.key }),
            let count = queues.look(at: entry.queue, { $0.rules.members.count })
        else { return false }
        let member = member(id, of: entry.queue)
        let winner = Candidate(
            agent: id, level: member?.level ?? 1, idleSince: agent.idleSince, answered: agent.answered,
            order: member?.order ?? count)
        let why = Explanation(keys: [], winner: winner, others: [], refused: [])
        let contact = entry.key.contact
        guard offer(contact, ofKindAt: kindPlace(of: contact), entry, why: why, isInTurn: false) else { return false }
        followChanges()
        return true
    }

    private func member(_ agent: AgentID, of queue: QueueID) -> RoutingIndex.Member? {
        index.queues.look(at: queue) { $0.members[agent] } ?? nil
    }

    /// - Returns: false if the agent cannot take it, of whom the index was wrong: it is looked at anew.
    private mutating func offer(
        _ contact: ContactID, ofKindAt kind: Int, _ place: QueueEntry, why: Explanation, isInTurn: Bool = true
    ) -> Bool {
        let agent = why.winner.agent
        guard agents.look(at: agent, { refusal(of: $0, forKindAt: kind) == nil }) == true else {
            assertionFailure("an offer to an agent that cannot take it")
            agents.touch(agent)
            return false
        }
        lastOffer += 1
        let offer = OfferID(rawValue: lastOffer)
        var entry = place
        entry.add(offer)
        entry.room?.agent = nil
        let leg = contacts.update(contact) { contact in
            contact.state = .waiting(entry)
            contact.note(.offered(offer, agent, entry.queue, why: why), at: now)
            return contact.leg
        }
        queues.update(entry.queue) { $0.noteOffer(offer, to: agent, isInTurn: isInTurn) }
        ring(agent, offer: offer, contact: contact, ofKindAt: kind, callerLeg: leg ?? .none, queue: entry.queue)
        return true
    }

    /// The agent may have become free: whatever the agent could take is looked at again.
    mutating func agentMayBeFree(_ agent: AgentID) { agents.touch(agent) }
}

extension Center.Side {
    fileprivate func isBefore(_ other: Center.Side) -> Bool {
        weight != other.weight ? weight > other.weight : head < other.head
    }
}
