// Contacts that are no calls: the same queues, agents and offers, and nothing to be heard.

import ACD
public import Basics
import IVR

extension Center {
    /// The contact that was taken in last, whether it still lives or not.
    public var newestContact: ContactID? { lastContact == 0 ? nil : ContactID(rawValue: lastContact) }

    /// Why work would not be taken in.
    func refusal(ofArrival arrival: WorkArrival) -> ControlRefusal? {
        guard let kind = kinds.first(where: { $0.rules.id == arrival.kind && !$0.isRemoved }), kind.rules.channel != .voice,
            queues.look(at: arrival.queue, { !$0.isRemoved }) == true
        else { return .unknownTarget }
        // The leg of somebody else cannot be this one's session.
        if let leg = arrival.leg, leg == .none || legs[leg] != nil { return .notAllowed }
        return isFallbackOnly ? .busy : nil
    }

    mutating func workArrived(_ arrival: WorkArrival) {
        if let leg = arrival.leg { noteEdgeLeg(leg) }
        if let refusal = refusal(ofArrival: arrival) {
            figures.callsRejected += 1
            if let leg = arrival.leg, legs[leg] == nil {
                out.append(.reject(leg, refusal == .busy ? .unavailable : .unknownNumber))
            }
            return
        }
        guard let kind = kinds.first(where: { $0.rules.id == arrival.kind })?.rules else { return }
        lastContact += 1
        figures.contacts += 1
        var contact = Contact(id: ContactID(rawValue: lastContact), arrival: arrival, kind: kind, at: now)
        if let leg = arrival.leg { legs[leg] = .caller(contact.id) }
        if let until = contact.digital?.keptUntil { deadlines.set(.kept(contact.id), at: until) }
        // What comes late keeps the place of its time, and nobody's is in the future.
        contact.firstEnqueuedAt = min(now, max(arrival.receivedAt ?? now, now - .seconds(kind.keptSecondsMax)))
        let key = orderKey(of: contact, arrival, kind)
        if join(&contact, arrival.queue, with: key, isReturn: false) == .handedBack { overflow(&contact) }
        store(contact)
    }

    private func orderKey(of contact: Contact, _ arrival: WorkArrival, _ kind: WorkKind) -> OrderKey {
        var priorityClass = arrival.priorityClass ?? kind.priorityClass
        var boost = OrderKey.clamped(arrival.boostSeconds) + OrderKey.clamped(kind.boostSeconds)
        for rule in configuration.priorities where contact.attribute(rule.attribute) == rule.value {
            priorityClass = max(priorityClass, rule.priorityClass ?? .min)
            boost += OrderKey.clamped(rule.boostSeconds)
        }
        return OrderKey(
            priorityClass: priorityClass, enqueuedAt: contact.firstEnqueuedAt ?? now, boostSeconds: boost, contact: contact.id)
    }

    /// How it ends with nobody at it: a session in which somebody wrote was served, a mail that lies there again was not.
    private func outcomeUnfinished(_ contact: Contact) -> Outcome {
        contact.conversation != nil || contact.leg != .none && contact.answeredAt != nil ? .handled : .unserved
    }

    /// The queue has given it back: the next one, or the end.
    mutating func overflow(_ contact: inout Contact) {
        while let next = contact.digital?.overflow.first {
            contact.digital?.overflow.removeFirst()
            let key =
                contact.orderKey
                ?? OrderKey(
                    priorityClass: 0, enqueuedAt: contact.firstEnqueuedAt ?? now, boostSeconds: 0, contact: contact.id)
            if join(&contact, next, with: key, isReturn: false) == .waiting { return }
        }
        end(&contact, outcomeUnfinished(contact), by: .system)
    }

    // MARK: At an agent

    /// Accepted at the desk: from here on the agent writes, and nothing rings or plays.
    mutating func begin(_ contact: inout Contact, with agent: AgentID, of queue: QueueID, on device: DeviceID?) {
        contact.state = .talking(
            Conversation(other: .agent(agent, queue), leg: .none, since: now, device: device ?? agent.browser))
        guard contact.leg == .none, let kind = kinds.first(where: { $0.rules.id == contact.kind })?.rules else { return }
        let until = now + .seconds(max(1, kind.handleSecondsMax))
        contact.digital?.handledUntil = until
        deadlines.set(.handled(contact.id), at: until)
    }

    /// The contact that the agent works on, if it is that one and no call.
    func work(_ id: ContactID, at agent: AgentID) -> (contact: Contact, conversation: Conversation)? {
        guard let contact = contacts[id], contact.isDigital, let conversation = contact.conversation,
            case .agent(agent, _) = conversation.other
        else { return nil }
        return (contact, conversation)
    }

    /// The agent is done with it.
    mutating func complete(_ id: ContactID, by agent: AgentID) {
        guard let (found, conversation) = work(id, at: agent) else { return }
        var contact = found
        contact.note(.agentLeft(agent), at: now)
        end(&contact, conversation.outcome, by: .agent)
        store(contact)
    }

    /// The agent has had it for too long.
    mutating func handlingDue(_ id: ContactID) {
        guard contacts[id]?.conversation != nil else { return }
        takeBack(id)
    }

    /// Nobody has been found for it, or nobody has finished it.
    mutating func keptDue(_ contact: inout Contact) {
        let medium = contact.medium
        if contact.entry != nil { leaveQueue(&contact) { $0.noteEndBySystem(after: $1, of: medium) } }
        end(&contact, outcomeUnfinished(contact), by: .system)
    }

    /// What the agent had on a browser that has said goodbye is somebody else's.
    mutating func takeBackWork(of id: AgentID, on device: DeviceID) {
        for contact in agents[id]?.activeContacts ?? [] {
            guard let (_, conversation) = work(contact, at: id), conversation.device == device else { continue }
            takeBack(contact)
        }
    }
}
