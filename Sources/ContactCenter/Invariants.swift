// What must be true of the center after every event, whatever happened (definitions.md 3.6).

public import ACD
import Basics
import IVR

/// Checks of a `Center`, whole after each event in tests, in slices while it runs.
public enum Invariants {
    /// Every violation, as a sentence; empty when all is well.
    ///
    /// - Parameter withIndex: also that what routing looks up is what it would be if it were made anew, which takes longest.
    public static func violations(in center: Center, withIndex: Bool = true) -> [String] {
        var found: [String] = []
        for entry in center.agents { found += violations(of: entry.value, in: center) }
        for entry in center.contacts { found += violations(of: entry.value, in: center) }
        for entry in center.queues { found += violations(of: entry.value, in: center) }
        for entry in center.offers { found += violations(of: entry.value, entry.key, in: center) }
        for entry in center.legs { found += violations(of: entry.value, entry.key, in: center) }
        found += violationsOfKinds(in: center)
        found += violationsOfRooms(in: center)
        found += violationsOfCallbacks(in: center)
        found += violationsOfCounts(in: center) + violationsOfTrials(in: center)
        return found + (withIndex ? violationsOfIndex(in: center) : [])
    }

    /// What routing looks up is what the state says: the same as if it had been made anew.
    static func violationsOfIndex(in center: Center) -> [String] {
        var other = center
        other.makeIndex()
        var found: [String] = []
        for entry in other.index.pools {
            let id = center.index.queues[entry.value.queue]?.pools[entry.value.key]
            if id.flatMap({ center.index.pools[$0] }) != entry.value {
                found.append("pool \(entry.value.key) of queue \(entry.value.queue) is not what the state says")
            }
        }
        for entry in center.index.pools where !(entry.value.waiting.isEmpty && entry.value.ringing.isEmpty) {
            if other.index.queues[entry.value.queue]?.pools[entry.value.key] == nil {
                found.append("pool \(entry.value.key) of queue \(entry.value.queue) holds contacts that are elsewhere")
            }
        }
        if center.index.waitingByKind != other.index.waitingByKind { found.append("more or fewer wait than counted by kind") }
        for entry in center.index.pools where center.index.queues[entry.value.queue]?.pools[entry.value.key] != entry.key {
            found.append("pool \(entry.value.key) of queue \(entry.value.queue) is known to nobody")
        }
        if center.index.relaxing != other.index.relaxing {
            found.append("conditions are looked at for others than the state says")
        }
        if center.index.callbacks != other.index.callbacks || center.index.claims != other.index.claims
            || center.index.parkedCallbacks != other.index.parkedCallbacks
        {
            found.append("callbacks are looked up otherwise than the state says")
        }
        found += violationsOfProspects(center.index, other.index)
        if center.index.rooms != other.index.rooms { found.append("room is kept otherwise than the state says") }
        if center.index.wanted != other.index.wanted { found.append("agents are wanted by others than the state says") }
        for entry in other.index.queues {
            guard let side = center.index.queues[entry.key], side.staffed == entry.value.staffed,
                side.staffedInAll == entry.value.staffedInAll,
                side.staffedByLevel == entry.value.staffedByLevel, side.availableShare == entry.value.availableShare,
                side.callbacks == entry.value.callbacks, side.lines == entry.value.lines, side.relaxing == entry.value.relaxing,
                side.staffedByStep.allSatisfy({ staff in
                    guard let rules = center.queues[entry.key]?.rules else { return false }
                    return other.index.staffed(onStep: staff.key.step, staff.key.values, of: rules) == staff.value.count
                })
            else {
                found.append("queue \(entry.key) is staffed otherwise than counted")
                continue
            }
        }
        return found
    }

