// `/v1/queues`: who waits, for how long, and how well the queue does.

internal import ACD
internal import Basics
internal import ContactCenter
internal import HTTP
internal import HTTPTypes
internal import KPI
internal import SiteConfiguration

enum QueueResource {
    static let waitingMax: UInt64 = 1000

    /// Printed with the number, because every product means something else by it (definitions.md 3.4).
    static let serviceLevelFormula = "answered within threshold / (answered + abandoned after shortAbandonSeconds)"

    static let serviceLevel = Shape<QueueView>.object(
        "ServiceLevel", "The service level with the formula it comes from.",
        [
            Member("value", Shape<Double>.share.orNull, "Null before the first contact that counts.") {
                $0.queue.figures.serviceLevel
            },
            Member("formula", .text, "") { _ in serviceLevelFormula },
            Member("thresholdSeconds", .count, "T: answered within it counts.") { $0.queue.rules.serviceLevelSeconds },
            Member("shortAbandonSeconds", .count, "S: who gives up within it does not count.") { _ in
                QueueFigures.shortAbandonSeconds
            },
        ])

    /// The same queue by what the field calls a service level, side by side.
    static let variants: [(name: String, level: KPI.ServiceLevel)] = [
        ("a1", .a1), ("a2", .a2), ("a3", .a3), ("a4", .a4), ("a5", .a5), ("cisco-abandons-ignored", .ciscoAbandonsIgnored),
        ("cisco-abandons-negative", .ciscoAbandonsNegative), ("cisco-abandons-positive", .ciscoAbandonsPositive),
    ]

    struct Variant: Sendable {
        var name: String
        var value: Double?
        var formula: String
    }

    static let variant = Shape<Variant>.object(
        "ServiceLevelVariant", "The service level as others reckon it.",
        [
            Member("name", .word(variants.map(\.name)), "") { $0.name },
            Member("value", Shape<Double>.share.orNull, "Null before the first contact that counts.") { $0.value },
            Member("formula", .text, "T is thresholdSeconds, S is shortAbandonSeconds.") { $0.formula },
        ])

    static let diversions = Shape<[DiversionCount]>.object(
        "Diversions", "Given away without an agent, by cause.",
        DiversionCause.allCases.map { cause in
            Member(cause.rawValue, .count, "") { counts in counts.first { $0.cause == cause }?.count ?? 0 }
        })

    static let figures = Shape<QueueFigures>.object(
        "QueueFigures",
        """
        Counters since the queue began; they survive restarts. \
        offered = answered + abandoned + diverted + endedBySystem + callbacks.entriesLeft + waiting + parked.
        """,
        [
            Member("offered", .count, "Contacts that came to the queue.") { $0.entries },
            Member("answered", .count, "An agent was connected.") { $0.answered },
            Member("answeredInTime", .count, "Of these within the threshold.") { $0.answeredInTime },
            Member("abandoned", .count, "The caller hung up while waiting or while it rang.") { $0.abandoned },
            Member("abandonedInTime", .count, "Of these within the threshold.") { $0.abandonedInTime },
            Member("abandonedShort", .count, "Of these within shortAbandonSeconds.") { $0.abandonedShort },
            Member("endedBySystem", .count, "Ended by a restart or a lost leg.") { $0.endedBySystem },
            Member("diverted", .count, "All causes together.") { $0.divertedInAll },
            Member("divertedByCause", diversions, "") { $0.diverted },
            Member("averageSpeedOfAnswerSeconds", Shape<Double>.seconds.orNull, "ASA: mean wait of the answered.") {
                $0.averageSpeedOfAnswer
            },
            Member("meanHandleSeconds", Shape<Double>.seconds.orNull, "Talk, hold and wrap-up, the newest weighing most.") {
                $0.meanHandleSeconds
            },
            Member("expectedWaitError", accuracy, "Expected at the entry against real, of those who waited and were answered.")
            {
                $0.expectedWaitAccuracy
            },
            Member("callbacks", CallbackResource.figures, "Counted apart: no abandons, no answers.") { $0.callbacks },
        ])

    static let accuracy = Shape<EstimateAccuracy>.object(
        "EstimateError", "How far estimates of a time were from the truth.",
        [
            Member("count", .count, "Estimates whose truth is known.") { $0.count },
            Member("meanSeconds", Shape<Double>.seconds.orNull, "Mean of the absolute errors; null before the first.") {
                $0.meanSeconds
            },
            Member("p90Seconds", Shape<Double>.seconds.orNull, "Nine of ten were not greater, rounded up to a step.") {
                $0.p90Seconds
            },
        ])

