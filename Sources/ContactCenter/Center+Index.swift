// Keeps the routing index true: whatever changed an agent or a contact is followed before anything is matched.

import ACD
import Basics

extension Center {
    /// Makes the index from the rest of the state: after a change of configuration, and of a center that is restored.
    mutating func makeIndex() {
        agents.takeChanged(into: &changedAgents)
        contacts.takeChanged(into: &changedContacts)
        var new = RoutingIndex()
        for rules in configuration.agents {
            new.agents[rules.id] = RoutingIndex.AgentPlace(skills: rules.skills, slots: slots(within: rules.limits))
        }
        // Members whose own rules are missing have no skills.
        for rules in configuration.queues {
            for member in rules.members where new.agents.look(at: member.agent, { _ in }) == nil {
                new.agents[member.agent] = RoutingIndex.AgentPlace(skills: AgentSkills(), slots: slots(within: nil))
            }
        }
        for rules in configuration.queues { new.add(rules) }
        new.waitingByKind = Array(repeating: 0, count: kinds.count)
        index = new
        for entry in contacts { _ = index.followRoom(entry.key, room(of: entry.value)) }
        for entry in agents { follow(entry.key) }
        for rules in configuration.queues {
            for (place, kind) in kinds.enumerated() where rules.kinds.contains(kind.rules.id) {
                let key = PoolKey(step: 0, level: rules.levelMax(after: .zero) ?? .max, kind: place)
                _ = index.pool(key, of: rules, among: queues)
            }
        }
        for entry in contacts { followContact(entry.key) }
        index.poolsToMatch = queues.isEmpty ? [] : index.pools.map(\.key)
        // Every other agent is found by way of the pools.
        index.agentsToMatch = index.wanted.map(\.key.agent) + agents.compactMap { $0.value.personal.isEmpty ? nil : $0.key }
        index.queuesToRelax = []
        index.contactsToRelax = []
        index.kindsToStep = kinds.indices.filter { kinds[$0].rules.concurrency != nil }
        index.poolsToCall = []
        // Whoever waits has been followed as somebody new.
        index.newcomers = []
        index.roomsToCheck = index.rooms.map(\.value.contact)
    }

    /// Follows everything that has changed since the last time.
    mutating func followChanges() {
        while agents.hasChanged || contacts.hasChanged {
            agents.takeChanged(into: &changedAgents)
            contacts.takeChanged(into: &changedContacts)
            if preparation != nil {
                preparation?.agents += changedAgents
                preparation?.contacts += changedContacts
            }
            for place in changedAgents.indices { follow(changedAgents[place]) }
            for place in changedContacts.indices { followContact(changedContacts[place]) }
        }
    }

    private mutating func follow(_ id: AgentID) {
        if let room = index.rooms.isEmpty ? nil : index.rooms[id] { index.roomsToCheck.append(room.contact) }
        index.follow(id, sight(of: id), among: queues)
        guard index.hasOutlooks else { return }
        index.followOutlook(of: id, outlook(of: id))
    }

    private func sight(of id: AgentID) -> RoutingIndex.Sight {
        agents.look(at: id) { agent in
            let call = standing(of: agent, 0), closed = closedKinds(of: agent)
            var others: [RoutingIndex.Standing] = []
            for place in kinds.indices.dropFirst() { others.append(standing(of: agent, place)) }
            return RoutingIndex.Sight.of(agent, calls: kinds[0].rules, call: call, others: others, closed: closed)
        } ?? RoutingIndex.Sight()
    }

    /// A bit for the place of each kind (at most `WorkKind.kindsMax`) that the agent never does or has closed.
    private func closedKinds(of agent: Agent) -> UInt64 {
        guard agent.limits != nil || !agent.closedChannels.isEmpty else { return 0 }
        var bits: UInt64 = 0
        for (place, kind) in kinds.enumerated()
        where agent.limits?.allows(kind.rules) == false || agent.isClosed(kind.rules.channel) {
            bits |= 1 << UInt64(place)
        }
        return bits
    }

