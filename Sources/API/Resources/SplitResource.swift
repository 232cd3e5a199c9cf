// `/v1/splits`: how the two ways of each split have fared, and which were broken off (S0-80).

internal import Basics
internal import ContactCenter
internal import HTTPTypes
internal import IVR
internal import SiteConfiguration

enum SplitResource {
    struct View: Sendable {
        let key: TrialKey
        let trial: Trial
    }

    static let way = Shape<Trial.Way>.object(
        "SplitWay", "What is known of one way of a split.",
        [
            Member("begun", .count, "Contacts that were sent this way.") { $0.begun },
            Member("ended", .count, "Of these over, the ends of processes left out.") { $0.ended },
            Member("abandoned", .count, "Of these given up by the caller in a queue.") { $0.abandoned },
            Member("errors", .count, "Of these ended by a technical failure.") { $0.errors },
            Member("abandonPercent", Shape<Double>.number.orNull, "abandoned / ended") { $0.abandonPercent },
            Member("errorPercent", Shape<Double>.number.orNull, "errors / ended") { $0.errorPercent },
        ])

    static let stage = Shape<Split.Stage>.object(
        "SplitStage", "A share that follows when the one before has lasted, was used, and has gone well.",
        [
            Member("percent", .count, "") { $0.percent },
            Member("afterSeconds", .count, "The stage before has lasted for at least so long.") { $0.afterSeconds },
            Member("afterCalls", .count, "Contacts of the trial over in the stage before, at least.") { $0.afterCalls },
        ])

    static let shape = Shape<View>.object(
        "Split", "A step that sends a part of the calls another way. Other settings begin to count anew.",
        [
            Member("flow", .text, "") { $0.key.flow.rawValue },
            Member("node", .text, "The step.") { $0.key.node.rawValue },
            Member("percent", .count, "Of the calls that go the way of the trial now, if it is not broken off.") {
                $0.trial.percent
            },
            Member("stage", .count, "0: the first share; each of `stages` adds one.") { $0.trial.stage },
            Member("stageSince", Shape<Instant>.time.orNull, "When that began; null: without stages, or nobody has come.") {
                $0.trial.stageSince
            },
            Member("stages", stage.list, "The shares that follow on the first.") { $0.trial.split.stages },
            Member("endedInStage", .count, "Contacts of the trial over since the stage began.") { $0.trial.endedInStage },
            Member("trial", way, "") { $0.trial.trial },
            Member("usual", way, "") { $0.trial.usual },
            Member("former", way.orNull, "The usual way under the settings before these.") { $0.trial.former },
            Member("brokenOffAt", Shape<Instant>.time.orNull, "Since then every call goes the usual way.") {
                $0.trial.brokenOffAt
            },
        ])

    static let list = Shape<[View]>.object(
        "SplitList", "All splits, by flow and step.", [Member("items", shape.list, "") { $0 }])

    static let routes = [
        Route(
            method: .get, path: "/v1/splits", access: .role(.reader), summary: "How the ways of each split have fared",
            notes: "A split is here from its first call on.", answer: .json(list, "The splits.")
        ) { rest, _ in
            .json(list, rest.onLoop { rest.backend.center.trials.map { View(key: $0.key, trial: $0.value) } })
        }
    ]
}
