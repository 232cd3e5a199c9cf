// The times for which the rules asked to be woken.

import ACD
import Basics
import IVR

extension Center {
    mutating func fireDeadlines() {
        for _ in 0..<Self.deadlinesInTurnMax {
            dropPassedDeadlines()
            guard let entry = deadlines.first, entry.at <= now else { return }
            if case .lost = entry.target {
                gracesOver(dueGraces())
            } else {
                deadlines.removeFirst()
                fire(entry.target)
            }
        }
    }

    /// Agents whose graces are over, together with nothing else in between.
    private mutating func dueGraces() -> [AgentID] {
        var due: [AgentID] = []
        while due.count < Self.deadlinesInTurnMax, let entry = deadlines.first, entry.at <= now,
            case .lost(let id) = entry.target
        {
            deadlines.removeFirst()
            if counts(entry), !due.contains(id) { due.append(id) }
        }
        return due
    }

    /// Deadlines that fire in one turn; `nextDeadline` stays in the past until the others have had theirs.
    static let deadlinesInTurnMax = 100

    /// Keeps `nextDeadline` true: what no longer counts does not wake anybody.
    mutating func dropPassedDeadlines() {
        while let entry = deadlines.first, !counts(entry) { deadlines.removeFirst() }
        if deadlines.count > 1024, deadlines.hasDoubled, deadlines.count > 16 * (contacts.count + agents.count + offers.count) {
            let center = self
            deadlines.compact { center.counts($0) }
        }
    }

    private mutating func fire(_ target: DeadlineTarget) {
        switch target {
        case .playback(let id): change(id) { $0.playbackEnded(&$1) }
        case .menu(let id): change(id) { $0.advance(&$1) { $0.deadlinePassed($1) } }
        case .collect(let id): change(id) { $0.collectTimedOut(&$1) }
        case .secure(let id): change(id) { $0.secureStepDue(&$1) }
        case .waitLimit(let id): change(id) { $0.divert(&$1, .timeout) }
        case .announcement(let id): change(id) { $0.announceAgain(&$1) }
        case .exclusion(let id): contacts.touch(id)
        case .relax(let id): change(id) { $0.relax(&$1) }
        case .nextOffer(let id): change(id) { $0.nextOfferDue(&$1) }
        case .dial(let id): change(id) { $0.dialTimedOut(&$1) }
        case .consult(let id): dialDue(id)
        case .outside(let leg): outsideDue(leg)
        case .voicemail(let id): change(id) { $0.endVoicemail(&$1) }
        case .leaving(let id):
            change(id) { center, contact in
                if case .leaving(_, let outcome, _) = contact.state { center.end(&contact, outcome, by: .system) }
            }
        case .offer(let id): endOffer(id, .missed)
        case .wrapUp(let id): wrapUpDue(id)
        case .lost(let id): gracesOver([id])
        case .emptying(let id): goOnEmptying(id)
        case .reordering: goOnReordering()
        case .terms: termsWaveDue()
        case .countsReset: countsResetDue()
        case .personal(let id): change(id) { $0.open(&$1) }
        case .kept(let id): change(id) { $0.keptDue(&$1) }
        case .room(let id): roomDue(id)
        case .handled(let id): handlingDue(id)
        case .concurrency(let kind): concurrencyDue(kind)
        case .wave(let kind): waveDue(kind)
        case .callback(let id): callbackDue(id)
        case .callbacksDue(let id):
            queues.update(id) { $0.callbacksDueAt = nil }
            index.mayCall(id)
        case .service(let leg):
            endService(leg)
            out.append(.hangUp(leg, .timeout))
        }
    }

    private mutating func change(_ id: ContactID, _ change: (inout Center, inout Contact) -> Void) {
        guard var contact = contacts[id] else { return }
        letGoOfTimeline(of: id)
        change(&self, &contact)
        store(contact)
    }

    private mutating func nextOfferDue(_ contact: inout Contact) {
        guard var entry = contact.entry else { return }
        entry.nextOfferAt = nil
        contact.state = .waiting(entry)
    }

    private mutating func announceAgain(_ contact: inout Contact) {
        guard var entry = contact.entry else { return }
        entry.announceAt = .distantFuture
        contact.state = .waiting(entry)
        // While somebody's phone rings for it the music goes on; the next announcement is set by its end.
        if entry.offer == nil {
            announce(&contact, entry)
        } else {
            waitingPlaybackEnded(&contact)
        }
    }

    /// The edge owes the digits and does not bring them: as if none had been pressed.
    private mutating func collectTimedOut(_ contact: inout Contact) {
        contact.collectDeadline = nil
        // The edge has not said anything: nothing is to be heard of it later.
        out.append(.cancelCollection(contact.leg))
        advance(&contact) { $0.collected(token: "", valid: false, $1) }
    }

