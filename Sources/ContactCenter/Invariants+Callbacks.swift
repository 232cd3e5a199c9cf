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
        case .confirming, .dialling, .holding:
            expect(contact.entry?.queue == callback.queue, "has left its queue")
        case .resting, .ready:
            expect(contact.entry?.queue == callback.queue, "has left its queue")
            expect(contact.playback == nil && contact.recording == nil, "is parked and something is played or recorded")
            expect(!center.hasOutlived(callback.givesUpAt), "should have been given up")
        case .reaching, .greeting:
            expect(contact.conversation != nil, "has lost its agent")
        case .ended: break
        }
        if !(contact.entry?.offers.isEmpty ?? true) {
            switch callback.phase {
            case .ready: expect(callback.terms.mode == .agentFirst, "rings at an agent before the customer is there")
            case .holding: break
            case .confirming, .resting, .dialling, .reaching, .greeting, .ended: expect(false, "rings at an agent too early")
            }
        }
        if case .ready = callback.phase, let id = callback.terms.hours {
            let hours = center.configuration.hours.first { $0.id == id }
            expect(center.isBehind || hours?.isOpen(at: center.now) == true, "would be called while the line is closed")
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

    /// Liveness: whose turn comes within the lead time, and for whom there will be an agent, is being called.
    private static func violationsOfTurn(of contact: Contact, claimed: [AgentID], in center: Center) -> [String] {
        guard !center.isBehind, center.pause(of: contact.callback?.queue ?? "") == nil, let callback = contact.callback,
            case .ready = callback.phase,
            callback.terms.mode == .customerFirst, let entry = contact.entry, let queue = center.queues[entry.queue],
            queue.rules.callback?.mode == .customerFirst
        else { return [] }
        let before = queue.waiting.prefix { $0 < entry.key }.count { key in
            if case .resting = center.contacts[key.contact]?.callback?.phase { false } else { true }
        }
        let handle = queue.figures.meanHandleSeconds.map { Duration.seconds($0) } ?? Center.handleUsual
        let until = center.now + .seconds(callback.terms.leadSeconds)
        let free = queue.rules.members.filter { member in
            guard let outlook = center.agents[member.agent].flatMap({ center.outlook(of: $0) }) else { return false }
            switch outlook.kind {
            case .free: return true
            case .until: return outlook.at <= until
            case .talking: return outlook.at + handle <= until
            }
        }
        guard before < free.count, free.count <= Center.claimTriesMax else { return [] }
        let requirement = queue.rules.require.requirement(of: entry.step)?.resolved { contact.attribute($0) } ?? .anybody
        let suitable = free.first { member in
            let skills = center.index.agents.look(at: member.agent, \.skills) ?? AgentSkills()
            return !claimed.contains(member.agent) && member.level <= entry.levelMax ?? .max
                && requirement.isMet(by: member.agent, with: skills)
        }
        return suitable.map { ["contact \(contact.id) is not called although agent \($0.agent) will be free"] } ?? []
    }
}
