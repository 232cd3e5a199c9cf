// Agents come, go, pause, and come back from wrap-up.

public import ACD
public import Basics

extension Center {
    mutating func request(_ presence: AgentPresence, of id: AgentID) {
        guard var agent = agents[id], !agent.isRemoved else {
            figures.lateEvents += 1
            return
        }
        let rescinded = agent.request(presence, at: now, keepsCounts: configuration.countsResetSecond != nil)
        agents[id] = agent
        // The agent said no to what rings: it is somebody else's now.
        for offer in rescinded { endOffer(offer, .rejected) }
        out.append(.agentChanged(id))
        presenceChanged(id)
    }

    /// What rings over a channel that is closed is somebody else's now.
    mutating func change(opened: [Channel], closed: [Channel], of id: AgentID) {
        guard var agent = agents[id], !agent.isRemoved else {
            figures.lateEvents += 1
            return
        }
        let rescinded = agent.change(opened: opened, closed: closed)
        agents[id] = agent
        for offer in rescinded { endOffer(offer, .rejected) }
        out.append(.agentChanged(id))
        openPersonal(of: id)
    }

    mutating func deviceRegistered(_ device: DeviceID) {
        guard let id = owner(of: device), var agent = agents[id] else { return }
        if !agent.isRemoved {
            agent.registeredDevices = agent.devices.filter { $0 == device || agent.registeredDevices.contains($0) }
            agents[id] = agent
        }
        comeBack(id, on: device)
        out.append(.agentChanged(id))
        agentMayBeFree(id)
    }

    mutating func deviceUnregistered(_ device: DeviceID) {
        guard let id = owner(of: device), let agent = agents[id] else { return }
        agents.update(id) { $0.registeredDevices.removeAll { $0 == device } }
        out.append(.agentChanged(id))
        if device == id.browser {
            for wrapUp in agent.wrapUps where wrapUp.isDispositionRequired {
                note(.disposed(id, code: nil), afterwards: wrapUp.contact)
            }
            agents.update(id) { $0.waiveDisposition() }
            stopShowing(device, to: id)
            takeBackWork(of: id, on: device)
        }
        // Whoever signs out need not be waited for.
        if agent.loss?.device == device { gracesOver([id]) }
    }

    /// The agent may have gone: nobody shall wait for that.
    mutating func presenceChanged(_ id: AgentID) {
        openPersonal(of: id)
        checkEmpty(after: id)
    }

    /// What the agent has done today.
    public func figuresToday(of id: AgentID) -> AgentFigures {
        let day = configuration.day(at: now)
        return agents[id]?.figures(of: day) ?? AgentFigures(day: day)
    }

    /// It may have been the last member of a queue whose callers then shall not wait.
    private mutating func checkEmpty(after id: AgentID) {
        guard agents.look(at: id, { $0.presence.isSignedIn }) == false else { return }
        queuesToCheck += index.agents.look(at: id, { $0.queues }) ?? []
    }

    /// Once for each queue, however many agents have gone in this turn.
    mutating func checkEmptyQueues() {
        while !queuesToCheck.isEmpty {
            let ids = queuesToCheck.sorted()
            queuesToCheck.removeAll(keepingCapacity: true)
            var last: QueueID?
            for id in ids where id != last {
                last = id
                leaveIfEmpty(id)
            }
        }
    }

    private mutating func leaveIfEmpty(_ id: QueueID) {
        followChanges()
        let mayEmpty = queues.look(at: id) { $0.rules.leaveEmpty && !$0.isRemoved && !$0.waiting.isEmpty }
        guard mayEmpty == true, staffed(id) == 0 else { return }
        divertAll(from: id, .leaveEmpty)
    }

    mutating func dropIfRemoved(_ id: AgentID) {
        guard agents.look(at: id, { $0.isRemoved && $0.work.isEmpty && $0.callsToCenter == 0 }) == true else { return }
        agents[id] = nil
        out.append(.agentChanged(id))
    }
}
