// What the two sides of a conversation hear: each other, or one of them music.

import ACD
import Basics

extension Center {
    /// A phone has put the other side on hold, or taken it back.
    mutating func legHeld(_ leg: LegID, _ isHeld: Bool) {
        let id: ContactID
        switch legs[leg] {
        case .caller(let contact), .other(let contact): id = contact
        case .offered, .service, nil: return
        }
        guard var contact = contacts[id] else { return }
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

    private mutating func noteHold(of conversation: Conversation, _ contact: ContactID) {
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

    private func music(for contact: Contact) -> String? { contact.queue.flatMap { queues[$0]?.rules.music } }

    /// The conversation goes on in another way; what has to be heard otherwise for that is.
    mutating func change(_ contact: inout Contact, to conversation: Conversation) {
        guard let before = contact.conversation?.sound else { return }
        contact.state = .talking(conversation)
        let after = conversation.sound
        guard before != after else { return }
        switch before {
        case .eachOther: out.append(.unbridge(contact.leg, conversation.leg))
        case .musicToCaller: if after == .musicToOther { out.append(.stopPlayback(contact.leg)) }
        case .musicToOther: if after == .musicToCaller { out.append(.stopPlayback(conversation.leg)) }
        }
        let music = music(for: contact)
        switch after {
        case .eachOther: out.append(.bridge(contact.leg, conversation.leg))
        case .musicToCaller:
            out.append(.play(contact.leg, makePlayback(), [.music(music)], loops: true, stopsOnDigit: false))
        case .musicToOther:
            out.append(.play(conversation.leg, makePlayback(), [.music(music)], loops: true, stopsOnDigit: false))
        }
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
