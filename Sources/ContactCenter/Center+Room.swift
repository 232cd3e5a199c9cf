// Keeps room for whoever comes first and needs more of an agent than is left: chats would fill each gap for ever otherwise.

import ACD
import Basics

extension Center {
    /// Places of one line that are looked at for somebody who needs room.
    static let placesForRoomMax = 32
    /// Contacts for whom room is kept at once: each takes a part of one agent away from the others.
    static let roomsMax = 200
    /// Contacts for whom agents begin to keep room in one turn.
    static let roomsInTurnMax = 50

    /// A contact in want of room, in the order of service between queues.
    private struct Need {
        let contact: ContactID
        let kind: Int
        /// Waits for that agent in person, and so comes before everybody else.
        var isPersonal = false
        let weight: Int
        let key: OrderKey

        func isBefore(_ other: Need) -> Bool {
            if isPersonal != other.isPersonal { return isPersonal }
            return weight != other.weight ? weight > other.weight : key < other.key
        }
    }

    /// For whom the agent keeps room.
    func room(of contact: Contact) -> RoutingIndex.Room? {
        guard let entry = contact.entry, let agent = entry.room?.agent else { return nil }
        return RoutingIndex.Room(
            agent: agent, contact: contact.id, kind: kindPlace(of: contact),
            weight: queues.look(at: entry.queue, { $0.rules.weight }) ?? 0, key: entry.key)
    }

    /// The agent was found for a contact. If another one comes before it, which the agent could have if there were room, that
    /// room is kept from now on; and for nobody any more who comes later.
    ///
    /// - Returns: whether the agent is not to be offered the contact.
    mutating func keepsRoom(_ id: AgentID, fromKindAt kind: Int, before entry: QueueEntry) -> Bool {
        guard kinds.count > 1, roomsLeft > 0, let need = need(ofRoomAt: id, fromKindAt: kind, before: entry) else {
            return false
        }
        roomsLeft -= 1
        // Kept for this very contact until now, or for another one, whom somebody comes before.
        if let kept = index.rooms[id] { contacts.update(kept.contact) { $0.giveUpRoom() } }
        followChanges()
        keepRoom(at: id, for: need)
        followChanges()
        return true
    }

    private mutating func keepRoom(at id: AgentID, for contact: ContactID) {
        guard var contact = contacts[contact], var entry = contact.entry else { return }
        let length = Duration.seconds(kinds[kindPlace(of: contact)].rules.roomSecondsMax)
        var room = entry.room ?? QueueEntry.Room(agent: nil, until: now + length, againAt: now + length + length)
        if room.againAt <= now { room = QueueEntry.Room(agent: nil, until: now + length, againAt: now + length + length) }
        room.agent = id
        entry.room = room
        contact.state = .waiting(entry)
        contact.note(.roomKept(entry.queue, id, seconds: (room.until - now).inSeconds), at: now)
        deadlines.set(.room(contact.id), at: room.until)
        store(contact)
    }

    // MARK: Who needs room

    /// The first of those who come before the contact and cannot have the agent for want of room alone.
    private func need(ofRoomAt id: AgentID, fromKindAt kind: Int, before entry: QueueEntry) -> ContactID? {
        guard let agent = agents[id], !agent.work.isEmpty || agent.callsToCenter > 0,
            index.rooms.count < Self.roomsMax, agent.mayKeepRoom(at: now)
        else { return nil }
        let blocked = kinds.indices.map { place in
            place != kind && kinds[place].rules.roomSecondsMax > 0 && agent.wouldTake(kinds[place].rules)
                && refusalButForRoom(of: agent, forKindAt: place) == .busy
                && agent.isHindered(
                    for: kinds[place].rules, atOnceMax: kinds[place].atOnceMax(for: agent.id), by: kinds[kind].rules)
        }
        guard blocked.contains(true) else { return nil }
        var first = Need(
            contact: entry.key.contact, kind: kind, weight: queues.look(at: entry.queue, { $0.rules.weight }) ?? 0,
            key: entry.key)
        // Whoever has room gives it up for nobody who comes later.
        if let kept = index.rooms[id].map(need), kept.isBefore(first) { first = kept }
        var found: ContactID?
        for line in lines(at: agent, ofKinds: blocked) {
            guard let need = firstNeed(in: line, at: agent, before: first, hinderedBy: kind) else { continue }
            first = need
            found = need.contact
        }
        return found
    }

    private func need(of room: RoutingIndex.Room) -> Need {
        let isPersonal = contacts.look(at: room.contact) { $0.entry?.personal != nil } ?? false
        return Need(contact: room.contact, kind: room.kind, isPersonal: isPersonal, weight: room.weight, key: room.key)
    }

