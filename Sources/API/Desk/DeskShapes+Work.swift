// What the frames about work look like that is no call.

internal import ACD
internal import Basics
internal import ContactCenter

extension DeskShapes {
    /// A piece with what has been written in it.
    struct WrittenPiece: Sendable {
        var piece: DeskPiece
        var note: DeskNote?
    }

    private static let pieceTerms: [Member<WrittenPiece>] = [
        Member("id", .text, "Of the piece, as long as it is in this state.") { $0.piece.id },
        Member("kind", .text, "A key of `kinds:` in routing.yaml.") { $0.piece.kind.rawValue },
        Member("channel", .word(AgentResource.channels), "") { $0.piece.channel.rawValue },
        Member("subject", Shape<String>.text.orNull, "What it is about.") { $0.piece.contact.subject },
        Member("externalId", Shape<String>.text.orNull, "Under which others know it.") { $0.piece.contact.externalID },
        Member("state", .word(DeskPiece.states), "Lost: the page was away, and comes back to it.") { $0.piece.state },
        Member("offer", Shape<UInt64>.identifier.orNull, "While it rings: for `accept` and `decline`.") {
            if case .ringing(let offer, _) = $0.piece.phase { offer.rawValue } else { nil }
        },
        Member("since", Shape<Instant>.time.orNull, "Null while it rings.") { $0.piece.since },
        Member("until", Shape<Instant>.time.orNull, "When ringing or wrap-up ends by itself.") { $0.piece.until },
        Member("extended", .flag, "The wrap-up.") { $0.piece.wrapUp?.isExtended ?? false },
        Member("wrapUpAfter", Shape<Bool>.flag.orNull, DeskShapes.wrapUpAfter) { $0.piece.wrapUpAfter },
        Member("disposition", Shape<String>.text.orNull, "") { $0.note?.disposition },
        Member("notes", .text, "") { $0.note?.notes ?? "" },
    ]
    static let pieceMembers: [Member<WrittenPiece>] =
        contactMembers { (written: WrittenPiece) in written.piece.contact } + pieceTerms
    static let piece = Shape<WrittenPiece>.object("DeskPiece", "A piece of work that is no call.", pieceMembers)

    private static let kind = Shape<DeskCapacity.Kind>.object(
        "DeskKind", "How much of a kind the agent has.",
        [
            Member("kind", .text, "") { $0.kind.rawValue },
            Member("channel", .word(AgentResource.channels), "") { $0.channel.rawValue },
            Member("count", .count, "Ringing and wrap-up included.") { $0.count },
            Member("most", .count, "At once, as long as there is nothing else.") { $0.most },
        ])
    static let capacityMembers: [Member<DeskCapacity>] = [
        Member("units", .count, "In use.") { $0.units }, Member("unitsMax", .count, "") { $0.unitsMax },
        Member("kinds", kind.list, "That may come to the agent and are no calls.") { $0.kinds },
    ]
    static let capacity = Shape<DeskCapacity>.object("DeskCapacity", "How much the agent has.", capacityMembers)
}