    private func outlook(of id: AgentID) -> Outlook? { agents.look(at: id) { outlook(of: $0) } ?? nil }

    /// When the agent can be expected to be free for a call.
    func outlook(of agent: Agent) -> Outlook? {
        Outlook(of: agent, calls: kinds[0].rules, isFree: refusalButForRoom(of: agent, forKindAt: 0) == nil)
    }

    private func standing(of agent: Agent, _ place: Int) -> RoutingIndex.Standing {
        refusal(of: agent, forKindAt: place).map(RoutingIndex.Standing.refused) ?? .free
    }

    /// What is looked up of a contact that waits and is followed.
    private struct Trace {
        let queue: QueueID
        let key: OrderKey
        /// The place of its kind.
        let kind: Int
        let step: Int
        let levelMax: Int?
        /// For anybody, and now.
        let isOpen: Bool
        let ringing: Int
        let isPausing: Bool
        let preferred: QueueEntry.Preferred?
        let room: RoutingIndex.Room?
    }

    /// In a function of its own, which changes nothing: in one that does, the closure would have a copy of the whole center.
    private func lookUp(_ id: ContactID) -> (trace: Trace?, hasCallback: Bool) {
        contacts.look(at: id) { contact in
            guard case .waiting(let entry) = contact.state else { return (nil, contact.callback != nil) }
            let trace = Trace(
                queue: entry.queue, key: entry.key, kind: kindPlace(of: contact), step: entry.step, levelMax: entry.levelMax,
                isOpen: entry.isRoutable && entry.personal == nil && !contact.isHeldBack,
                ringing: entry.offer == nil ? 0 : 1 + (entry.furtherOffers?.count ?? 0), isPausing: entry.nextOfferAt != nil,
                preferred: entry.preferred, room: entry.room?.agent == nil ? nil : room(of: contact))
            return (trace, contact.callback != nil)
        } ?? (nil, false)
    }

    private mutating func followContact(_ id: ContactID) {
        let (found, hasCallback) = lookUp(id)
        if found?.room != nil || !index.rooms.isEmpty {
            for agent in index.followRoom(id, found?.room) {
                agents.touch(agent)
                keepersChanged.append(agent)
            }
        }
        if hasCallback || !index.callbackPlaces.isEmpty { followCallback(id) }
        guard let trace = found else {
            if !index.linePlaces.isEmpty { index.followLine(id, nil) }
            if !index.relaxing.isEmpty { index.followRelaxing(id, nil) }
            if !index.counted.isEmpty { index.count(id, forKindAt: nil) }
            return index.follow(id, nil)
        }
        let kind = trace.kind
        let (isMixed, dependsOnFloor) = index.queues.look(at: trace.queue) { ($0.isMixed, $0.dependsOnFloor) } ?? (false, false)
        if isMixed || !index.linePlaces.isEmpty {
            index.followLine(id, isMixed ? RoutingIndex.LinePlace(queue: trace.queue, kind: kind, key: trace.key) : nil)
        }
        if dependsOnFloor || !index.relaxing.isEmpty {
            let entry = dependsOnFloor ? contacts.look(at: id) { $0.entry } ?? nil : nil
            index.followRelaxing(id, entry.flatMap { relaxingPlace(of: $0, id) })
        }
        index.count(id, forKindAt: trace.ringing == 0 && kinds[kind].rules.concurrency != nil ? kind : nil)
        // Who waits in a queue that is going waits for nobody.
        guard trace.isOpen else { return index.follow(id, nil) }
        if trace.ringing > 0 {
            let ring = queues.look(at: trace.queue) { $0.rules.ring } ?? .one
            guard trace.preferred == nil, ring != .one, !trace.isPausing, trace.ringing < RingMode.offersMax
            else { return index.follow(id, nil) }
        } else if let preferred = trace.preferred {
            guard index.queues.look(at: trace.queue, { _ in true }) == true else { return index.follow(id, nil) }
            return index.follow(
                id,
                RoutingIndex.ContactPlace(
                    key: trace.key, pool: nil,
                    wanted: preferred.agents.map { RoutingIndex.Want(agent: $0.agent, kind: kind) }))
        }
        guard let pool = pool(of: trace.queue, step: trace.step, levelMax: trace.levelMax, id, kind) else {
            return index.follow(id, nil)
        }
        index.follow(id, RoutingIndex.ContactPlace(key: trace.key, pool: pool, isRinging: trace.ringing > 0))
    }