    /// A line in which contacts wait that the agent may have.
    private enum Line {
        case personal
        case wanted(RoutingIndex.Want)
        case pool(RoutingIndex.PoolID, kind: Int)
    }

    private func lines(at agent: Agent, ofKinds isWanted: [Bool]) -> [Line] {
        var lines: [Line] = agent.personal.isEmpty ? [] : [.personal]
        if !index.wanted.isEmpty {
            lines += isWanted.indices.filter { isWanted[$0] }.map { .wanted(RoutingIndex.Want(agent: agent.id, kind: $0)) }
        }
        return lines
            + (index.agents.look(at: agent.id) { place in
                place.seats.compactMap { isWanted[$0.kind] ? Line.pool($0.pool, kind: $0.kind) : nil }
            } ?? [])
    }

    /// The first in the line who comes before `last`, whom the agent has not just refused, and for whom nobody else is there.
    private func firstNeed(in line: Line, at agent: Agent, before last: Need, hinderedBy other: Int) -> Need? {
        switch line {
        case .personal:
            return agent.personal.compactMap { id -> Need? in
                guard let contact = contacts[id], let entry = contact.entry, entry.isRoutable, entry.offer == nil else {
                    return nil
                }
                let place = kindPlace(of: contact)
                guard place != other, refusalButForRoom(of: agent, forKindAt: place) == .busy,
                    agent.wouldTake(kinds[place].rules),
                    agent.isHindered(
                        for: kinds[place].rules, atOnceMax: kinds[place].atOnceMax(for: agent.id), by: kinds[other].rules)
                else { return nil }
                let need = Need(contact: id, kind: place, isPersonal: true, weight: 0, key: entry.key)
                return need.isBefore(last) && mayKeepRoom(at: agent, for: need, entry) ? need : nil
            }.min { $0.key < $1.key }
        case .wanted(let want):
            return firstNeed(at: agent, before: last, want.kind) { last in
                index.wanted.look(at: want) { line in last.map { line.first(after: $0) } ?? line.first } ?? nil
            }
        case .pool(let pool, let kind):
            return firstNeed(at: agent, before: last, kind) { last in
                index.pools.look(at: pool) { pool in
                    last.map { pool.waiting.first(after: $0) } ?? pool.waiting.first
                } ?? nil
            }
        }
    }

    private func firstNeed(
        at agent: Agent, before last: Need, _ kind: Int, _ next: (OrderKey?) -> PagedMap<OrderKey, Pool.Place>.Entry?
    ) -> Need? {
        var key: OrderKey?
        for _ in 0..<Self.placesForRoomMax {
            guard let found = next(key)?.key, let entry = contacts.look(at: found.contact, { $0.entry }) ?? nil else {
                return nil
            }
            let weight = queues.look(at: entry.queue, { $0.rules.weight }) ?? 0
            let need = Need(contact: found.contact, kind: kind, weight: weight, key: found)
            guard need.isBefore(last) else { return nil }
            if mayKeepRoom(at: agent, for: need, entry) { return need }
            key = found
        }
        return nil
    }

    /// Its time is not over, the agent has not just refused it, and nobody who has less in hand keeps room for it.
    private func mayKeepRoom(at agent: Agent, for need: Need, _ entry: QueueEntry) -> Bool {
        if entry.exclusions.contains(where: { $0.agent == agent.id && $0.until > now }) { return false }
        guard kinds[need.kind].rules.roomSecondsMax > 0, let room = entry.room else {
            return kinds[need.kind].rules.roomSecondsMax > 0
        }
        if room.until <= now { return room.againAt <= now }
        guard let keeper = room.agent else { return true }
        let rules = kinds[need.kind].rules
        return agents.look(at: keeper) { agent.load(seenBy: rules) < $0.load(seenBy: rules) } ?? true
    }

    // MARK: Who needs it no longer

    /// The time is over. The agent keeps none for anybody for as long again, so that not one after the other has it kept.
    mutating func roomDue(_ id: ContactID) {
        guard let room = contacts.look(at: id, { $0.entry?.room }) ?? nil, let agent = room.agent else { return }
        agents.update(agent) { $0.keepsNoRoomUntil = room.againAt }
        contacts.update(id) { $0.giveUpRoom() }
        out.append(.contactChanged(id))
    }

