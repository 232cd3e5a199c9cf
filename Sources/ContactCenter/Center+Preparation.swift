// What takes long about a change of configuration is worked out on a copy of the center, while the center goes on.

import ACD
import Basics

/// A configuration as one center will take it on. Made by `Center.prepare`, on a worker if the center is one that lives.
public struct PreparedConfiguration: Sendable {
    public let configuration: CenterConfiguration
    /// Of the configuration whose place it takes.
    let formerVersion: String
    let ownerOfDevice: PagedMap<DeviceID, AgentID>
    let numbers: PagedMap<String, NumberRules>
    /// New ones, and those whose devices are others.
    let changedAgents: [AgentRules]
    let removedAgents: [AgentID]
    /// New ones, and those with other rules.
    let changedQueues: [QueueRules]
    let removedQueues: [QueueID]
    /// In their order, which the index counts by.
    let kinds: [WorkKindID]
    /// nil: who is routed to whom does not change.
    let index: RoutingIndex?
    /// Of whose agents something else is required now.
    let relaxedContacts: [ContactID]
}

/// Whose agents and contacts have changed since a configuration began to be prepared.
struct Preparation: Sendable {
    var prepared: PreparedConfiguration?
    var agents: [AgentID] = []
    var contacts: [ContactID] = []
}

extension Center {
    /// From now on what changes is remembered, until `configurationApplied`.
    ///
    /// - Returns: the copy to call `prepare` of.
    public mutating func beginPreparation() -> Center {
        let copy = self
        preparation = Preparation()
        return copy
    }

    /// The next `configurationApplied` takes this instead of working it out itself, if it brings the same configuration.
    public mutating func keep(_ prepared: PreparedConfiguration) { preparation?.prepared = prepared }

    /// What a prepared configuration has taken the place of: large, and so to be let go where nobody waits.
    public mutating func takeReplaced() -> (any Sendable)? {
        defer { replaced = nil }
        return replaced
    }

    /// Works out what the configuration changes. Takes long in a large house; changes nothing.
    public func prepare(_ new: CenterConfiguration) -> PreparedConfiguration {
        var owners = PagedMap<DeviceID, AgentID>()
        for rules in new.agents {
            for device in rules.devices { owners[device] = rules.id }
        }
        let changedAgents = new.agents.filter { rules in
            agents.look(at: rules.id) { $0.isRemoved || $0.devices != rules.devices || $0.limits != rules.limits } ?? true
        }
        let keptAgents = new.agents.map(\.id).sorted(), keptQueues = new.queues.map(\.id).sorted()
        let changedQueues = new.queues.filter { rules in
            queues.look(at: rules.id) { $0.isRemoved || $0.rules != rules } ?? true
        }
        var copy = self
        copy.configuration = new
        let hasSameKinds = !copy.takeOnKinds(new)
        let routesAsBefore =
            hasSameKinds && configuration.queues == new.queues && configuration.agents == new.agents
        copy.takeOn(changedQueues)
        let relaxed = routesAsBefore ? [] : copy.route()
        return PreparedConfiguration(
            configuration: new, formerVersion: configuration.version, ownerOfDevice: owners,
            numbers: new.numberTable, changedAgents: changedAgents,
            removedAgents: agents.compactMap { entry in
                entry.value.isRemoved || Self.contains(keptAgents, entry.key) ? nil : entry.key
            },
            changedQueues: changedQueues,
            removedQueues: queues.map(\.key).filter { !Self.contains(keptQueues, $0) },
            kinds: copy.kinds.map(\.rules.id), index: routesAsBefore ? nil : copy.index, relaxedContacts: relaxed)
    }

    /// Makes the index for the rules as they are now.
    ///
    /// - Returns: contacts of whose agents something else is required.
    private mutating func route() -> [ContactID] {
        makeIndex()
        let relaxed = contacts.map(\.key).filter { relaxIfWaiting($0) }
        followChanges()
        index.newcomers = []
        index.roomsToCheck = index.rooms.map(\.value.contact)
        return relaxed
    }

    static func contains<ID: Comparable>(_ sorted: [ID], _ id: ID) -> Bool {
        var low = 0, high = sorted.count
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle] < id { low = middle + 1 } else { high = middle }
        }
        return low < sorted.count && sorted[low] == id
    }
}
