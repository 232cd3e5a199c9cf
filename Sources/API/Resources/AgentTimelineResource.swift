// `/v1/agents/{id}/timeline`: what an agent did, without a gap, and what that sums up to.

internal import ACD
internal import Basics
internal import ContactCenter
internal import HTTP
internal import HTTPTypes
internal import KPI
internal import SiteConfiguration
internal import Storage

enum AgentTimelineResource {
    static let rowsMax: UInt64 = 1000
    static let daysMax = 31
    static let intervalsMax = 1000

    struct Interval: Sendable {
        var from: Instant
        var to: Instant
        var time: AgentTime
    }

    struct Timeline: Sendable {
        var agent: AgentID
        var from: Instant
        var to: Instant
        var items: [AgentStateRow]
        var next: String?
        var intervals: [Interval]
    }

    static let item = Shape<AgentStateRow>.object(
        "AgentState", "What an agent did for a while.",
        [
            Member("state", .text, words) { $0.record.state },
            Member(
                "reason", Shape<String>.text.orNull,
                "Of a pause; of an available agent why nothing can be offered; of `unknown` why there was no process."
            ) { $0.record.reason },
            Member("contact", Shape<UInt64>.identifier.orNull, "That rang, was talked to or was wrapped up.") {
                $0.record.contact?.rawValue
            },
            Member("since", .time, "May be before `from`.") { $0.record.since },
            Member("until", Shape<Instant>.time.orNull, "The `since` of the next one; null: it still goes on.") { $0.until },
        ])

    private static let words =
        "One of " + Activity.State.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
        + ". Of several things at once the one that takes most of the agent."

    static let interval = Shape<Interval>.object(
        "AgentInterval", "Seconds by what was done, clipped at the borders of the interval. No second is in two of them.",
        [
            Member("from", .time, "") { $0.from },
            Member("to", .time, "Of what still goes on, now at the latest.") { $0.to },
            Member("signedInSeconds", .seconds, "All of the others together.") { $0.time.paid },
            Member("talkSeconds", .seconds, "") { $0.time.talk },
            Member("holdSeconds", .seconds, "") { $0.time.hold },
            Member("wrapUpSeconds", .seconds, "") { $0.time.wrapUp },
            Member("ringingSeconds", .seconds, "") { $0.time.ringing },
            Member("idleSeconds", .seconds, "Available with nothing to do.") { $0.time.idle },
            Member("pauseSeconds", .seconds, "Pauses, and time in which the browser was lost.") { $0.time.aux },
            Member("occupancy", Shape<Double>.share.orNull, AgentTime.none.occupancy().formula) { $0.time.occupancy().value },
        ])

    static let shape = Shape<Timeline>.object(
        "AgentTimeline", "What an agent did between two moments.",
        [
            Member("agent", .text, "") { $0.agent.rawValue },
            Member("from", .time, "") { $0.from },
            Member("to", .time, "") { $0.to },
            Member("items", item.list, "In order, at most `limit`, without a gap.") { $0.items },
            Member("next", Shape<String>.text.orNull, "The `cursor` of the next page; null: this is the last.") { $0.next },
            Member("intervals", interval.list, "Of all of the time asked for, whatever the `limit`.") { $0.intervals },
        ])

    static let routes = [
        Route(
            method: .get, path: "/v1/agents/{id}/timeline", access: .role(.agent), summary: "What an agent did, without a gap",
            notes: """
                With the role agent only for the agent whose name the token bears. A look by anybody else is audited.
                """,
            parameters: [
                .path("id", .name, "The key in agents.yaml; of an agent who is no longer there, the key of then."),
                .query("from", .time, "Default: a day before `to`."),
                .query("to", .time, "Default: now. At most \(daysMax) days after `from`."),
                .query("interval", .integer(60...86_400), "Seconds of each of `intervals`; default: one for all of the time."),
                .query("limit", .integer(1...rowsMax), "How many items at most.", initial: "500"),
                .query("cursor", .cursor, "The `next` of the page before; without it the items begin at `from`."),
            ], answer: .json(shape, "The timeline."), problems: [.notFound, .serviceUnavailable], handle: one)
    ]

