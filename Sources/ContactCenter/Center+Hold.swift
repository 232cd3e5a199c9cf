// What the two sides of a conversation hear: each other, or one of them music.

import ACD
import Basics

extension Center {
    /// A phone has put the other side on hold, or taken it back.
    mutating func legHeld(_ leg: LegID, _ isHeld: Bool) {
        let id: ContactID
        switch legs[leg] {
        case .caller(let contact), .other(let contact): id = contact
        case .beside(let contact): return participantHolds(contact, leg, isHeld)
        case .offered, .service, nil: return
        }
        guard var contact = contacts[id], !contact.isDigital else { return }
        let holder: Party = leg == contact.leg ? .caller : .agent
        // A phone that holds does so whoever is connected to it meanwhile, and does not say so again.
        if holder == .caller, contact.isHeldByCaller != (isHeld ? true : nil) {
            contact.isHeldByCaller = isHeld ? true : nil
            contacts[id] = contact
        }
        guard var conversation = contact.conversation, !contact.isBeingReached,
            conversation.heldBy == (isHeld ? nil : holder)
        else { return }
        setHeld(isHeld ? holder : nil, of: &contact, &conversation)
        store(contact)
    }

    /// - Parameter holder: nil: whoever held takes the other side back; if the caller holds too, that goes on.
    mutating func setHeld(_ holder: Party?, of contact: inout Contact, _ conversation: inout Conversation) {
        let holder = holder ?? (contact.isHeldByCaller == true ? .caller : nil)
        conversation.heldBy = holder
        change(&contact, to: conversation)
        contact.note(holder == nil ? .resumed : .held, at: now)
        noteHold(of: conversation, contact.id)
    }

    mutating func noteHold(of conversation: Conversation, _ contact: ContactID) {
        guard case .agent(let agent, _) = conversation.other else { return }
        agents.update(agent) { $0.setHeld(conversation.heldBy != nil, contact: contact) }
        out.append(.agentChanged(agent))
    }

    /// A conversation begins with a caller who has been holding for some time: the other side hears that.
    mutating func beginHeld(_ contact: inout Contact, _ conversation: Conversation) {
        contact.note(.held, at: now)
        noteHold(of: conversation, contact.id)
        // Somebody outside may have been heard already while it rang.
        if case .outside = conversation.other { out.append(.unbridge(contact.leg, conversation.leg)) }
        out.append(.stopPlayback(contact.leg))
        out.append(.play(conversation.leg, makePlayback(), [.music(music(for: contact))], loops: true, stopsOnDigit: false))
    }

    func music(for contact: Contact) -> String? { contact.queue.flatMap { queues[$0]?.rules.music } }

    /// The conversation goes on in another way; what has to be heard otherwise for that is.
    mutating func change(_ contact: inout Contact, to conversation: Conversation) {
        guard contact.conversation != nil else { return }
        let before = HearingPlan(contact)
        contact.state = .talking(conversation)
        rehear(contact, from: before)
    }
}

extension Conversation {
    public enum Sound: Hashable, Sendable { case eachOther, musicToCaller, musicToOther }

    /// Follows from the rest. A leg that is lost hears nothing, whoever holds.
    public var sound: Sound {
        if isLost { return .musicToCaller }
        switch heldBy {
        case nil: return .eachOther
        case .caller: return .musicToOther
        case .agent, .system, .other: return .musicToCaller
        }
    }
}