    public static func violations(of agent: Agent, in center: Center) -> [String] {
        var found: [String] = []
        found += violationsOfPieces(of: agent)
        for work in agent.work {
            switch work {
            case .offered(let id, let contact, let deadline):
                guard let offer = center.offers[id] else {
                    found.append("agent \(agent.id) is offered \(id), which does not exist")
                    continue
                }
                if offer.agent != agent.id || offer.contact != contact {
                    found.append("agent \(agent.id) is offered \(id) of somebody else")
                }
                if center.hasOutlived(deadline) { found.append("offer \(id) has outlived its deadline") }
            case .active(let contact, _, _):
                if center.contacts[contact]?.participant(agent.id)?.leg != nil { continue }
                guard case .agent(agent.id, _)? = center.contacts[contact]?.conversation?.other else {
                    found.append("agent \(agent.id) is active on contact \(contact), which is not with that agent")
                    continue
                }
            case .wrapUp(_, _, let deadline):
                if center.hasOutlived(deadline) { found.append("agent \(agent.id) has outlived the wrap-up") }
            }
        }
        if agent.pendingPresence != nil, agent.work.isEmpty {
            found.append("agent \(agent.id) waits to change presence without work")
        }
        if !agent.personal.isEmpty, agent.isRemoved || agent.presence != .available {
            found.append("contacts wait for agent \(agent.id) in person, who is away")
        }
        for contact in agent.personal {
            guard let entry = center.contacts[contact]?.entry, entry.personal?.agent == agent.id else {
                found.append("agent \(agent.id) is waited for by contact \(contact), which does not wait for that agent")
                continue
            }
            let place = center.kindPlace(of: contact)
            if center.refusal(of: agent, forKindAt: place) == nil, entry.offer == nil, entry.isRoutable {
                found.append("contact \(contact) waits for agent \(agent.id), who is free")
            }
        }
        return found + violationsOfLoss(of: agent, in: center)
    }

    private static func violationsOfLoss(of agent: Agent, in center: Center) -> [String] {
        let parked = agent.activeContacts.compactMap { center.contacts[$0]?.conversation }.filter { conversation in
            if case .agent(agent.id, _) = conversation.other { conversation.isLost } else { false }
        }
        guard let loss = agent.loss else {
            return !parked.isEmpty ? ["agent \(agent.id) is there and the contact is parked"] : []
        }
        var found: [String] = []
        func expect(_ condition: Bool, _ text: String) {
            if !condition { found.append("lost agent \(agent.id) \(text)") }
        }
        expect(!center.hasOutlived(loss.graceUntil), "has outlived the grace")
        expect(agent.presence.isSignedIn, "is offline")
        expect(!agent.registeredDevices.contains(loss.device), "is there")
        expect(!agent.work.contains { if case .offered = $0 { true } else { false } }, "is offered a contact")
        expect(
            parked.isEmpty || parked.contains { $0.device == loss.device }, "has its contacts parked on other devices alone")
        return found
    }

