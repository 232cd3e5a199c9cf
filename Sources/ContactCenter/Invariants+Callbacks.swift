// What must be true of callbacks: said again from the definitions, and not by the index that calling uses (definitions.md 3.7).

import ACD
import Basics
import IVR

extension Invariants {
    static func violationsOfCallback(of contact: Contact, in center: Center) -> [String] {
        guard let callback = contact.callback, callback.isOpen else { return [] }
        var found: [String] = []
        func expect(_ condition: Bool, _ text: String) {
            if !condition { found.append("callback of contact \(contact.id) \(text)") }
        }
        expect(!center.hasOutlived(callback.deadline), "has outlived its deadline")
        expect(callback.hasConsented, "was never agreed to")
        expect(callback.attempts >= 0 && callback.attempts <= callback.terms.attemptsMax, "has had too many attempts")
        switch callback.phase {
        case .confirming, .dialling, .proving, .holding:
            expect(contact.entry?.queue == callback.queue, "has left its queue")
        case .resting, .ready:
            expect(contact.entry?.queue == callback.queue, "has left its queue")
            expect(contact.playback == nil && contact.recording == nil, "is parked and something is played or recorded")
            expect(!center.hasOutlived(callback.givesUpAt), "should have been given up")
        case .reaching, .provingBeside, .greeting:
            expect(contact.conversation != nil, "has lost its agent")
        case .ended: break
        }
        if contact.isBeingProved {
            expect(
                contact.playbackDeadline != .distantFuture && !center.hasOutlived(contact.playbackDeadline),
                "is asked for a key, and not again")
        }
        if !(contact.entry?.offers.isEmpty ?? true) {
            switch callback.phase {
            case .ready: expect(callback.terms.mode == .agentFirst, "rings at an agent before the customer is there")
            case .holding: break
            case .confirming, .resting, .dialling, .proving, .reaching, .provingBeside, .greeting, .ended:
                expect(false, "rings at an agent too early")
            }
        }
        if case .ready = callback.phase, let id = callback.terms.hours {
            let hours = center.configuration.hours.first { $0.id == id }
            expect(
                center.isBehind || center.termsWave != nil || hours?.isOpen(at: center.now) == true,
                "would be called while the line is closed")
        }
        return found
    }

    /// Whom to call, and which agents will be free: as it would be looked up if it were made anew.
    static func violationsOfProspects(_ index: RoutingIndex, _ other: RoutingIndex) -> [String] {
        var found: [String] = []
        for entry in index.prospects {
            guard let pool = index.pools[entry.key] else {
                found.append("prospects of a pool that is gone")
                continue
            }
            if index.queues[pool.queue]?.poolsThatAsk[entry.key] != nil, !entry.value.asks || entry.value.queue != pool.queue {
                found.append("pool \(pool.key) of queue \(pool.queue) asks for nobody")
            }
            if entry.value.asks, index.queues[pool.queue]?.poolsThatAsk[entry.key] == nil {
                found.append("pool \(pool.key) of queue \(pool.queue) asks and is not heard")
            }
            guard let same = other.queues[pool.queue]?.pools[pool.key] else {
                if entry.value.asks { found.append("pool \(pool.key) of queue \(pool.queue) is asked for nothing") }
                continue
            }
            if other.prospects[same] != entry.value {
                found.append("prospects of pool \(pool.key) of queue \(pool.queue) are not what the state says")
            }
        }
        return found
    }

    /// Over all of them: what only the whole center can say.
    static func violationsOfCallbacks(in center: Center) -> [String] {
        let open = center.contacts.map(\.value).filter { $0.callback?.isOpen == true }
        var found: [String] = []
        for queue in center.queues.map(\.value) {
            let count = open.count { $0.callback?.queue == queue.id }
            if queue.figures.waitOfAnswered < .zero || queue.figures.waitOfAll < queue.figures.waitOfAnswered {
                found.append("queue \(queue.id) has waited less than no time")
            }
            if queue.figures.callbacks.open != count {
                found.append("queue \(queue.id) counts \(queue.figures.callbacks.open) open callbacks, and there are \(count)")
            }
            if queue.isRemoved, queue.waiting.isEmpty, queue.emptiesAt == nil, count == 0 {
                found.append("queue \(queue.id) is over and still there")
            }
        }
        var keys = open.compactMap { contact in contact.callback.map { CallbackKey(caller: contact.caller, queue: $0.queue) } }
        keys.sort()
        for (a, b) in zip(keys, keys.dropFirst()) where a == b { found.append("caller \(a.caller) waits twice in \(a.queue)") }
        // Never more customers than agents (twilio #9, FreePBX #621).
        let claimed = open.compactMap { CallbackPlace(of: $0)?.claim }.sorted()
        for (a, b) in zip(claimed, claimed.dropFirst()) where a == b { found.append("two customers are called for agent \(a)") }
        for contact in open { found += violationsOfTurn(of: contact, claimed: claimed, in: center) }
        return found
    }

