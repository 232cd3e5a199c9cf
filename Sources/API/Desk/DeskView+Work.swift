// Work that is no call, read from the rules, and the frames that tell of it.

internal import ACD
internal import Basics
internal import ContactCenter
internal import Storage

extension DeskView {
    /// The pieces of an agent, in the order in which they were offered. What the page knows of a contact stays as it is.
    static func work(
        of agent: Agent, in center: Center, after old: [DeskPiece], record: (ContactID) -> WorkRecord?
    ) -> [DeskPiece] {
        agent.pieces.filter { $0.load.channel != .voice }.map { piece in
            let phase = phase(of: piece.work, by: agent, in: center)
            let id = piece.work.contact
            let contact = known(id, phase, old) ?? DeskContact(id, in: center, record(id))
            return DeskPiece(
                contact: contact, kind: piece.load.kind, channel: piece.load.channel, phase: phase,
                wrapUpAfter: center.wrapUpChoice(after: id, by: agent.id))
        }
    }

    private static func phase(of work: Work, by agent: Agent, in center: Center) -> DeskPiece.Phase {
        switch work {
        case .offered(let offer, _, let deadline): .ringing(offer, until: deadline)
        case .active(let contact, let since, _):
            .active(since: since, isLost: center.contacts[contact]?.conversation?.isLost ?? false)
        case .wrapUp(let contact, let since, let deadline):
            .wrapUp(since: since, until: deadline, isExtended: agent.wrapUp(of: contact)?.isExtended ?? false)
        }
    }

    /// Offered again, it has waited longer and may come from another queue; otherwise what was true at the offer is shown.
    private static func known(_ id: ContactID, _ phase: DeskPiece.Phase, _ old: [DeskPiece]) -> DeskContact? {
        let same = old.filter { $0.contact.id == id }
        switch phase {
        case .ringing(let offer, _):
            return same.first { if case .ringing(offer, _) = $0.phase { true } else { false } }?.contact
        case .active: return same.first { $0.wrapUp == nil }?.contact
        case .wrapUp: return (same.first { $0.wrapUp != nil } ?? same.first)?.contact
        }
    }

    /// What is new first, so that the page goes on with a piece before it lets go of what it was.
    func workChanges(
        since old: DeskView, in center: Center, ended: [ContactID: Contact], transferred: Set<ContactID>,
        notes: [String: DeskNote]
    ) -> [Change] {
        var changes: [Change] = []
        for piece in work where !old.work.contains(piece) {
            changes.append(Change(frame: DeskFrame.work.bytes(.init(piece: piece, note: notes[piece.id]))))
        }
        for piece in old.work where !work.contains(where: { $0.id == piece.id }) {
            let contact = piece.contact.id
            let reason = whyGone(
                piece, in: center, ended: ended[contact], isTransferred: transferred.contains(contact))
            changes.append(Change(frame: DeskFrame.workEnded.bytes(.init(id: piece.id, contact: contact, reason: reason))))
        }
        if let capacity, capacity != old.capacity { changes.append(Change(frame: DeskFrame.capacity.bytes(capacity))) }
        return changes
    }

    static let workEnds = [
        "accepted", "missed", "declined", "failed", "answered-elsewhere", "rescinded", "withdrawn", "done", "transfer",
        "taken-back", "finished",
    ]

    private func whyGone(_ piece: DeskPiece, in center: Center, ended: Contact?, isTransferred: Bool) -> String {
        switch piece.phase {
        case .ringing(let offer, _):
            if work.contains(where: { $0.isActive && $0.contact.id == piece.contact.id }) { return "accepted" }
            let why = (center.contacts[piece.contact.id] ?? ended).map { offer.whyEnded($0) } ?? "rescinded"
            return why == "caller-gone" ? "withdrawn" : why
        case .wrapUp: return "finished"
        case .active:
            if isTransferred { return "transfer" }
            guard case .ended(_, let party)? = ended?.timeline.last(where: \.what.isEnd)?.what else { return "taken-back" }
            return party == .agent ? "done" : "withdrawn"
        }
    }
}

extension Happening {
    fileprivate var isEnd: Bool { if case .ended = self { true } else { false } }
}

extension DeskContact {
    /// Of work that is no call.
    fileprivate init(_ id: ContactID, in center: Center, _ record: WorkRecord?) {
        if let contact = center.contacts[id] {
            self.init(contact, number: record?.customer, at: center.now)
            path = []
        } else {
            // After a restart in the middle of a wrap-up nothing more is known.
            self.init(id: id, number: record?.customer, queue: nil, waitSeconds: 0, path: [], attributes: [])
        }
        name = record?.name
        subject = record?.subject
        externalID = record?.externalID
    }
}
