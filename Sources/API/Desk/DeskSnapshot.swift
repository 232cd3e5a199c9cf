// Everything that a page needs to begin.

internal import ACD
internal import Basics
internal import ContactCenter
internal import SiteConfiguration

/// A desk as a whole, for a page that knows nothing yet.
struct DeskSnapshot: Sendable {
    var agent: DeskPerson
    var view: DeskView
    var reasons: [String]
    var targets: DeskTargets
    var dispositions: DispositionSettings
    var notes: [String: DeskNote]
    var recent: [DeskRecent]
    var graceSeconds: Int
    var time: Instant

    /// What the page may show buttons for; hang-up is always there.
    var features: [String] {
        ["hold", "mute", "keypad", "transfer", "consult", "recordingPause", "decline"]
            + (dispositions.extendable ? ["extend"] : [])
    }

    private var writtenWrapUp: DeskShapes.WrittenWrapUp? {
        view.wrapUp.map { .init(wrapUp: $0, note: notes[$0.noteKey]) }
    }

    private var writtenWork: [DeskShapes.WrittenPiece] {
        view.work.map { .init(piece: $0, note: notes[$0.id]) }
    }

    private static let code = Shape<DispositionSettings.Code>.object(
        "DeskDisposition", "What a call can have been about.",
        [Member("code", .text, "") { $0.code }, Member("label", .text, "") { $0.label }])

    private static let codes = Shape<DispositionSettings>.object(
        "DeskDispositions", "How a wrap-up ends.",
        [
            Member("required", .flag, "Whether `wrapUp.complete` needs one.") { $0.required && !$0.codes.isEmpty },
            Member("codes", code.list, "") { $0.codes },
        ])

    private static let audio = Shape<Bool>.object(
        "DeskAudio", "The voice connection.", [Member("connected", .flag, "") { $0 }])

    static let members: [Member<DeskSnapshot>] = [
        Member("agent", AgentSessionResource.person, "") { $0.agent },
        Member("state", DeskShapes.state, "") { $0.view.state },
        Member("reasons", Shape<String>.text.list, "For a pause.") { $0.reasons },
        Member("transferTargets", DeskTargets.shape, "") { $0.targets },
        Member("dispositions", codes, "") { $0.dispositions },
        Member("figures", DeskShapes.figures, "") { $0.view.figures },
        Member("offer", DeskShapes.offer.orNull, "") { $0.view.offer },
        Member("call", DeskShapes.call.orNull, "") { $0.view.call },
        Member("wrapUp", DeskShapes.wrapUp.orNull, "") { $0.writtenWrapUp },
        Member("work", DeskShapes.piece.list, "What is no call, in the order in which it was offered.") { $0.writtenWork },
        Member(ifAny: "capacity", DeskShapes.capacity, "Left out: nothing but calls comes to the agent.") {
            $0.view.capacity
        },
        Member("serverTime", .time, "") { $0.time },
        Member("features", Shape<String>.text.list, "What can be done here.") { $0.features },
        Member("audio", audio, "") { $0.view.isAudioConnected },
        Member("graceSeconds", .count, "How long a caller waits for a page that is gone.") { $0.graceSeconds },
        Member(ifAny: "recent", DeskShapes.recent.list, "Newest first.") { $0.recent.isEmpty ? nil : $0.recent },
    ]
}
