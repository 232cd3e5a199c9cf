// `/v1/kinds`: what work there is, how much of it an agent may have at once, and what customers say of it.

internal import ACD
internal import Basics
internal import ContactCenter
internal import HTTP
internal import HTTPTypes
internal import SiteConfiguration
internal import Storage

enum KindResource {
    struct View: Sendable {
        let state: KindState
        let counts: KindCounts

        static func all(of center: Center) -> [View] {
            let counts = KindCounts.all(of: center)
            return center.kinds.map { View(state: $0, counts: counts[$0.rules.id] ?? KindCounts()) }
        }
    }

    static let concurrency = Shape<WorkKind.Concurrency>.object(
        "KindConcurrency", "How the number of pieces that an agent has at once follows load and satisfaction.",
        [
            Member("least", .count, "") { $0.least },
            Member("most", .count, "") { $0.most },
            Member("raiseAtWaiting", .count, "One more while more than so many wait.") { $0.raiseAtWaiting },
            Member("lowerAtWaiting", .count, "One less while fewer than so many wait.") { $0.lowerAtWaiting },
            Member("satisfactionBelow", Shape<Int>.count.orNull, "Percent; a lower figure takes one away. Null: none does.") {
                $0.satisfactionBelow
            },
            Member("stepSeconds", .count, "From one step to the next.") { $0.stepSeconds },
        ])

    struct Satisfaction: Sendable {
        var queue: QueueID?
        var percent: Int
    }

    static let satisfaction = Shape<Satisfaction>.object(
        "KindSatisfaction", "What was reported last.",
        [
            Member("queue", Shape<String>.text.orNull, "Null: over all queues.") { $0.queue?.rawValue },
            Member("percent", .count, "") { $0.percent },
        ])

    static let shape = Shape<View>.object(
        "Kind", "A kind of work.",
        [
            Member("id", .text, "A key of `kinds:` in routing.yaml, or `call`.") { $0.state.rules.id.rawValue },
            Member("channel", .word(AgentResource.channels), "") { $0.state.rules.channel.rawValue },
            Member("weight", Shape<Int>.count.orNull, "Units of an agent's capacity; null: all of it.") {
                $0.state.rules.weight
            },
            Member("interruptedBy", Shape<String>.text.list, "Kinds that may come on top.") {
                $0.state.rules.interruptedBy.map(\.rawValue)
            },
            Member("perAgentMax", Shape<Int>.count.orNull, "Pieces of one agent; null: as many as there is room for.") {
                $0.state.rules.perAgentMax
            },
            Member("concurrency", concurrency.orNull, "Null: it follows nothing.") { $0.state.rules.concurrency },
            Member("atOnceMax", Shape<Int>.count.orNull, "Where `concurrency` stands now.") { $0.state.atOnceMax },
            Member("isUnsatisfying", .flag, "While a reported satisfaction is too low, nothing is added.") {
                $0.state.isUnsatisfying
            },
            Member("satisfaction", satisfaction.list, "") {
                $0.state.reportedPercents.map { Satisfaction(queue: $0.queue, percent: $0.percent) }
            },
            Member("priorityClass", signed, "Of those that come in.") { $0.state.rules.priorityClass },
            Member("boostSeconds", .count, "Head start.") { $0.state.rules.boostSeconds },
            Member("keptSecondsMax", .count, "It ends unserved after so long.") { $0.state.rules.keptSecondsMax },
            Member("handleSecondsMax", .count, "An agent may have it for so long.") { $0.state.rules.handleSecondsMax },
            Member("waiting", .count, "In all queues, those that ring included, and without callbacks.") { $0.counts.waiting },
            Member("ringing", .count, "At agents: several may be rung for one contact.") { $0.counts.ringing },
            Member("active", .count, "Agents work on them.") { $0.counts.active },
            Member("wrapUp", .count, "Agents wrap them up.") { $0.counts.wrapUp },
            Member("capacityInUse", .count, "Units of all agents.") { $0.counts.units },
            Member("isRemoved", .flag, "No longer in the configuration: takes nothing in.") { $0.state.isRemoved },
        ])

    private static let signed = Shape<Int>(schema: ["type": "integer"]) { $1.integer($0) }

    static let list = Shape<[View]>.object("KindList", "All kinds, calls first.", [Member("items", shape.list, "") { $0 }])

    static let routes = [
        Route(
            method: .get, path: "/v1/kinds", access: .role(.reader), summary: "Kinds of work and how much of each there is",
            answer: .json(list, "The kinds.")
        ) { rest, _ in
            let center = rest.onLoop { rest.backend.center }
            return try await rest.later(list) { View.all(of: center) }
        },
        Route(
            method: .post, path: "/v1/kinds/{kind}/satisfaction", access: .role(.supervisor),
            summary: "Tell what customers say of a kind of work",
            notes: """
                By a survey over all of them, or over those of one queue. Under `satisfaction_below` of the kind agents get \
                one piece less at once, and no more before it is clearly above again. Answers when it is on the disk.
                """,
            parameters: [.path("kind", .name, "A key of `kinds:` in routing.yaml.")],
            body: [
                BodyMember(name: "percent", description: "Satisfied customers.", isRequired: true, integers: 0...100),
                BodyMember(name: "queue", description: "A key in queues.yaml; left out: over all.", isRequired: false),
            ], answer: .empty("It has been taken into account."), problems: [.notFound, .conflict, .serviceUnavailable],
            handle: report),
    ]

    private static func report(_ rest: RESTInterface, _ call: Call) async throws -> Reply {
        let id = WorkKindID(call.text("kind") ?? ""), percent = call.integer("percent")
        let queue = call.member("queue").map { QueueID($0) }
        try rest.onLoop {
            let center = rest.backend.center
            guard let kind = center.kinds.first(where: { $0.rules.id == id && !$0.isRemoved }) else {
                throw Problem.unknown("kind", see: "/v1/kinds")
            }
            guard kind.rules.concurrency?.satisfactionBelow != nil else {
                throw Problem(
                    .conflict, code: "satisfaction_not_followed", detail: "Nothing follows from this kind's satisfaction.",
                    field: "kind", mend: "Set `satisfaction_below` in its `concurrency:` in routing.yaml.")
            }
            if let queue, center.queues[queue]?.isRemoved != false {
                throw BodyMember.refusal("queue", "See the ids in GET /v1/queues.")
            }
        }
        let detail = ["percent": "\(percent)", "queue": queue?.rawValue].compactMapValues { $0 }
        let audit = AuditEntry(
            actor: call.principal?.name ?? "", role: call.principal?.role.rawValue ?? "", action: "kind.satisfaction",
            object: "kind/\(id)", detail: detail)
        let result = await rest.backend.submit(.satisfactionReported(id, queue, percent: percent), audit: audit)
        if case .failure(let error) = result { throw Problem.notStored(error) }
        return .empty()
    }
}