    /// Liveness: with an agent who is free now and whom nobody else wants, whoever is to be called is being called.
    private static func violationsOfTurn(of contact: Contact, claimed: [AgentID], in center: Center) -> [String] {
        guard !center.isBehind, let callback = contact.callback, center.pause(of: callback.queue) == nil,
            case .ready = callback.phase, callback.terms.mode == .customerFirst, let entry = contact.entry,
            let queue = center.queues[entry.queue], queue.rules.callback?.mode == .customerFirst,
            // An agent was kept for somebody of another queue, whose leaving is noticed then.
            !(queue.callbacksDueAt.map { $0 <= center.now + Center.forecastCheck } ?? false)
        else { return [] }
        let free = queue.rules.members.first { member in
            guard let agent = center.agents[member.agent], center.outlook(of: agent)?.kind == .free,
                !claimed.contains(member.agent), agent.personal.isEmpty
            else { return false }
            return mayHave(member, contact, entry, queue.rules, in: center)
                && !isWanted(member.agent, beside: contact, in: center)
        }
        return free.map { ["contact \(contact.id) is not called although agent \($0.agent) is free"] } ?? []
    }

    private static func mayHave(
        _ member: QueueRules.Member, _ contact: Contact, _ entry: QueueEntry, _ rules: QueueRules, in center: Center
    ) -> Bool {
        let requirement = rules.require.requirement(of: entry.step)?.resolved { contact.attribute($0) } ?? .anybody
        let skills = center.index.agents.look(at: member.agent, { $0.skills }) ?? AgentSkills()
        return member.level <= entry.levelMax ?? .max && requirement.isMet(by: member.agent, with: skills)
    }

    /// Somebody else may have that agent: who was refused a moment ago and waits on, or another who is to be called.
    private static func isWanted(_ agent: AgentID, beside contact: Contact, in center: Center) -> Bool {
        center.contacts.contains { entry in
            let other = entry.value
            guard other.id != contact.id, let place = other.entry, !other.isDigital, let queue = center.queues[place.queue],
                let member = queue.rules.members.first(where: { $0.agent == agent })
            else { return false }
            if case .ready = other.callbackPhase { return mayHave(member, other, place, queue.rules, in: center) }
            guard !other.isHeldBack, place.isRoutable, place.offers.isEmpty else { return false }
            return place.preferred?.agents.contains { $0.agent == agent } == true
                || mayHave(member, other, place, queue.rules, in: center)
        }
    }

    /// Said of the calls that the last event has brought: each is for an agent who may have that customer, and who is free, or
    /// will be within the lead time by what is known, or is one of those who talk of whom so many end in time.
    public static func violationsOfCalls(_ commands: [Command], in center: Center) -> [String] {
        var found: [String] = []
        for case .callBack(let call) in commands where call.agentLeg == nil {
            guard let contact = center.contacts[call.contact], let entry = contact.entry,
                let queue = center.queues[entry.queue],
                case .dialling(let id, _)? = contact.callbackPhase, let terms = queue.rules.callback
            else { continue }
            guard let member = queue.rules.members.first(where: { $0.agent == id }), let agent = center.agents[id],
                mayHave(member, contact, entry, queue.rules, in: center), let outlook = center.outlook(of: agent)
            else {
                found.append("contact \(call.contact) is called for agent \(id), who cannot have it")
                continue
            }
            switch outlook.kind {
            case .free: break
            case .until where outlook.at <= center.now + .seconds(terms.leadSeconds): break
            case .until: found.append("contact \(call.contact) is called for agent \(id), who will be free much later")
            case .talking: found += violationsOfTalks(contact, entry, queue, terms, in: center)
            }
        }
        return found
    }

    private static func violationsOfTalks(
        _ contact: Contact, _ entry: QueueEntry, _ queue: WaitingQueue, _ terms: CallbackRules, in center: Center
    ) -> [String] {
        let talking = queue.rules.members.filter { member in
            center.agents[member.agent].flatMap { center.outlook(of: $0) }?.kind == .talking
                && mayHave(member, contact, entry, queue.rules, in: center)
        }
        let called = center.contacts.count { other in
            guard let agent = CallbackPlace(of: other.value)?.claim else { return false }
            return talking.contains { $0.agent == agent }
        }
        let handle = queue.figures.meanHandleSeconds ?? Center.handleUsual.inSeconds
        let lead = Double(terms.leadSeconds)
        let ending = Double(talking.count) * lead / (lead + handle)
        return Double(called) <= max(1, ending + 1e-6)
            ? [] : ["\(called) customers of queue \(queue.id) are called for \(talking.count) agents who talk"]
    }
}