    /// Gives up the room that is kept for contacts that cannot have the agent any more, or before whom somebody else comes now.
    mutating func checkRooms() {
        guard !index.rooms.isEmpty else {
            if !index.roomsToCheck.isEmpty { index.roomsToCheck.removeAll(keepingCapacity: true) }
            if !index.newcomers.isEmpty { index.newcomers.removeAll(keepingCapacity: true) }
            return
        }
        while !index.roomsToCheck.isEmpty || !index.newcomers.isEmpty {
            let ids = sortedOnce(index.roomsToCheck + contactsBehind(index.newcomers))
            index.roomsToCheck.removeAll(keepingCapacity: true)
            index.newcomers.removeAll(keepingCapacity: true)
            for id in ids {
                guard let room = contacts.look(at: id, room) ?? nil, !isKept(room) || isOthersTurn(room) else { continue }
                contacts.update(id) { $0.giveUpRoom() }
                out.append(.contactChanged(id))
            }
            followChanges()
        }
    }

    /// Contacts with room before whom one of these comes: those behind the foremost of them.
    private func contactsBehind(_ newcomers: [ContactID]) -> [ContactID] {
        var first: (weight: Int, key: OrderKey)?
        for id in newcomers {
            guard let entry = contacts.look(at: id, { $0.entry }) ?? nil else { continue }
            // Whom it prefers says nothing of its place.
            if entry.preferred != nil { return index.rooms.map(\.value.contact) }
            let weight = queues.look(at: entry.queue) { $0.rules.weight } ?? 0
            if let known = first, weight != known.weight ? weight < known.weight : !(entry.key < known.key) { continue }
            first = (weight, entry.key)
        }
        guard let first else { return [] }
        return index.rooms.compactMap { room in
            let isBehind = room.value.weight != first.weight ? room.value.weight < first.weight : first.key < room.value.key
            return isBehind ? room.value.contact : nil
        }
    }

    /// The contact still waits for room, and the agent may still have it.
    private func isKept(_ room: RoutingIndex.Room) -> Bool {
        guard let contact = contacts[room.contact], let entry = contact.entry, let agent = agents[room.agent],
            entry.offer == nil, entry.isRoutable, !contact.isHeldBack, entry.room.map({ $0.until > now }) ?? false,
            kinds[room.kind].rules.roomSecondsMax > 0, agent.wouldTake(kinds[room.kind].rules)
        else { return false }
        if let personal = entry.personal { return personal.agent == room.agent }
        if let preferred = entry.preferred { return preferred.agents.contains { $0.agent == room.agent } }
        guard let pool = index.contacts.look(at: room.contact, { $0.pool }) ?? nil else { return false }
        return index.agents.look(at: room.agent) { $0.seats.contains { $0.pool == pool } } ?? false
    }

    /// Somebody comes before it whom the agent could have at once.
    private func isOthersTurn(_ room: RoutingIndex.Room) -> Bool {
        guard let agent = agents[room.agent] else { return false }
        let others = kinds.indices.map { place in
            index.agents.look(at: agent.id) { $0.sight.standing(place) == .refused(.roomKept) } ?? false
        }
        guard others.contains(true) else { return false }
        let kept = need(of: room)
        return lines(at: agent, ofKinds: others).contains { isFirst(in: $0, at: agent, of: others, before: kept) }
    }

    private func isFirst(in line: Line, at agent: Agent, of kinds: [Bool], before kept: Need) -> Bool {
        func isDue(_ found: OrderKey?, _ kind: Int, isPersonal: Bool = false) -> Bool? {
            guard let found, let entry = contacts.look(at: found.contact, { $0.entry }) ?? nil else { return false }
            let weight = queues.look(at: entry.queue, { $0.rules.weight }) ?? 0
            let other = Need(contact: found.contact, kind: kind, isPersonal: isPersonal, weight: weight, key: found)
            guard other.isBefore(kept) else { return false }
            return entry.exclusions.contains { $0.agent == agent.id && $0.until > now } ? nil : true
        }
        switch line {
        case .personal:
            return agent.personal.contains { id in
                guard let entry = contacts.look(at: id, { $0.entry }) ?? nil, entry.isRoutable, entry.offer == nil else {
                    return false
                }
                let place = kindPlace(of: id)
                return kinds[place] && isDue(entry.key, place, isPersonal: true) == true
            }
        case .wanted(let want):
            return isDue(index.wanted.look(at: want, { $0.first?.key }) ?? nil, want.kind) ?? false
        case .pool(let pool, let kind):
            var key: OrderKey?
            for _ in 0..<Self.placesForRoomMax {
                key =
                    index.pools.look(at: pool) { pool in
                        (key.map { pool.waiting.first(after: $0) } ?? pool.waiting.first)?.key
                    } ?? nil
                if let answer = isDue(key, kind) { return answer }
            }
            return false
        }
    }
}

extension Contact {
    /// Nobody keeps room for it any more, until somebody does again.
    mutating func giveUpRoom() {
        guard var entry, entry.room?.agent != nil else { return }
        entry.room?.agent = nil
        state = .waiting(entry)
    }
}