    public static func violations(of contact: Contact, in center: Center) -> [String] {
        var found: [String] = []
        func expect(_ condition: Bool, _ text: String) {
            if !condition { found.append("contact \(contact.id) \(text)") }
        }
        if let digital = contact.digital {
            found += violationsOfWork(of: contact, digital, in: center)
        } else if contact.isParked {
            expect(center.legs[contact.leg] == nil, "is parked with somebody on the line")
        } else {
            expect(center.legs[contact.leg] == .caller(contact.id), "has no live caller leg")
        }
        found += violationsOfCallback(of: contact, in: center) + violationsOfCompany(of: contact, in: center)
        switch contact.state {
        case .announcing(let playback), .voicemailPrompt(_, let playback):
            expect(contact.playback == playback, "waits for a prompt that is not played")
        case .inFlow:
            expect(contact.isOwnedInFlow(in: center), "stands in its flow without prompt, deadline or collect step")
        case .waiting(let entry):
            expect(center.queues[entry.queue]?.position(of: entry.key) != nil, "waits in a queue that does not know it")
            for offer in entry.offers { expect(center.offers[offer]?.contact == contact.id, "has a dead offer") }
            let rung = entry.offers.compactMap { center.offers[$0]?.agent }.sorted()
            expect(!zip(rung, rung.dropFirst()).contains { $0 == $1 }, "rings twice at one agent")
            expect(!center.hasOutlived(entry.relaxAt), "has outlived what it waits for")
            expect(entry.nextOfferAt.map { !center.hasOutlived($0) } ?? true, "has outlived the pause between two offers")
            expect(entry.preferred.map { !center.hasOutlived($0.until) } ?? true, "has waited too long for preferred agents")
            expect(entry.isRoutable || contact.playback != nil, "waits for an announcement that is not played")
            expect(!center.hasOutlived(entry.limitAt), "has outlived its wait limit")
            if let personal = entry.personal {
                expect(!center.hasOutlived(personal.until), "has waited too long for one agent")
                expect(
                    center.agents[personal.agent]?.personal.contains(contact.id) == true,
                    "waits for an agent that does not know it")
            }
        case .dialling(let leg, _, let deadline):
            expect(center.legs[leg] == .other(contact.id), "dials on a dead leg")
            expect(!center.hasOutlived(deadline), "has outlived its dialling")
        case .talking(let conversation):
            expect(contact.isDigital || center.legs[conversation.leg] == .other(contact.id), "talks on a dead leg")
            let isHeldByCaller = contact.isHeldByCaller == true
            expect(conversation.heldBy != .caller || isHeldByCaller, "is held by a caller who does not hold")
            expect(conversation.heldBy != nil || !isHeldByCaller || contact.isBeingReached, "is heard by a caller who holds")
            if case .agent(let agent, _) = conversation.other {
                let isKnown = center.agents[agent]?.work.contains {
                    if case .active(contact.id, _, _) = $0 { true } else { false }
                }
                expect(isKnown == true, "talks to an agent that does not know it")
                expect(!conversation.isLost || center.agents[agent]?.loss != nil, "is parked for an agent that is there")
            } else {
                expect(!conversation.isLost && !conversation.isMuted, "is parked or muted without an agent")
            }
        case .voicemail(_, _, let deadline), .leaving(_, _, let deadline):
            expect(!center.hasOutlived(deadline), "has outlived its deadline")
        case .ended:
            expect(false, "has ended and is still there")
        }
        // See `letGoOfTimeline`: whoever takes it has to store the contact.
        expect(!contact.timeline.isEmpty, "has lost its timeline")
        expect(!contact.isRecordingPaused || contact.conversation != nil, "has its recording paused without an agent")
        return found
    }

    /// - Parameter places: in the order of service, from 0; those behind the end are passed over. The counters are looked at
    ///   with place 0.
    public static func violations(
        of queue: WaitingQueue, places: Range<Int> = 0..<Int.max, in center: Center
    ) -> [String] {
        var found: [String] = []
        let figures = queue.figures
        let sum =
            figures.answered + figures.abandoned + figures.divertedInAll + figures.endedBySystem
            + figures.callbacks.entriesLeft + queue.waiting.count
        if places.lowerBound == 0, figures.entries != sum {
            found.append("queue \(queue.id): \(figures.entries) entries, but \(sum) accounted for")
        }
        let keys = queue.waiting[places.clamped(to: queue.waiting.indices)]
        for index in keys.indices.dropFirst(keys.startIndex == 0 ? 1 : 0)
        where !isServedBefore(queue.waiting[index - 1], keys[index]) {
            found.append("queue \(queue.id) is out of order at contact \(keys[index].contact)")
        }
        for key in keys where center.contacts[key.contact]?.entry?.key != key {
            found.append("queue \(queue.id) holds contact \(key.contact), which does not wait in it")
        }
        let pairsMax = places.upperBound == .max ? Int.max : pairsPerSliceMax
        if let pair = routablePair(keys, in: queue, of: center, pairsMax: pairsMax) {
            found.append("queue \(queue.id): contact \(pair.0) waits although agent \(pair.1) is free")
        }
        return found
    }

    /// Pairs of a contact and an agent that a slice looks at, or a few more: skills may keep thousands of them apart.
    private static let pairsPerSliceMax = 2000

