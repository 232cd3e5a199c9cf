// What the agents of a simulated day do.

internal import ACD
internal import Basics
internal import ContactCenter

extension SimulatedDay {
    mutating func answer(_ leg: LegID) {
        guard let offer = ringing.removeValue(forKey: leg), customers[offer.contact] != nil else { return }
        submit(.legAnswered(leg))
        // Of a call it is heard when the two are connected.
        if offer.kind != nil { beginTalk(offer.contact) }
    }

    /// Customer and agent have each other, if that is so; only the first time counts.
    mutating func beginTalk(_ contact: ContactID) {
        guard let customer = customers[contact], customer.agent == nil,
            case .agent(let agent, let queue)? = center.contacts.look(at: contact, { $0.conversation?.other }) ?? nil
        else { return }
        let allowed = placeOfQueue[queue].map { Double(rules[$0].wrapUpSeconds) } ?? 0
        let wrapUp = min(allowed, customer.handleSeconds / 2)
        customers[contact]?.agent = agent
        customers[contact]?.wrapUpSeconds = wrapUp
        dues.set(.talkOver(contact), at: now + .seconds(min(customer.handleSeconds - wrapUp, 1e9)))
        // Who does not use all of the wrap-up says so; otherwise the rules end it.
        if wrapUp > 0, wrapUp < allowed {
            dues.set(.wrapUpDone(agent, contact), at: now + .seconds(min(customer.handleSeconds, 1e9)))
        }
    }

    mutating func finish(_ contact: ContactID) {
        guard let customer = customers[contact], let agent = customer.agent else { return }
        if let leg = customer.leg {
            legs[leg] = nil
            submit(.legEnded(leg))
        } else if customer.work != nil {
            submit(.workCompleted(agent, contact))
        }
    }

    mutating func setPresences(interval: Int) {
        for agent in agents where !agent.hasShifts {
            let isThere = Workload.value(agent.isThere, in: interval) ?? false
            guard presences[agent.id]?.isWanted != isThere else { continue }
            presences[agent.id]?.isWanted = isThere
            submit(.presenceRequested(agent.id, isThere ? .available : .offline))
        }
    }

    mutating func noteAgent(_ id: AgentID) {
        guard var presence = presences[id], let agent = center.agents[id] else { return }
        let isBusy = !agent.work.isEmpty
        let isStaffed = isBusy || agent.presence == .available
        guard isBusy != (presence.busySince != nil) || isStaffed != (presence.staffedSince != nil) else { return }
        if !isBusy, let since = presence.busySince { spread(since, now, over: &presence.busy) }
        if !isStaffed, let since = presence.staffedSince { spread(since, now, over: &presence.staffed) }
        presence.busySince = isBusy ? presence.busySince ?? now : nil
        presence.staffedSince = isStaffed ? presence.staffedSince ?? now : nil
        presences[id] = presence
    }
}
