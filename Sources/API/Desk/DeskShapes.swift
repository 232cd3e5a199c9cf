// What the frames of a desk look like: their text and their schemas.

internal import ACD
internal import Basics
internal import ContactCenter

extension LegFailure {
    /// The cause of ITU-T Q.850, table 1, that says the same.
    var q850: Int {
        switch self {
        case .noSuchNumber: 1
        case .busy: 17
        case .unreachable: 19
        case .declined: 21
        case .notMade: 34
        case .failed: 41
        case .notCallable: 57
        }
    }
}

/// The shapes inside the frames. Optional members of the protocol are there all the same.
enum DeskShapes {
    static let presences = ["offline", "available", "pause"]

    static let pending = Shape<AgentPresence>.object(
        "DeskPending", "The state that comes after the last contact.",
        [
            Member("presence", .word(presences), "") { $0.state },
            Member("reason", Shape<String>.text.orNull, "") { $0.reason },
        ])

    static let stateMembers: [Member<DeskState>] = [
        Member("presence", .word(presences), "") { $0.presence.state },
        Member("reason", Shape<String>.text.orNull, "Of a pause; `not-responding` is set by the system.") {
            $0.presence.reason
        },
        Member("since", .time, "") { $0.since },
        Member("pending", pending.orNull, "") { $0.pending },
        Member("channels", channel.list, "What may come from the agent's queues.") { $0.channels },
    ]
    private static let channel = Shape<DeskState.Channel>.object(
        "DeskChannel", "A channel of the agent's queues.",
        [
            Member("channel", .word(Channel.allCases.map(\.rawValue)), "") { $0.id.rawValue },
            Member("open", .flag, "Whether something new may come over it.") { $0.isOpen },
        ])
    static let state = Shape<DeskState>.object("DeskState", "The agent's state.", stateMembers)

    static let figuresMembers: [Member<DeskFigures>] = [
        Member("handledToday", .count, "") { $0.handled },
        Member("talkSecondsToday", .seconds, "") { $0.talkSeconds },
        Member("averageHandleSeconds", Shape<Double>.seconds.orNull, "Talk, hold and wrap-up.") { $0.averageHandleSeconds },
        Member("missedToday", .count, "") { $0.missed },
    ]
    static let figures = Shape<DeskFigures>.object("DeskFigures", "The agent's figures of today.", figuresMembers)

    static let caller = Shape<DeskContact>.object(
        "DeskCaller", "Who calls, or writes.",
        [
            Member("number", Shape<String>.text.orNull, "Or address, or id. Null: withheld.") { $0.number },
            Member("name", Shape<String>.text.orNull, "") { $0.name },
        ])

    static let attributes = Shape<[Attribute]>(
        schema: ["type": "object", "additionalProperties": ["type": "string"]]
    ) { attributes, writer in
        writer.object(attributes) { attribute, writer in
            writer.text(attribute.name)
            writer.colon()
            writer.text(attribute.value)
        }
    }

    /// What every frame about a contact says of it.
    static func contactMembers<Object: Sendable>(
        _ contact: @escaping @Sendable (Object) -> DeskContact
    ) -> [Member<Object>] {
        [
            Member("contact", .identifier, "") { contact($0).id.rawValue },
            Member("caller", caller, "") { contact($0) },
            Member("queue", Shape<String>.text.orNull, "") { contact($0).queue?.rawValue },
            Member("waitSeconds", .seconds, "Until the offer, or the answer.") { contact($0).waitSeconds },
            Member("path", Shape<String>.text.list, "Through the voice menu, steps parted by an arrow.") {
                contact($0).path.isEmpty ? [] : [contact($0).path.joined(separator: " → ")]
            },
            Member("attributes", attributes, "What the flow noted.") { contact($0).attributes },
        ]
    }

    private static let offerNumber: [Member<DeskOffer>] = [Member("offer", .identifier, "") { $0.id.rawValue }]
    private static let offerTerms: [Member<DeskOffer>] = [
        Member("until", .time, "Then it counts as missed.") { $0.until },
        Member("autoAnswer", .flag, "Whether the page may accept by itself.") { $0.autoAnswer },
        Member(
            "joins", Shape<String>.word(DeskCall.Part.allCases.map(\.rawValue)).orNull,
            "To which part of a colleague's call; null: a call of a queue."
        ) { $0.joins?.rawValue },
    ]
    static let offerMembers: [Member<DeskOffer>] =
        offerNumber + contactMembers { (offer: DeskOffer) in offer.contact } + offerTerms
    static let offer = Shape<DeskOffer>.object("DeskOffer", "A call that rings.", offerMembers)

