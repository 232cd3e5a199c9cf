// Agents come, go, pause, and come back from wrap-up.

import ACD
import Basics

extension Center {
    mutating func request(_ presence: AgentPresence, of id: AgentID) {
        guard var agent = agents[id], !agent.isRemoved else {
            figures.lateEvents += 1
            return
        }
        let rescinded = agent.request(presence, at: now)
        agents[id] = agent
        // The agent said no to what rings: it is somebody else's now.
        for offer in rescinded { endOffer(offer, .rejected) }
        out.append(.agentChanged(id))
        agentMayBeFree(id)
        checkEmpty(after: id)
    }

    mutating func deviceRegistered(_ device: DeviceID) {
        guard let id = ownerOfDevice[device], var agent = agents[id] else { return }
        agent.registeredDevices = agent.devices.filter { $0 == device || agent.registeredDevices.contains($0) }
        agents[id] = agent
        out.append(.agentChanged(id))
        agentMayBeFree(id)
    }

    mutating func deviceUnregistered(_ device: DeviceID) {
        guard let id = ownerOfDevice[device] else { return }
        agents.update(id) { $0.registeredDevices.removeAll { $0 == device } }
        out.append(.agentChanged(id))
    }

    /// The conversation is over; wrap-up begins with its deadline, or the agent is free at once.
    mutating func finish(_ id: AgentID, _ contact: ContactID, of queue: QueueID, talkedSince: Instant) {
        let wrapUp = Duration.seconds(queues[queue]?.rules.wrapUpSeconds ?? 0)
        let deadline = agents.update(id) { $0.finish(contact, wrapUp: wrapUp, at: now) }
        queues.update(queue) { $0.figures.noteHandled(for: (now - talkedSince) + wrapUp) }
        if let deadline = deadline ?? nil { deadlines.set(.wrapUp(id), at: deadline) }
        out.append(.agentChanged(id))
        out.append(.queueChanged(queue))
        dropIfRemoved(id)
        agentMayBeFree(id)
        checkEmpty(after: id)
    }

    mutating func wrapUpEnded(_ id: AgentID) {
        guard agents.update(id, { $0.endWrapUps(dueAt: now) }) == true else { return }
        out.append(.agentChanged(id))
        dropIfRemoved(id)
        agentMayBeFree(id)
        checkEmpty(after: id)
    }

    /// The last member has signed out of a queue whose callers then shall not wait.
    mutating func checkEmpty(after id: AgentID) {
        guard let agent = agents[id], !agent.presence.isSignedIn else { return }
        for queue in queuesOfAgent[id] ?? [] { leaveIfEmpty(queue) }
    }

    mutating func leaveIfEmpty(_ id: QueueID) {
        guard let queue = queues[id], queue.rules.leaveEmpty, !queue.waiting.isEmpty, !hasSignedInMember(queue) else { return }
        divertAll(from: id, .leaveEmpty)
    }

    mutating func dropIfRemoved(_ id: AgentID) {
        guard let agent = agents[id], agent.isRemoved, agent.work.isEmpty, agent.callsToCenter == 0 else { return }
        agents[id] = nil
    }
}
