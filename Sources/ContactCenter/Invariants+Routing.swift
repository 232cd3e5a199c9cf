// What must be true of every offer: said again from the definitions, and not by the index that routing uses.

import ACD
import Basics

extension Invariants {
    /// Said again from the definitions, and not by the index that routing uses.
    static func mayRing(
        _ member: QueueRules.Member, for contact: Contact, _ entry: QueueEntry, _ rules: QueueRules, in center: Center
    ) -> Bool {
        if entry.exclusions.contains(where: { $0.agent == member.agent && $0.until > center.now }) { return false }
        if let preferred = entry.preferred {
            return entry.offers.isEmpty && preferred.agents.contains { $0.agent == member.agent }
        }
        if let levelMax = entry.levelMax, member.level > levelMax { return false }
        if rules.require.indices.contains(entry.step) {
            let requirement = rules.require[entry.step].requirement.resolved { contact.attribute($0) }
            let skills = center.index.agents.look(at: member.agent, \.skills) ?? AgentSkills()
            if !requirement.isMet(by: member.agent, with: skills) { return false }
        }
        guard !entry.offers.isEmpty else { return true }
        switch rules.ring {
        case .one: return false
        case .all:
            let ringing = entry.offers.compactMap { center.offers[$0]?.agent }
            let levels = rules.members.filter { ringing.contains($0.agent) }.map(\.level)
            return levels.max().map { member.level <= $0 } ?? false
        case .progressively: return entry.nextOfferAt == nil
        }
    }

    /// Nobody was passed over by the offers among these commands: neither a contact that came first nor an agent who is better.
    ///
    /// - Parameter center: as it is after the event that brought the commands.
    public static func violationsOfOrder(_ commands: [Command], in center: Center) -> [String] {
        // Until all have fired that are due, somebody may be passed over who could be asked again from now on.
        guard center.nextDeadline > center.now else { return [] }
        var found: [String] = []
        for case .ring(let ring) in commands {
            guard let contact = center.contacts[ring.contact], let entry = contact.entry, entry.offers.contains(ring.offer),
                entry.personal == nil, let queue = center.queues[entry.queue]
            else { continue }
            if let first = passedOver(by: entry, at: ring.agent, queue, in: center) {
                found.append("agent \(ring.agent) is offered contact \(ring.contact) before contact \(first)")
            }
            if let better = better(than: ring, contact, entry, queue, in: center) {
                found.append("contact \(ring.contact) is offered to agent \(ring.agent) and not to agent \(better)")
            }
        }
        return found
    }

    /// A contact for whom nobody rings, that the agent could have, and that comes before this one.
    private static func passedOver(
        by entry: QueueEntry, at agent: AgentID, _ queue: WaitingQueue, in center: Center
    ) -> ContactID? {
        for other in center.queues.map(\.value) where !other.isRemoved {
            guard let member = other.rules.members.first(where: { $0.agent == agent }) else { continue }
            for key in other.waiting {
                let isBefore =
                    other.rules.weight == queue.rules.weight ? key < entry.key : other.rules.weight > queue.rules.weight
                guard isBefore, let contact = center.contacts[key.contact], let place = contact.entry, place.isRoutable,
                    place.offers.isEmpty, place.personal == nil
                else { continue }
                if mayRing(member, for: contact, place, other.rules, in: center) { return key.contact }
            }
        }
        return nil
    }

    /// An agent who is free still and better by the keys, where these decide alone.
    private static func better(
        than ring: Ring, _ contact: Contact, _ entry: QueueEntry, _ queue: WaitingQueue, in center: Center
    ) -> AgentID? {
        let explained = contact.timeline.reversed().compactMap { line -> Explanation? in
            if case .offered(ring.offer, _, _, let why) = line.what { why } else { nil }
        }.first
        guard let why = explained, entry.preferred == nil, queue.rules.ring == .one,
            why.keys.allSatisfy({ !$0.decides || $0 == .order })
        else { return nil }
        var alone = entry
        alone.offers = []
        let step = queue.rules.require.requirement(of: entry.step)?.resolved { contact.attribute($0) } ?? .anybody
        for (order, member) in queue.rules.members.enumerated() {
            guard let agent = center.agents[member.agent], agent.refusal == nil,
                mayRing(member, for: contact, alone, queue.rules, in: center)
            else { continue }
            let skills = center.configuration.agents.last { $0.id == member.agent }?.skills ?? AgentSkills()
            var candidate = Candidate(
                agent: agent.id, level: member.level, idleSince: agent.idleSince, answered: agent.answered, order: order)
            candidate.skillFit = step.fit(of: skills)
            candidate.talked = agent.talked
            candidate.lastOffer = queue.lastOffer(to: agent.id)
            if candidate.isBefore(why.winner, by: why.keys) { return agent.id }
        }
        return nil
    }
}
