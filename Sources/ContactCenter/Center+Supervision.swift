// Supervisors listen to calls, advise, join or take them over (definitions.md 3.9). They follow the caller to whoever has the
// call next, until they leave or the call is over.

import ACD
import Basics

extension Center {
    /// The call on which the agent is as a supervisor, or is rung to be.
    func supervised(by agent: AgentID) -> (contact: Contact, participant: Participant)? {
        for work in agents.look(at: agent, { $0.work }) ?? [] {
            guard let contact = contacts[work.contact], let participant = contact.participant(agent), participant.mode != nil
            else { continue }
            return (contact, participant)
        }
        return nil
    }

    func refusalOfSupervision(_ wanted: Supervision) -> ControlRefusal? {
        guard let contact = contacts[wanted.contact], !contact.isDigital, let conversation = contact.conversation,
            !contact.isBeingReached, case .agent(let agent, _) = conversation.other
        else { return .noCall }
        guard agent != wanted.supervisor else { return .unknownTarget }
        guard let known = contact.participant(wanted.supervisor) else { return refusalOfJoining(wanted.supervisor, contact) }
        // One that rings is answered in the mode in which it began.
        guard let mode = known.mode, known.leg != nil, mode != wanted.mode else { return .notAllowed }
        return nil
    }

    mutating func supervise(_ wanted: Supervision) {
        guard var contact = contacts[wanted.contact], case .agent(_, let queue)? = contact.conversation?.other else { return }
        guard let known = contact.participant(wanted.supervisor) else {
            invite(wanted.supervisor, to: &contact, as: .supervising(wanted.mode), of: queue)
            return store(contact)
        }
        contact.note(.supervised(wanted.supervisor, wanted.mode), at: now)
        guard wanted.mode != .takeOver else { return handOver(&contact, to: known) }
        rehearing(&contact) { $1.change(known) { $0.part = .supervising(wanted.mode) } }
        tellAgents(of: contact)
        store(contact)
    }

    func refusalOfEndOfSupervision(by agent: AgentID) -> ControlRefusal? { supervised(by: agent) == nil ? .noCall : nil }

    mutating func endSupervision(by agent: AgentID) {
        guard let (found, participant) = supervised(by: agent) else { return }
        var contact = found
        leave(participant, &contact, participant.leg == nil ? .rescinded : nil)
    }
}