    private mutating func dialTimedOut(_ contact: inout Contact) {
        guard case .dialling(let leg, let transfer, _) = contact.state else { return }
        hangUp(leg, .timeout)
        contact.note(.notConnected(.unreachable), at: now)
        if transfer.isFallback {
            leave(&contact, [.phrase(.technicalDifficulty)], .fallback)
        } else {
            handBack(&contact)
        }
    }

    /// Whether the time is still the one that its owner waits for.
    private func counts(_ entry: DeadlineHeap<DeadlineTarget>.Entry) -> Bool {
        switch entry.target {
        case .playback(let id): contacts.look(at: id) { $0.playbackDeadline == entry.at } ?? false
        case .menu(let id):
            contacts.look(at: id) { contact in
                guard case .inFlow = contact.state else { return false }
                return if case .menuKey(_, _, entry.at) = contact.interpreter.state { true } else { false }
            } ?? false
        case .collect(let id):
            contacts.look(at: id) { contact in
                guard case .inFlow = contact.state, case .collecting = contact.interpreter.state else { return false }
                return contact.collectDeadline == entry.at
            } ?? false
        case .secure(let id): contacts.look(at: id) { $0.secure?.until == entry.at } ?? false
        case .waitLimit(let id): counts(entry, of: id) { $0.limitAt == $1 }
        case .announcement(let id): counts(entry, of: id) { $0.announceAt == $1 }
        case .exclusion(let id): counts(entry, of: id) { place, time in place.exclusions.contains { $0.until == time } }
        case .personal(let id): counts(entry, of: id) { $0.personal?.until == $1 }
        case .relax(let id): counts(entry, of: id) { $0.relaxAt == $1 }
        case .nextOffer(let id): counts(entry, of: id) { $0.nextOfferAt == $1 }
        case .dial(let id):
            contacts.look(at: id) { if case .dialling(_, _, entry.at) = $0.state { true } else { false } } ?? false
        case .consult(let id):
            contacts.look(at: id) { contact in
                contact.participants.contains { if case .dialling(_, entry.at, _) = $0.line { true } else { false } }
            } ?? false
        case .outside(let leg): outsideCalls.look(at: leg) { $0.until == entry.at } ?? false && legs[leg] != nil
        case .voicemail(let id):
            contacts.look(at: id) { if case .voicemail(_, _, entry.at) = $0.state { true } else { false } } ?? false
        case .leaving(let id):
            contacts.look(at: id) { if case .leaving(_, _, entry.at) = $0.state { true } else { false } } ?? false
        case .offer(let id): offers.look(at: id) { $0.deadline == entry.at } ?? false
        case .wrapUp(let id):
            agents.look(at: id) { agent in
                agent.work.contains { if case .wrapUp(_, _, entry.at) = $0 { true } else { false } }
            } ?? false
        case .lost(let id): agents.look(at: id) { $0.graceUntil == entry.at } ?? false
        case .kept(let id): contacts.look(at: id) { $0.digital?.keptUntil == entry.at } ?? false
        case .room(let id): counts(entry, of: id) { $0.room?.agent != nil && $0.room?.until == $1 }
        case .handled(let id):
            contacts.look(at: id) { $0.conversation != nil && $0.digital?.handledUntil == entry.at } ?? false
        case .concurrency(let kind): kinds.contains { $0.rules.id == kind && $0.nextStepAt == entry.at }
        case .wave(let kind): kinds.contains { $0.rules.id == kind && $0.wave?.nextAt == entry.at }
        case .reordering: reordering?.at == entry.at
        case .terms: termsWave?.at == entry.at
        case .countsReset: countsReset?.at == entry.at
        case .emptying(let id): queues.look(at: id) { $0.emptiesAt == entry.at } ?? false
        case .callback(let id): contacts.look(at: id) { $0.callback?.deadline == entry.at } ?? false
        case .callbacksDue(let id): queues.look(at: id) { $0.callbacksDueAt == entry.at } ?? false
        case .service(let leg):
            if case .service(_, let deadline, _)? = legs[leg] { deadline == entry.at } else { false }
        }
    }

    /// The same for what only contacts wait for that are in a queue.
    private func counts(
        _ entry: DeadlineHeap<DeadlineTarget>.Entry, of id: ContactID, _ isAwaited: (QueueEntry, Instant) -> Bool
    ) -> Bool {
        contacts.look(at: id) { contact in
            if case .waiting(let place) = contact.state { isAwaited(place, entry.at) } else { false }
        } ?? false
    }
}
