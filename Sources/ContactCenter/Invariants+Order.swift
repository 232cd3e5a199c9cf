// What must be true of every offer, reckoned again from the definitions alone: neither by the index that routing uses nor by
// the comparisons that keep it in order, so that a fault in those shows.

import ACD
import Basics

extension Invariants {
    /// An offer of one turn that still stands after it.
    struct MadeOffer {
        var ring: Ring
        var contact: Contact
        var entry: QueueEntry
        /// nil: the contact's story was full.
        var why: Explanation?
    }

    /// Nobody was passed over by the offers among these commands: neither a contact that came first nor an agent who is better.
    ///
    /// An agent or a contact that got an offer later in the same turn was free, or waited, at each one before it.
    ///
    /// - Parameter center: as it is after the event that brought the commands.
    public static func violationsOfOrder(_ commands: [Command], in center: Center) -> [String] {
        // Until all have fired that are due, somebody may be passed over who could be asked again from now on.
        guard center.nextDeadline > center.now else { return [] }
        let made = offersMade(by: commands, in: center)
        var found: [String] = []
        for (place, offer) in made.enumerated() where offer.entry.personal == nil {
            guard let queue = center.queues[offer.entry.queue] else { continue }
            let later = made[(place + 1)...]
            let open = made[place...].map(\.ring.offer)
            if let first = passedOver(by: offer, of: queue, later, open, in: center) {
                found.append("agent \(offer.ring.agent) is offered contact \(offer.contact.id) before contact \(first)")
            }
            if let first = passedOverForRoom(by: offer, of: queue, open, in: center) {
                found.append(
                    "agent \(offer.ring.agent) keeps no room for contact \(first), which comes before \(offer.contact.id)")
            }
            if let better = better(than: offer, in: queue, later, open, in: center) {
                found.append("contact \(offer.contact.id) is offered to agent \(offer.ring.agent) and not to agent \(better)")
            }
        }
        return found
    }

    private static func offersMade(by commands: [Command], in center: Center) -> [MadeOffer] {
        var made: [MadeOffer] = []
        for case .ring(let ring) in commands where !made.contains(where: { $0.ring.offer == ring.offer }) {
            guard let contact = center.contacts[ring.contact], let entry = contact.entry, entry.offers.contains(ring.offer)
            else { continue }
            let why = contact.timeline.reversed().compactMap { line -> Explanation? in
                if case .offered(ring.offer, _, _, let why) = line.what { why } else { nil }
            }.first
            made.append(MadeOffer(ring: ring, contact: contact, entry: entry, why: why))
        }
        return made
    }

    // MARK: Contacts

    /// Definitions 3.2: the higher class, then the earlier arrival less its head start, then the smaller id.
    static func isServedBefore(_ a: OrderKey, _ b: OrderKey) -> Bool {
        if a.priorityClass > b.priorityClass { return true }
        if a.priorityClass < b.priorityClass { return false }
        let (first, second) = (a.effectiveEnqueuedAt.microseconds, b.effectiveEnqueuedAt.microseconds)
        return first == second ? a.contact.rawValue < b.contact.rawValue : first < second
    }

    /// A contact for whom nobody rang at that time, that the agent could have, and that comes before this one.
    ///
    /// - Parameter open: the offers that were not made yet, this one among them.
    private static func passedOver(
        by offer: MadeOffer, of queue: WaitingQueue, _ later: ArraySlice<MadeOffer>, _ open: [OfferID], in center: Center
    ) -> ContactID? {
        // What was kept for somebody when the offer was made is not seen any more.
        guard !center.keepersChanged.contains(offer.ring.agent),
            let agent = center.agents[offer.ring.agent]?.without(open)
        else { return nil }
        for other in center.queues.map(\.value) where !other.isRemoved {
            guard let member = other.rules.members.first(where: { $0.agent == offer.ring.agent }) else { continue }
            for key in other.waiting where key.contact != offer.contact.id {
                let isBefore =
                    other.rules.weight == queue.rules.weight
                    ? isServedBefore(key, offer.entry.key) : other.rules.weight > queue.rules.weight
                guard isBefore, let contact = center.contacts[key.contact], !contact.isHeldBack, var place = contact.entry,
                    place.isRoutable,
                    place.personal == nil,
                    place.offers.allSatisfy({ id in later.contains { $0.ring.offer == id } })
                else { continue }
                place.offers = []
                // There may have been room for the one and not for the other.
                guard center.refusal(of: agent, forKindAt: center.kindPlace(of: contact)) == nil else { continue }
                if mayRing(member, for: contact, place, other.rules, in: center) { return key.contact }
            }
        }
        return nil
    }