    static let members: [Member<QueueView>] = [
        Member("id", .text, "The key in queues.yaml.") { $0.queue.id.rawValue },
        Member("waiting", .count, "Contacts in the queue, those that ring at an agent included, and without `parked`.") {
            max(0, $0.queue.waiting.count - $0.parked)
        },
        Member("parked", .count, "Contacts in the queue that will be called back, with nobody on the line.") { $0.parked },
        Member("ringing", .count, "Of these at an agent now.") { $0.offered },
        Member("longestWaitSeconds", .seconds, "0 if nobody waits.") { $0.longestWaitSeconds },
        Member(
            "expectedWaitSeconds", Shape<Double>.seconds.orNull,
            "For somebody who came now; null without data (nobody available, or nobody served yet)."
        ) { $0.expectedWait?.seconds },
        Member(
            "expectedWaitP90Seconds", Shape<Double>.seconds.orNull,
            "Nine of ten would not wait longer, by the same formula, the stages taken for a gamma distribution."
        ) { $0.expectedWait?.p90Seconds },
        Member("channels", ChannelView.shape.list, "The same for each channel over which contacts come to the queue.") {
            $0.channels
        },
        Member("members", .count, "Agents of the queue.") { $0.queue.rules.members.count },
        Member("membersSignedIn", .count, "") { $0.membersSignedIn },
        Member("membersReady", .count, "Could be offered a contact now.") { $0.membersReady },
        Member("serviceLevel", serviceLevel, "") { $0 },
        Member("figures", figures, "") { $0.queue.figures },
        Member("isRemoved", .flag, "No longer in the configuration: takes nobody in.") { $0.queue.isRemoved },
    ]

    static let summary = Shape<QueueView>.object("Queue", "A queue as it is now.", members)

    static let waiting = Shape<WaitingView>.object(
        "WaitingContact", "Somebody who waits in a queue.",
        [
            Member("contact", .identifier, "See /v1/contacts/{id}.") { $0.contact.id.rawValue },
            Member("position", .count, "1 is served next.") { $0.position },
            Member("since", .time, "When it entered this queue.") { $0.entry.enqueuedAt },
            Member("waitSeconds", .seconds, "") { WaitingView.seconds(from: $0.entry.enqueuedAt, to: $0.now) },
            Member("expectedWaitSeconds", Shape<Double>.seconds.orNull, "From now on.") { $0.expectedWait?.seconds },
            Member("expectedWaitP90Seconds", Shape<Double>.seconds.orNull, "Nine of ten would not wait longer.") {
                $0.expectedWait?.p90Seconds
            },
            Member("channel", .word(Channel.allCases.map(\.rawValue)), "") { $0.contact.medium.rawValue },
            Member("isParked", .flag, "Nobody is on the line: it will be called back.") { $0.contact.isParked },
            Member("offeredTo", Shape<String>.text.orNull, "The agent it rings at.") { $0.offeredTo },
        ])

    static let detail = Shape<QueueView>.object(
        "QueueDetail", "A queue with those who wait in it.",
        members + [
            Member(
                "serviceLevelVariants", variant.list,
                "A1 to A5 (ICMI), and Cisco's three, in which those who wait beyond the threshold count already."
            ) { view in
                variants.map { Variant(name: $0.name, value: $0.level.value(of: view.counts), formula: $0.level.formula) }
            },
            Member("waitingContacts", waiting.list, "In order of service, at most `limit`.") { $0.waiting },
        ])

    static let list = Shape<[QueueView]>.object(
        "QueueList", "All queues, by id.", [Member("items", summary.list, "") { $0 }])

    static let routes = [
        Route(
            method: .get, path: "/v1/queues", access: .role(.reader), summary: "All queues with their figures",
            answer: .json(list, "The queues.")
        ) { rest, _ in
            let (center, now) = rest.onLoop { (rest.backend.center, rest.backend.now) }
            return try await rest.later(list) { QueueView.all(of: center, at: now) }
        },
        Route(
            method: .get, path: "/v1/queues/{id}", access: .role(.reader), summary: "One queue and who waits in it",
            parameters: [
                .path("id", .name, "The key in queues.yaml."),
                .query("limit", .integer(0...waitingMax), "How many waiting contacts at most.", initial: "100"),
            ], answer: .json(detail, "The queue."), problems: [.notFound]
        ) { rest, call in
            let id = QueueID(call.text("id") ?? ""), limit = call.limit
            let (center, now) = rest.onLoop { (rest.backend.center, rest.backend.now) }
            let queue = center.queues[id]
            // Everybody is counted, however few are shown.
            return try await rest.later(detail, rows: (queue?.waiting.count ?? 0) + (queue?.rules.members.count ?? 0)) {
                guard let queue = center.queues[id] else { throw Problem.unknown("queue", see: "/v1/queues") }
                return QueueView(queue, in: center, at: now, waitingMax: limit)
            }
        },
    ]
}
