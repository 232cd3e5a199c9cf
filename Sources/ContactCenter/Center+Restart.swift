// A process takes over from one that is gone: its calls are dead, its agents and figures are not.

import ACD
import Basics

extension Center {
    /// Closes every contact whose legs died with the old process, honestly: `lost`, by the system, at the last time of which
    /// anything is known. Nobody waited or talked while there was no process.
    ///
    /// What has no session lives on: it waits where it waited, and whoever had it at the desk may come back to it.
    mutating func restart(lastSeen: Instant) {
        var kept = PagedMap<AgentID, [ContactID]>()
        var orphans: [ContactID] = []
        for id in contacts.map(\.key) {
            guard var contact = contacts[id] else { continue }
            if contact.isDigital, contact.leg == .none {
                let agent = keep(&contact)
                contacts[id] = contact
                if let agent { kept[agent] = (kept[agent] ?? []) + [id] } else { orphans.append(id) }
                continue
            }
            guard !outlives(&contact, lastSeen: lastSeen) else { continue }
            if let entry = contact.entry {
                queues.update(entry.queue) { queue in
                    queue.remove(entry.key)
                    queue.figures.noteEndBySystem(after: lastSeen - entry.enqueuedAt, of: contact.medium)
                }
            }
            if let talk = contact.conversation, case .agent(let agent, _) = talk.other {
                let day = configuration.day(at: lastSeen), isCall = !contact.isDigital
                agents.update(agent) {
                    $0.countTalk(lastSeen - talk.since, isVoice: isCall, isHandled: false, on: day)
                }
            }
            contact.recording = nil
            contact.onRecord = nil
            contact.secure = nil
            contact.company = nil
            contact.endedAt = lastSeen
            conclude(contact, .lost)
            contact.note(.ended(.lost, by: .system), at: lastSeen)
            contact.state = .ended(.lost)
            store(contact)
        }
        offers.removeAll()
        legs.removeAll()
        isFallbackOnly = false
        for id in agents.map(\.key) {
            agents.update(id) { $0.loseLegs(grace: configuration.lostGrace, keeping: kept[id] ?? [], at: now) }
            if let until = agents[id]?.graceUntil { deadlines.set(.lost(id), at: until) }
            out.append(.agentChanged(id))
            dropIfRemoved(id)
        }
        for id in orphans where contacts[id]?.conversation != nil { takeBack(id, endedAt: lastSeen) }
    }

    /// - Returns: the agent who has it and may come back to it.
    private func keep(_ contact: inout Contact) -> AgentID? {
        if var entry = contact.entry {
            entry.offers = []
            entry.nextOfferAt = nil
            entry.room?.agent = nil
            // Nobody knows when that agent is there again.
            entry.personal = nil
            contact.state = .waiting(entry)
        }
        guard var conversation = contact.conversation, case .agent(let id, _) = conversation.other,
            let agent = agents[id], agent.hasDesk, agent.presence.isSignedIn, conversation.device == id.browser
        else { return nil }
        if !conversation.isLost { contact.note(.lost(id), at: now) }
        conversation.isLost = true
        contact.state = .talking(conversation)
        return id
    }
}