    static let wrapUpAfter = """
        Whether a wrap-up comes after it, where the queue leaves that to the agent (`wrapUp.ask`, `wrapUp.skip`); null: it \
        does not.
        """

    private static let callTerms: [Member<DeskCall>] = [
        Member("since", .time, "") { $0.since },
        Member("held", .flag, "") { $0.isHeld },
        Member("muted", .flag, "") { $0.isMuted },
        Member("recording", .word(DeskCall.Recording.allCases.map(\.rawValue)), "") { $0.recording.rawValue },
        Member("state", .word(["talking", "lost"]), "Lost: the caller hears music until the voice stands again.") {
            $0.isLost ? "lost" : "talking"
        },
        Member("wrapUpAfter", Shape<Bool>.flag.orNull, wrapUpAfter) { $0.wrapUpAfter },
        Member("part", .word(DeskCall.Part.allCases.map(\.rawValue)), "What the agent is on the call.") { $0.part.rawValue },
        Member("others", other.list, "Beside the caller; supervisors are not among them.") { $0.others },
        Member("turnedToCaller", .flag, "Whoever is consulted hears music meanwhile.") { $0.isTurnedToCaller },
        Member("supervised", .flag, "A supervisor is on the call.") { $0.isSupervised },
        Member(
            "acts", Shape<String>.word(DeskCall.Act.allCases.map(\.rawValue)).list, "What can be done with a third now."
        ) {
            $0.acts.map(\.rawValue)
        },
        Member("notReached", failure.orNull, "Whom the agent wanted outside last; null: nobody, or they have answered.") {
            $0.notReached
        },
    ]
    private static let failure = Shape<LegFailure>.object(
        "DeskNotReached", "Why somebody outside was not reached.",
        [
            Member("reason", .word(LegFailure.allCases.map(\.rawValue)), "") { $0.rawValue },
            Member("cause", .count, "As ITU-T Q.850 numbers it.") { $0.q850 },
        ])
    private static let other = Shape<DeskCall.Other>.object(
        "DeskOther", "Somebody else on the call.",
        [
            Member("agent", Shape<String>.text.orNull, "Null: somebody outside.") { $0.agent?.rawValue },
            Member("name", Shape<String>.text.orNull, "") { $0.name },
            Member("part", .word(DeskCall.Part.allCases.map(\.rawValue)), "") { $0.part.rawValue },
            Member("ringing", .flag, "Not there yet.") { $0.isRinging },
        ])
    static let callMembers: [Member<DeskCall>] = contactMembers { (call: DeskCall) in call.contact } + callTerms
    static let call = Shape<DeskCall>.object("DeskCall", "The conversation.", callMembers)

    /// A wrap-up with what has been written in it.
    struct WrittenWrapUp: Sendable {
        var wrapUp: DeskWrapUp
        var note: DeskNote?
    }

    private static let wrapUpTerms: [Member<WrittenWrapUp>] = [
        Member("since", .time, "") { $0.wrapUp.since },
        Member("until", Shape<Instant>.time.orNull, "Null: no limit.") {
            $0.wrapUp.until == .distantFuture ? nil : $0.wrapUp.until
        },
        Member("extended", .flag, "") { $0.wrapUp.isExtended },
        Member("disposition", Shape<String>.text.orNull, "") { $0.note?.disposition },
        Member("notes", .text, "") { $0.note?.notes ?? "" },
    ]
    static let wrapUpMembers: [Member<WrittenWrapUp>] =
        contactMembers { (written: WrittenWrapUp) in written.wrapUp.contact } + wrapUpTerms
    static let wrapUp = Shape<WrittenWrapUp>.object("DeskWrapUp", "After the call.", wrapUpMembers)

    static let qualityMembers: [Member<DeskQuality>] = [
        Member("lossPercent", .number, "") { $0.lossPercent },
        Member("jitterMs", .number, "") { $0.jitterMilliseconds },
        Member("roundTripMs", Shape<Double>.number.orNull, "") { $0.roundTripMilliseconds },
        Member("mos", Shape<Double>.number.orNull, "Estimated, 1 to 4.5 (ITU-T G.107).") { $0.meanOpinionScore },
    ]

    static let recent = Shape<DeskRecent>.object(
        "DeskRecent", "A call of a moment ago.",
        [
            Member("contact", .identifier, "") { $0.contact.id.rawValue },
            Member("caller", caller, "") { $0.contact },
            Member("queue", Shape<String>.text.orNull, "") { $0.contact.queue?.rawValue },
            Member("at", .time, "") { $0.at },
            Member("talkSeconds", Shape<Double>.seconds.orNull, "") { $0.talkSeconds },
            Member("outcome", .word(["handled", "missed"]), "") { $0.talkSeconds == nil ? "missed" : "handled" },
        ])
}
