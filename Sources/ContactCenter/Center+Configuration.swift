// A new configuration is applied as a whole, under calls that go on.

import ACD
import Basics
import IVR

extension Center {
    /// Agents and queues keep their state under the same id; what is gone finishes what it began (freeswitch#610).
    ///
    /// Whether it was prepared ahead or is worked out here makes no difference to what is decided afterwards.
    mutating func apply(_ new: CenterConfiguration) {
        let meanwhile = preparation
        preparation = nil
        if let meanwhile, let prepared = meanwhile.prepared, prepared.configuration.version == new.version,
            prepared.formerVersion == configuration.version,
            kinds(after: new).map(\.rules.id) == prepared.kinds
        {
            replaced = Replaced(
                configuration: configuration, index: index, ownerOfDevice: ownerOfDevice)
            apply(prepared, changedMeanwhile: meanwhile.agents, meanwhile.contacts)
        } else {
            apply(prepare(new), changedMeanwhile: [], [])
        }
    }

    private mutating func apply(
        _ new: PreparedConfiguration, changedMeanwhile agentsMeanwhile: [AgentID], _ contactsMeanwhile: [ContactID]
    ) {
        // What is followed from here on in the index that goes is followed again in the one that comes.
        if new.index != nil { preparation = Preparation() }
        defer { preparation = nil }
        let hadDispositions = !configuration.dispositions.isEmpty
        let ordersAsBefore = configuration.orders(asIn: new.configuration)
        configuration = new.configuration
        numbers = new.numbers
        takeOnKinds(new.configuration)
        applyFlows(new.configuration)
        if !ordersAsBefore { beginReordering() }
        planCountsReset()
        applyAgents(new)
        if hadDispositions, configuration.dispositions.isEmpty {
            // There is nothing left to choose from.
            for id in agents.compactMap({ $0.value.owesDisposition ? $0.key : nil }) {
                agents.update(id) { $0.waiveDisposition() }
                out.append(.agentChanged(id))
            }
        }
        takeOn(new.changedQueues)
        for rules in new.changedQueues { out.append(.queueChanged(rules.id)) }
        if let index = new.index {
            self.index = index
            for id in agentsMeanwhile + (preparation?.agents ?? []) { agents.touch(id) }
            // The index has them where less is asked for them, which held in the copy and may hold no more.
            let relaxed = new.relaxedContacts + contactsMeanwhile + (preparation?.contacts ?? [])
            for id in relaxed { contacts.touch(id) }
            followChanges()
            relax(new.relaxedContacts + contactsMeanwhile)
        }
        applyCallbacks(new.configuration)
        for id in new.removedQueues {
            queues.update(id) { $0.isRemoved = true }
            emptyRemoved(id)
        }
        queuesToCheck += new.configuration.queues.map(\.id)
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
        dropTrials()
        guard flows.contains(where: { !$0.isCurrent }) else { return }
        let inUse = contacts.map(\.value.flowVersion)
        flows.removeAll { version in !version.isCurrent && !inUse.contains(version.number) }
    }

    private mutating func applyAgents(_ new: PreparedConfiguration) {
        ownerOfDevice = new.ownerOfDevice
        // A phone that goes to another agent, or whose agent is renamed, stays registered and does not say so again.
        let givenUp = new.changedAgents.map(\.id) + new.removedAgents
        let registered = givenUp.flatMap { agents.look(at: $0, { $0.registeredDevices }) ?? [] }.sorted()
        for rules in new.changedAgents {
            var agent = agents[rules.id] ?? Agent(id: rules.id, devices: rules.devices, at: now)
            let former = agent.devices
            agent.isRemoved = false
            agent.devices = rules.devices
            agent.limits = rules.limits
            agent.registeredDevices = rules.devices.filter { Self.contains(registered, $0) }
            agents[rules.id] = agent
            for device in former where !rules.devices.contains(device) { stopRinging(device, of: rules.id) }
            out.append(.agentChanged(rules.id))
        }
        for id in new.removedAgents {
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

    /// Rules of queues that are new or that have changed.
    mutating func takeOn(_ rules: [QueueRules]) {
        for rules in rules {
            if queues.look(at: rules.id, { _ in }) == nil { queues[rules.id] = WaitingQueue(rules: rules) }
            queues.update(rules.id) { queue in
                queue.rules = rules
                queue.isRemoved = false
            }
        }
    }

    /// Other rules may ask less, or more, of the agents of those who wait; and where it depends on what changes all the time,
    /// the conditions are looked at again: now, so that it makes no difference which of them held in the copy already.
    private mutating func relax(_ contacts: [ContactID]) {
        var due = contacts + index.contactsToRelax
        for side in index.queues where side.value.dependsOnFloor {
            index.queuesToRelax.append(side.key)
            due += contactsToRelax(in: side.key)
        }
        // While somebody is rung for it, the index does not have a contact under those whom it prefers.
        for offer in offers where self.contacts.look(at: offer.value.contact, { $0.entry?.preferred != nil }) == true {
            due.append(offer.value.contact)
        }
        var last: ContactID?
        for id in due.sorted() where id != last {
            relaxIfWaiting(id)
            last = id
        }
    }

    /// - Returns: whether that has changed anything.
    @discardableResult
    mutating func relaxIfWaiting(_ id: ContactID) -> Bool {
        guard var contact = contacts[id], let before = contact.entry else { return false }
        relax(&contact)
        guard contact.entry != before else { return false }
        contacts[id] = contact
        return true
    }
}

/// What a configuration has taken the place of.
private struct Replaced: Sendable {
    let configuration: CenterConfiguration
    let index: RoutingIndex
    let ownerOfDevice: PagedMap<DeviceID, AgentID>
}
