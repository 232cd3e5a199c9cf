// What must be true of room that is kept: it is for somebody who waits for it, ends, and nobody is passed over without it.

import ACD
import Basics

extension Invariants {
    static func violationsOfRooms(in center: Center) -> [String] {
        var found: [String] = []
        var keepers: [AgentID] = []
        // Looked up, and compared with the contacts themselves where the whole index is.
        for room in center.index.rooms.map(\.value) {
            func expect(_ condition: Bool, _ text: String) {
                if !condition { found.append("room at agent \(room.agent) for contact \(room.contact) \(text)") }
            }
            guard let contact = center.contacts[room.contact], let entry = contact.entry,
                let agent = center.agents[room.agent], let kept = entry.room, kept.agent == room.agent
            else {
                found.append("room at agent \(room.agent) is kept for nobody")
                continue
            }
            keepers.append(room.agent)
            let kind = center.kinds[center.kindPlace(of: contact)].rules
            expect(!center.hasOutlived(kept.until), "has outlived its time")
            expect(kept.until <= center.now + .seconds(WorkKind.roomSecondsLimit), "is kept for too long")
            expect(entry.offers.isEmpty && entry.isRoutable && !contact.isHeldBack, "is for somebody who does not wait for it")
            expect(agent.wouldTake(kind), "is at an agent who does not take it")
            guard let queue = center.queues[entry.queue], entry.personal == nil else { continue }
            let member = queue.rules.members.first { $0.agent == room.agent }
            var alone = entry
            alone.exclusions = []
            expect(
                member.map { mayRing($0, for: contact, alone, queue.rules, in: center) } ?? false,
                "is for somebody whom the agent could not have")
        }
        keepers.sort()
        if zip(keepers, keepers.dropFirst()).contains(where: { $0 == $1 }) { found.append("one agent keeps room twice") }
        if keepers.count > Center.roomsMax { found.append("room is kept for too many") }
        return found
    }

    /// A contact that comes before the offered one, that the agent could have but for what is in hand, and for which no agent
    /// keeps room although its time for that is not over. An agent keeps room for one contact: those behind that one are not
    /// served by it, and what comes beside it may take their room.
    static func passedOverForRoom(
        by offer: MadeOffer, of queue: WaitingQueue, _ open: [OfferID], in center: Center
    ) -> ContactID? {
        guard center.kinds.count > 1, let agent = center.agents[offer.ring.agent]?.without(open) else { return nil }
        let kind = center.kinds[center.kindPlace(of: offer.contact)].rules
        for other in center.queues.map(\.value) where !other.isRemoved {
            guard let member = other.rules.members.first(where: { $0.agent == agent.id }) else { continue }
            for key in other.waiting.prefix(Center.placesForRoomMax) where key.contact != offer.contact.id {
                let isBefore =
                    other.rules.weight == queue.rules.weight
                    ? isServedBefore(key, offer.entry.key) : other.rules.weight > queue.rules.weight
                guard isBefore, !isRoomKept(by: agent.id, before: key, of: other, in: center),
                    let contact = center.contacts[key.contact], !contact.isHeldBack, let entry = contact.entry,
                    entry.isRoutable, entry.personal == nil, entry.offers.isEmpty,
                    entry.room.map({ $0.agent == nil && ($0.until > center.now || $0.againAt <= center.now) }) ?? true
                else { continue }
                let place = center.kindPlace(of: contact), wanted = center.kinds[place].rules
                guard wanted.id != kind.id, wanted.roomSecondsMax > 0, agent.wouldTake(wanted),
                    center.refusalButForRoom(of: agent, forKindAt: place) == .busy,
                    agent.mayKeepRoom(at: center.now),
                    agent.isHindered(for: wanted, atOnceMax: center.kinds[place].atOnceMax(for: agent.id), by: kind),
                    mayRing(member, for: contact, entry, other.rules, in: center)
                else { continue }
                return key.contact
            }
        }
        return nil
    }

    /// Whether the agent keeps room for somebody who comes before that place of the queue.
    private static func isRoomKept(
        by agent: AgentID, before key: OrderKey, of queue: WaitingQueue, in center: Center
    ) -> Bool {
        guard let room = center.index.rooms[agent], let entry = center.contacts[room.contact]?.entry else { return false }
        let weight = center.queues[entry.queue]?.rules.weight ?? 0
        return entry.personal != nil
            || (weight == queue.rules.weight ? isServedBefore(entry.key, key) : weight > queue.rules.weight)
    }
}