    private mutating func followCallback(_ id: ContactID) {
        var place = contacts.look(at: id) { CallbackPlace(of: $0) } ?? nil
        if place?.asksForAgent == true, let entry = contacts.look(at: id, { $0.entry }) ?? nil {
            place?.pool = pool(of: entry.queue, step: entry.step, levelMax: entry.levelMax, id)
        }
        index.followCallback(id, place)
    }

    /// - Parameter kind: the place of the contact's kind.
    /// - Returns: nil if the queue is going.
    private mutating func pool(
        of queue: QueueID, step: Int, levelMax: Int?, _ id: ContactID, _ kind: Int = 0
    ) -> RoutingIndex.PoolID? {
        let plain = PoolKey(step: step, level: levelMax ?? .max, kind: kind)
        let found = index.queues.look(at: queue) { side in
            let names = side.attributes(onStep: plain.step)
            return (names: names, pool: names.isEmpty ? side.pools[plain] : nil)
        }
        guard let (names, pool) = found else { return nil }
        if let pool { return pool }
        var key = plain
        if !names.isEmpty {
            key.values = contacts.look(at: id) { contact in names.map { contact.attribute($0) ?? "" } } ?? []
            if let known = index.queues.look(at: queue, { $0.pools[key] }) ?? nil { return known }
        }
        guard let rules = queues.look(at: queue, { $0.rules }) else { return nil }
        return index.pool(key, of: rules, among: queues)
    }

    /// Somebody who could have the contact at once has nothing to do.
    ///
    /// - Parameter begin: as its wait would begin.
    func hasFree(in queue: QueueID, for contact: Contact, _ begin: Beginning) -> Bool {
        let kind = kindPlace(of: contact)
        func isFree(_ agent: AgentID) -> Bool {
            index.agents.look(at: agent) { $0.sight.standing(kind) == .free } ?? false
        }
        if let preferred = begin.preferred { return preferred.agents.contains { isFree($0.agent) } }
        var key = PoolKey(step: begin.step, level: begin.levelMax ?? .max, kind: kind)
        let pool =
            index.queues.look(at: queue) { side in
                let names = side.attributes(onStep: key.step)
                if !names.isEmpty { key.values = names.map { contact.attribute($0) ?? "" } }
                return side.pools[key]
            } ?? nil
        if let pool { return index.pools.look(at: pool) { !$0.ready.isEmpty } ?? false }
        // Whether there is such a pool depends on who has waited before, the answer does not.
        let required = queues.look(at: queue) { $0.rules.require.requirement(of: begin.step) } ?? nil
        let requirement = required?.resolved(with: key.values) ?? .anybody
        return index.queues.look(at: queue) { side in
            side.members.contains { member in
                member.value.level <= key.level && isFree(member.key)
                    && index.agents.look(at: member.key) { requirement.isMet(by: member.key, with: $0.skills) } ?? false
            }
        } ?? false
    }

    // MARK: What the index knows

    /// Members signed in, pauses included; where calls wait, those who ever take one.
    func staffed(_ queue: QueueID) -> Int { index.queues.look(at: queue, { $0.staffed }) ?? 0 }

    /// With those who never take a call.
    func staffedInAll(_ queue: QueueID) -> Int { index.queues.look(at: queue, { $0.staffedInAll }) ?? 0 }

    /// Those of `staffed` whose level is not higher.
    func staffed(_ queue: QueueID, levelMax: Int) -> Int {
        index.queues.look(at: queue) { side in
            side.staffedByLevel.reduce(0) { $0 + ($1.key <= levelMax ? $1.value : 0) }
        } ?? 0
    }
}

extension [RequirementStep] {
    func requirement(of step: Int) -> Requirement? { self.step(step)?.requirement }
}