    // MARK: Agents

    /// An agent who was free and is better by the keys, as far as these compare two agents.
    private static func better(
        than offer: MadeOffer, in queue: WaitingQueue, _ later: ArraySlice<MadeOffer>, _ open: [OfferID], in center: Center
    ) -> AgentID? {
        let members = queue.rules.members
        guard let why = offer.why, let chosen = members.firstIndex(where: { $0.agent == offer.ring.agent }) else { return nil }
        var alone = offer.entry
        alone.offers = []
        let isPreferred = alone.preferred != nil
        for (order, member) in members.enumerated() where order != chosen {
            guard !center.keepersChanged.contains(member.agent), let agent = center.agents[member.agent]?.without(open),
                center.refusal(of: agent, forKindAt: center.kindPlace(of: offer.contact)) == nil,
                mayRing(member, for: offer.contact, alone, queue.rules, in: center)
            else { continue }
            if isPreferred {
                let (weight, other) = (weight(of: offer.ring.agent, alone), weight(of: agent.id, alone))
                if other > weight { return agent.id }
                if other < weight { continue }
            }
            // Turn and draw compare more than two agents; whoever is better before they come into it is better.
            for key in [.level] + why.keys {
                if key.decides, key != .order { break }
                let own = value(of: key, at: chosen, offer, [offer][...], open, queue, in: center)
                let others = value(of: key, at: order, offer, later, open, queue, in: center)
                if others < own { return agent.id }
                if others > own || key == .order { break }
            }
        }
        return nil
    }

    private static func weight(of agent: AgentID, _ entry: QueueEntry) -> Int {
        entry.preferred?.agents.first { $0.agent == agent }?.weight ?? 0
    }

    /// What the key says of the member at that place as it was when the offer was made; less is better.
    private static func value(
        of key: SelectionKey, at order: Int, _ offer: MadeOffer, _ rung: ArraySlice<MadeOffer>, _ open: [OfferID],
        _ queue: WaitingQueue, in center: Center
    ) -> Int64 {
        let member = queue.rules.members[order]
        guard let agent = center.agents[member.agent]?.without(open) else { return .max }
        switch key {
        case .level: return Int64(member.level)
        case .longestIdle:
            // Who has something in hand is not idle: first by how much, then by since when.
            let since = max(agent.idleSince, center.now - .seconds(7 * 24 * 3600))
            return Int64(min(1023, agent.workload)) * (1 << 52) + since.microseconds
        case .leastRecent: return agent.record(of: queue.id)?.lastEndedAt?.microseconds ?? 0
        case .fewestCalls: return Int64(agent.answered)
        case .fewestCallsOfQueue: return Int64(agent.record(of: queue.id)?.answered ?? 0)
        case .leastTalkTime: return agent.talked.microseconds
        case .bestSkills:
            // Who is preferred is not asked for skills.
            guard offer.entry.preferred == nil, queue.rules.require.indices.contains(offer.entry.step) else { return 0 }
            let requirement = queue.rules.require[offer.entry.step].requirement.resolved { offer.contact.attribute($0) }
            let skills = center.configuration.agents.last { $0.id == member.agent }?.skills ?? AgentSkills()
            return -requirement.skills.reduce(0) { $0 + Int64(skills.grade(of: $1)) }
        case .lastOffered:
            // The offers of this turn have changed it; each says what it was before.
            let own = rung.first { $0.ring.agent == member.agent && $0.entry.queue == queue.id }
            let last = own.map { $0.why?.winner.lastOffer } ?? queue.lastOffer(to: member.agent)
            return Int64(clamping: last?.rawValue ?? 0)
        case .order: return Int64(order)
        case .roundRobin, .random, .weightedRandom: return 0
        }
    }
}
