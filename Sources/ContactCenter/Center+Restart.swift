// A process takes over from one that is gone: its calls are dead, its agents and figures are not.

import ACD
import Basics

extension Center {
    /// Closes every contact whose legs died with the old process, honestly: `lost`, by the system, at the last time of which
    /// anything is known. Nobody waited or talked while there was no process.
    mutating func restart(lastSeen: Instant) {
        for id in contacts.map(\.key) {
            guard var contact = contacts[id], !outlives(&contact, lastSeen: lastSeen) else { continue }
            if let entry = contact.entry {
                queues.update(entry.queue) { queue in
                    queue.remove(entry.key)
                    queue.figures.noteEndBySystem(after: lastSeen - entry.enqueuedAt)
                }
            }
            if let talk = contact.conversation, case .agent(let agent, _) = talk.other {
                let day = configuration.day(at: lastSeen)
                agents.update(agent) { $0.countTalk(lastSeen - talk.since, isHandled: false, on: day) }
            }
            contact.recording = nil
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
            agents.update(id) { $0.loseLegs(grace: configuration.lostGrace, at: now) }
            if let until = agents[id]?.graceUntil { deadlines.set(.lost(id), at: until) }
            out.append(.agentChanged(id))
            dropIfRemoved(id)
        }
    }
}
