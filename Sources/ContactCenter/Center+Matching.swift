// Who gets whom: after every event that can make a match possible, and never by polling.

import ACD
import Basics

extension Center {
    /// One queue during a matching pass.
    private struct Side {
        var queue: QueueID
        var weight: Int
        var waiting: [OrderKey]
        var next = 0
        var candidates: [Candidate]
        var tally: RefusalTally
    }

    /// Gives every waiting contact that can be served its best agent.
    ///
    /// Contacts come in the order of their keys, over all queues that the event has touched; a heavier queue goes first.
    mutating func match() {
        // An offer that cannot be made touches queues again, so the list may grow while it is worked on.
        while !queuesToMatch.isEmpty || !agentsToMatch.isEmpty {
            matchPersonal()
            var sides: [Side] = []
            for id in queuesToMatch.sorted() where sides.last?.queue != id {
                if let side = side(of: id) { sides.append(side) }
            }
            queuesToMatch.removeAll(keepingCapacity: true)
            while let index = best(of: sides) {
                let key = sides[index].waiting[sides[index].next]
                sides[index].next += 1
                guard let agent = offer(key.contact, among: sides[index]) else { continue }
                for side in sides.indices { sides[side].candidates.removeAll { $0.agent == agent } }
            }
        }
    }

    private func side(of id: QueueID) -> Side? {
        guard let queue = queues[id], !queue.waiting.isEmpty else { return nil }
        var candidates: [Candidate] = []
        var tally = RefusalTally()
        for (order, member) in queue.rules.members.enumerated() {
            guard let agent = agents[member.agent] else { continue }
            if let refusal = agent.refusal {
                tally.note(refusal)
            } else {
                candidates.append(
                    Candidate(
                        agent: agent.id, level: member.level, idleSince: agent.idleSince, answered: agent.answered,
                        order: order))
            }
        }
        guard !candidates.isEmpty else { return nil }
        return Side(
            queue: id, weight: queue.rules.weight, waiting: queue.waiting, candidates: candidates, tally: tally)
    }

    private func best(of sides: [Side]) -> Int? {
        var best: Int?
        for (index, side) in sides.enumerated() where side.next < side.waiting.count && !side.candidates.isEmpty {
            guard let current = best else {
                best = index
                continue
            }
            let other = sides[current]
            if side.weight != other.weight {
                if side.weight > other.weight { best = index }
            } else if side.waiting[side.next] < other.waiting[other.next] {
                best = index
            }
        }
        return best
    }

    /// Who was handed to an agent in person comes before everybody else whom the agent could have.
    private mutating func matchPersonal() {
        while let id = agentsToMatch.popLast() {
            guard let agent = agents[id], agent.refusal == nil else { continue }
            let entries = agent.personal.compactMap { contacts[$0]?.entry }.filter { $0.offer == nil && $0.isRoutable }
            guard let entry = entries.min(by: { $0.key < $1.key }), let contact = contacts[entry.key.contact],
                let rules = queues[entry.queue]?.rules
            else { continue }
            let member = rules.members.firstIndex { $0.agent == id }
            let winner = Candidate(
                agent: id, level: member.map { rules.members[$0].level } ?? 1, idleSince: agent.idleSince,
                answered: agent.answered, order: member ?? rules.members.count)
            offer(contact, entry, rules, why: Explanation(keys: [], winner: winner, others: [], refused: []))
        }
    }

    /// Offers the contact to the best of the candidates that may have it; nil if none may.
    private mutating func offer(_ id: ContactID, among side: Side) -> AgentID? {
        guard let contact = contacts[id], var entry = contact.entry, entry.queue == side.queue, entry.offer == nil,
            entry.isRoutable, entry.personal == nil, let rules = queues[side.queue]?.rules
        else { return nil }
        entry.exclusions.removeAll { $0.until <= now }
        var tally = side.tally
        var ranked = side.candidates.filter { candidate in
            let isExcluded = entry.exclusions.contains { $0.agent == candidate.agent }
            if isExcluded { tally.note(.excluded) }
            return !isExcluded
        }
        guard let winner = ranked.min(by: { $0.isBefore($1, by: rules.keys) }) else { return nil }
        ranked.removeAll { $0.agent == winner.agent }
        let others = best(Explanation.othersMax, of: ranked, by: rules.keys)
        let explanation = Explanation(keys: rules.keys, winner: winner, others: others, refused: tally.refused)
        offer(contact, entry, rules, why: explanation)
        return winner.agent
    }

    private mutating func offer(_ found: Contact, _ place: QueueEntry, _ rules: QueueRules, why: Explanation) {
        lastOffer += 1
        let offer = OfferID(rawValue: lastOffer)
        var contact = found, entry = place
        entry.offer = offer
        contact.state = .waiting(entry)
        contact.note(.offered(offer, why.winner.agent, entry.queue, why: why), at: now)
        contacts[contact.id] = contact
        ring(why.winner.agent, offer: offer, contact: contact, rules: rules)
    }

    /// The first `count` in order, without sorting a thousand for the sake of ten.
    private func best(_ count: Int, of candidates: [Candidate], by keys: [SelectionKey]) -> [Candidate] {
        var best: [Candidate] = []
        for candidate in candidates {
            if best.count == count, let last = best.last, !candidate.isBefore(last, by: keys) { continue }
            let place = best.firstIndex { candidate.isBefore($0, by: keys) } ?? best.count
            best.insert(candidate, at: place)
            if best.count > count { best.removeLast() }
        }
        return best
    }

    /// All queues that the agent may take from have to be looked at again.
    mutating func agentMayBeFree(_ agent: AgentID) {
        guard let found = agents[agent], found.refusal == nil else { return }
        if !found.personal.isEmpty { agentsToMatch.append(agent) }
        queuesToMatch.append(contentsOf: queuesOfAgent[agent] ?? [])
    }
}