    /// Liveness (asterisk#1691): if a contact can be served and an agent can serve it, there is an offer in the same turn.
    private static func routablePair(
        _ keys: Slice<WaitingLine>, in queue: WaitingQueue, of center: Center, pairsMax: Int
    ) -> (ContactID, AgentID)? {
        guard !queue.isRemoved, !center.isBehind else { return nil }
        // By the place of the kind, looked up when the first contact of it is met.
        var freeByKind = [[QueueRules.Member]?](repeating: nil, count: center.kinds.count)
        var pairs = 0
        for key in keys where pairs < pairsMax {
            guard let contact = center.contacts[key.contact], let entry = contact.entry, entry.isRoutable,
                entry.personal == nil, !contact.isHeldBack
            else { continue }
            let place = center.kindPlace(of: contact)
            let free =
                freeByKind[place]
                ?? queue.rules.members.filter { member in
                    center.agents[member.agent].map { center.refusal(of: $0, forKindAt: place) == nil } ?? false
                }
            freeByKind[place] = free
            pairs += max(1, free.count)
            for member in free where mayRing(member, for: contact, entry, queue.rules, in: center) {
                return (key.contact, member.agent)
            }
        }
        return nil
    }

    static func violations(of offer: Center.Offer, _ id: OfferID, in center: Center) -> [String] {
        var found: [String] = []
        if offer.legs.isEmpty { found.append("offer \(id) rings nowhere") }
        for leg in offer.legs where center.legs[leg] != .offered(id) { found.append("offer \(id) rings a dead leg") }
        if offer.joins == true {
            let isKnown = center.contacts[offer.contact]?.participants.contains {
                $0.who == .agent(offer.agent) && $0.line == .ringing(id)
            }
            return isKnown == true ? found : found + ["offer \(id) rings for a call that does not know it"]
        }
        if center.contacts[offer.contact]?.entry?.offers.contains(id) != true { found.append("offer \(id) is for nobody") }
        return found
    }

    static func violations(of role: Center.LegRole, _ id: LegID, in center: Center) -> [String] {
        switch role {
        case .caller(let contact):
            return center.contacts[contact] == nil ? ["leg \(id) belongs to no contact"] : []
        case .offered(let offer):
            return center.offers[offer] == nil ? ["leg \(id) belongs to no offer"] : []
        case .other(let contact):
            switch center.contacts[contact]?.state {
            case .talking(let conversation)? where conversation.leg == id: return []
            case .dialling(id, _, _)?: return []
            case .announcing?, .inFlow?, .waiting?, .dialling?, .talking?, .voicemailPrompt?, .voicemail?, .leaving?,
                .ended?, nil:
                return ["leg \(id) is on contact \(contact), which does not know it"]
            }
        case .beside(let contact):
            return center.contacts[contact]?.participant(on: id) == nil
                ? ["leg \(id) is beside contact \(contact), which does not know it"] : []
        case .service(_, let deadline, let agent):
            var found: [String] = []
            if (center.agents[agent]?.callsToCenter ?? 1) < 1 { found.append("service leg \(id) does not hold its agent") }
            if center.hasOutlived(deadline) { found.append("service leg \(id) has outlived its deadline") }
            return found
        }
    }
}

extension Contact {
    /// In a flow somebody always owes the contact something.
    fileprivate func isOwnedInFlow(in center: Center) -> Bool {
        switch interpreter.state {
        case .menuPrompt, .playing: playback != nil && !center.hasOutlived(playbackDeadline)
        case .menuKey(_, _, let deadline): !center.hasOutlived(deadline)
        case .collecting: collectDeadline.map { !center.hasOutlived($0) } ?? false
        case .notStarted, .handedOver, .finished: false
        }
    }
}

extension Center {
    /// More deadlines have come at once than fire in one turn.
    var isBehind: Bool { nextDeadline <= now }

    /// Whether something that should have ended by then goes on, though nothing is left to be done for the present.
    func hasOutlived(_ deadline: Instant) -> Bool { deadline <= now && !isBehind }
}
