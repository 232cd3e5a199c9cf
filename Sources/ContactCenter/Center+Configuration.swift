// A new configuration is applied as a whole, under calls that go on.

import ACD
import Basics
import IVR

extension Center {
    /// Agents and queues keep their state under the same id; what is gone finishes what it began (freeswitch#610).
    mutating func apply(_ new: CenterConfiguration) {
        // Most reloads are about something else, and making the index anew takes longest.
        let routesAsBefore = configuration.queues == new.queues && configuration.agents == new.agents
        configuration = new
        applyFlows(new)
        applyAgents(new)
        applyQueues(new, routesAsBefore: routesAsBefore)
    }

    private mutating func applyFlows(_ new: CenterConfiguration) {
        for index in flows.indices { flows[index].isCurrent = false }
        for flow in new.flows {
            if let index = flows.firstIndex(where: { $0.flow == flow }) {
                flows[index].isCurrent = true
            } else {
                flows.append(FlowVersion(number: (flows.map(\.number).max() ?? 0) + 1, flow: flow, isCurrent: true))
            }
        }
        let inUse = contacts.map(\.value.flowVersion).sorted()
        flows.removeAll { version in !version.isCurrent && !inUse.contains(version.number) }
    }

    private mutating func applyAgents(_ new: CenterConfiguration) {
        ownerOfDevice.removeAll()
        // A phone that goes to another agent, or whose agent is renamed, stays registered and does not say so again.
        let registered = agents.flatMap(\.value.registeredDevices).sorted()
        for rules in new.agents {
            for device in rules.devices { ownerOfDevice[device] = rules.id }
            var agent = agents[rules.id] ?? Agent(id: rules.id, devices: rules.devices, at: now)
            let former = agent.devices
            agent.isRemoved = false
            agent.devices = rules.devices
            agent.registeredDevices = rules.devices.filter { Self.contains(registered, $0) }
            // There is nothing left to choose from.
            if new.dispositions.isEmpty { agent.waiveDisposition() }
            if agents.look(at: rules.id, { $0 == agent }) != true { agents[rules.id] = agent }
            for device in former where !rules.devices.contains(device) { stopRinging(device, of: rules.id) }
            out.append(.agentChanged(rules.id))
        }
        let kept = new.agents.map(\.id).sorted()
        for id in agents.map(\.key) where !Self.contains(kept, id) {
            agents.update(id) { agent in
                agent.isRemoved = true
                // Nobody tells an agent who is gone when the phone goes.
                agent.registeredDevices = []
            }
            for case .offered(let offer, _, _) in agents[id]?.work ?? [] { endOffer(offer, .rescinded) }
            openPersonal(of: id)
            dropIfRemoved(id)
        }
    }

    private mutating func applyQueues(_ new: CenterConfiguration, routesAsBefore: Bool) {
        queuesOfAgent.removeAll()
        for rules in new.queues {
            if queues[rules.id] == nil { queues[rules.id] = WaitingQueue(rules: rules) }
            queues.update(rules.id) { queue in
                queue.rules = rules
                queue.isRemoved = false
            }
            for member in rules.members { queuesOfAgent[member.agent] = (queuesOfAgent[member.agent] ?? []) + [rules.id] }
            out.append(.queueChanged(rules.id))
        }
        if !routesAsBefore {
            makeIndex()
            relaxAll()
        }
        applyCallbacks(new)
        let kept = new.queues.map(\.id).sorted()
        for id in queues.map(\.key) where !Self.contains(kept, id) {
            queues.update(id) { $0.isRemoved = true }
            divertAll(from: id, .withdrawn)
            queues[id] = nil
        }
        queuesToCheck += new.queues.map(\.id)
    }

    /// Other rules may ask less, or more, of the agents of those who wait.
    private mutating func relaxAll() {
        for id in contacts.map(\.key) {
            guard var contact = contacts[id], contact.entry != nil else { continue }
            relax(&contact)
            contacts[id] = contact
        }
    }

    private static func contains<ID: Comparable>(_ sorted: [ID], _ id: ID) -> Bool {
        var low = 0, high = sorted.count
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle] < id { low = middle + 1 } else { high = middle }
        }
        return low < sorted.count && sorted[low] == id
    }
}