    private static func one(_ rest: RESTInterface, _ call: Call) async throws -> Reply {
        let id = AgentID(call.text("id") ?? "")
        // Before the look-up, so that a colleague's token cannot find out who exists.
        guard call.principal?.mayAct(for: id) == true else { throw Problem.notYours }
        let (isKnown, now, reader) = rest.onLoop {
            (rest.backend.center.agents[id] != nil, rest.backend.now, rest.backend.reader)
        }
        let to = call.time("to") ?? now
        let from = call.time("from") ?? to - .seconds(86_400)
        let interval = call.text("interval").flatMap { Int($0) }
        try check(from, to, interval)
        // What has just been done is on its way to the disk.
        _ = await rest.backend.settle()
        let rows: [AgentStateRow]
        do {
            rows = try await reader.agentStates(of: id, from: from, to: to, limit: StoreReader.agentStatesMax)
        } catch {
            throw Problem.historyUnreadable
        }
        guard isKnown || !rows.isEmpty else { throw Problem.unknown("agent", see: "/v1/agents") }
        guard rows.count < StoreReader.agentStatesMax else { throw refusal("from", "more was done than can be summed up") }
        if call.principal?.name != id.rawValue { try await audit(rest, call, id, from, to) }
        let limit = call.limit,
            cursor = call.cursor.map { Instant(microseconds: Int64(clamping: $0)) } ?? Instant(microseconds: .min)
        return try await rest.later(shape, rows: rows.count) {
            let end = min(to, now)
            let spells = rows.compactMap(\.spell)
            let seconds = interval ?? max(1, Int((to - from).inSeconds.rounded(.up)))
            let page = rows.drop { $0.record.since < cursor }
            let next = page.dropFirst(limit).first?.record.since
            return Timeline(
                agent: id, from: from, to: to, items: Array(page.prefix(limit)), next: next.map { "\($0.microseconds)" },
                intervals: AgentTime.intervals(of: spells, from: from, to: end, seconds: seconds).map(Interval.init))
        }
    }

    private static func check(_ from: Instant, _ to: Instant, _ interval: Int?) throws {
        guard from < to else { throw refusal("from", "`from` is not before `to`") }
        guard to - from <= .seconds(daysMax * 86_400) else { throw refusal("from", "more than \(daysMax) days are asked for") }
        guard let interval else { return }
        guard (to - from).inSeconds / Double(interval) <= Double(intervalsMax) else {
            throw refusal("interval", "more than \(intervalsMax) intervals are asked for")
        }
    }

    private static func refusal(_ field: String, _ reason: String) -> Problem {
        Problem(
            .badRequest, code: "parameter_invalid", detail: "The parameter `\(field)` is not valid: \(reason).", field: field,
            mend: field == "interval" ? "Ask for longer intervals." : "Ask for a shorter time, with `from` before `to`.")
    }

    /// Shown only once the audit line is on the disk: an access that nobody can prove does not happen.
    private static func audit(
        _ rest: RESTInterface, _ call: Call, _ id: AgentID, _ from: Instant, _ to: Instant
    ) async throws {
        let entry = AuditEntry(
            actor: call.principal?.name ?? "", role: call.principal?.role.rawValue ?? "", action: "agent.timeline.shown",
            object: "agent/\(id)", detail: ["from": from.iso8601, "to": to.iso8601])
        if case .failure = await rest.backend.record(entry) { throw Problem.lookNotAudited }
    }
}

extension AgentStateRow {
    /// nil: a later program has written a state that this one does not know, and cannot sum up.
    fileprivate var spell: ActivitySpell? {
        Activity.State(rawValue: record.state).map {
            ActivitySpell(
                activity: Activity($0, reason: record.reason, contact: record.contact), since: record.since, until: until)
        }
    }
}
