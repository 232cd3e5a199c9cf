// What must be true of several pieces of work at one agent, and of contacts that are no calls.

import ACD
import Basics

extension Invariants {
    /// Each piece found room beside those that came before it and that it sees; nothing is with the agent twice.
    static func violationsOfPieces(of agent: Agent) -> [String] {
        var found: [String] = []
        let pieces = agent.pieces
        if pieces.count > Agent.piecesMax { found.append("agent \(agent.id) has too many pieces of work") }
        if pieces.count != agent.work.count { found.append("agent \(agent.id) has work of which nobody knows what it takes") }
        for (place, piece) in pieces.enumerated() {
            let capacity = piece.load.capacity ?? AgentLimits.capacityUsual
            let seen = pieces.prefix(place).filter { $0.load.isSeen(by: piece.load.kind) }
            let taken = seen.reduce(piece.load.weight ?? capacity) { $0 + ($1.load.weight ?? capacity) }
            if taken > capacity {
                found.append("agent \(agent.id) has \(taken) units with \(piece.work.contact), and room for \(capacity)")
            }
            if agent.presence != .available, case .offered = piece.work {
                found.append("agent \(agent.id) is away and rings for \(piece.work.contact)")
            }
            if piece.load.channel != .voice, agent.isClosed(piece.load.channel), case .offered = piece.work {
                found.append("agent \(agent.id) is offered \(piece.work.contact) over a channel that is closed")
            }
        }
        if pieces.count(where: { $0.load.channel == .voice }) > 1 { found.append("agent \(agent.id) has two calls") }
        let live = pieces.compactMap { piece -> ContactID? in
            if case .wrapUp(let contact, _, _) = piece.work {
                agent.isWrappingUp(contact) ? nil : contact
            } else {
                piece.work.contact
            }
        }.sorted()
        if zip(live, live.dropFirst()).contains(where: { $0 == $1 }) { found.append("agent \(agent.id) has a contact twice") }
        let wrapped = agent.wrapUps.map(\.contact).sorted()
        if zip(wrapped, wrapped.dropFirst()).contains(where: { $0 == $1 })
            || wrapped.contains(where: { !agent.isWrappingUp($0) })
        {
            found.append("agent \(agent.id) has the terms of a wrap-up that is not there")
        }
        for contact in agent.wrapUpsAskedFor where !agent.activeContacts.contains(contact) {
            found.append("agent \(agent.id) wants a wrap-up after \(contact), which is over")
        }
        return found
    }

    /// No contact without a session that lives or an end that is set.
    static func violationsOfWork(of contact: Contact, _ digital: DigitalWork, in center: Center) -> [String] {
        var found: [String] = []
        func expect(_ condition: Bool, _ text: String) {
            if !condition { found.append("contact \(contact.id) (\(digital.kind)) \(text)") }
        }
        if contact.leg == .none {
            expect(digital.keptUntil.map { !center.hasOutlived($0) } ?? false, "has neither a session nor a deadline")
        } else {
            expect(center.legs[contact.leg] == .caller(contact.id), "has no live session")
        }
        expect(center.kinds.contains { $0.rules.id == digital.kind }, "is of a kind that nobody knows")
        switch contact.state {
        case .waiting: break
        case .talking(let conversation):
            expect(conversation.leg == .none && conversation.heldBy == nil, "has a leg at its agent, or is on hold")
            if contact.leg == .none {
                expect(digital.handledUntil.map { !center.hasOutlived($0) } ?? false, "is with an agent without end")
            }
        case .announcing, .inFlow, .dialling, .voicemailPrompt, .voicemail, .leaving, .ended:
            expect(false, "is in the state \(contact.stateName)")
        }
        expect(contact.playback == nil && contact.recording == nil, "is played to or recorded")
        return found
    }

    static func violationsOfKinds(in center: Center) -> [String] {
        var found: [String] = []
        for (place, kind) in center.kinds.enumerated() {
            func expect(_ condition: Bool, _ text: String) {
                if !condition { found.append("kind \(kind.rules.id) \(text)") }
            }
            expect(!center.hasOutlived(kind.nextStepAt), "has outlived its next step")
            expect(kind.wave.map { !center.hasOutlived($0.nextAt) } ?? true, "does not go on telling its agents")
            guard let concurrency = kind.rules.concurrency else { continue }
            expect(
                kind.atOnceMax.map { $0 >= concurrency.least && $0 <= concurrency.most } ?? false, "is out of its range")
            let waiting = center.index.waitingByKind.indices.contains(place) ? center.index.waitingByKind[place] : -1
            let isQuiet = kind.wave == nil && kind.nextStepAt == .distantFuture
            expect(!isQuiet || kind.direction(waiting: waiting) == 0, "should go on to the next step")
        }
        return found
    }
}
