// `/v1/contacts`: those that live, those that are over, and the whole story of each.

internal import Basics
internal import ContactCenter
internal import HTTP
internal import HTTPTypes
internal import SiteConfiguration
internal import Storage

enum ContactResource {
    static let rowsMax: UInt64 = 200

    static func members<Object>(_ record: @escaping @Sendable (Object) -> ContactRecord) -> [Member<Object>] {
        [
            Member("id", .identifier, "Counts up: a greater id arrived later.") { record($0).id.rawValue },
            Member("state", .word(Contact.stateNames), "") { record($0).state },
            Member("channel", .word(AgentResource.channels), "") { record($0).channel },
            Member("kind", Shape<String>.text.orNull, "A key of `kinds:` in routing.yaml; null: a call.") { record($0).kind },
            Member("dialled", Shape<String>.text.orNull, "The number of the center that was dialled.") { record($0).dialled },
            Member("trunk", Shape<String>.text.orNull, "") { record($0).trunk?.rawValue },
            Member("trunkChannel", Shape<Int>.count.orNull, "From 1.") { record($0).trunkChannel },
            Member("callerKey", Shape<String>.text.orNull, "A keyed hash: the same caller has the same key.") {
                record($0).caller?.rawValue
            },
            Member("flow", Shape<String>.text.orNull, "") { record($0).flow?.rawValue },
            Member("queue", Shape<String>.text.orNull, "The last queue.") { record($0).queue?.rawValue },
            Member("agent", Shape<String>.text.orNull, "The last agent.") { record($0).agent?.rawValue },
            Member("arrivedAt", .time, "") { record($0).arrived },
            Member("queuedAt", Shape<Instant>.time.orNull, "First in a queue.") { record($0).queued },
            Member("answeredAt", Shape<Instant>.time.orNull, "First answered by an agent.") { record($0).answered },
            Member("endedAt", Shape<Instant>.time.orNull, "Null while it lives.") { record($0).ended },
            Member("outcome", Shape<String>.text.orNull, "How it ended.") { record($0).outcome },
        ]
    }

    static let summary = Shape<ContactRecord>.object("Contact", "A contact of a customer with the center.", members { $0 })

    struct Detail: Sendable {
        var record: ContactRecord
        var callerNumber: String?
        var details: WorkRecord?
        var notes: [NoteRecord]
        var timeline: [TimelineLine]
        var recordings: [RecordingID]
        var legs: [LegRecord]
    }

    static let detail = Shape<Detail>.object(
        "ContactDetail", "A contact with its whole story.",
        members { $0.record } + [
            Member(
                "callerNumber", Shape<String>.text.orNull,
                "Only if asked for by `callerNumber=true`, and only while the call lives."
            ) { $0.callerNumber },
            Member(
                "details", WorkDetails.shape.orNull,
                "What it is about, of a contact that is no call. Only if asked for by `details=true`."
            ) { $0.details },
            Member("notes", NoteResource.shape.list, "What agents wrote in wrap-up. Only if asked for by `notes=true`.") {
                $0.notes
            },
            Member("timeline", TimelineLine.shape.list, "In the order in which it happened.") { $0.timeline },
            Member("timelineEntriesLeftOut", .count, "Lines beyond \(Contact.timelineEntriesMax).") {
                $0.record.timelineEntriesLeftOut
            },
            Member("recordings", Shape<UInt64>.identifier.list, "See /v1/recordings.") { $0.recordings.map(\.rawValue) },
            Member("legs", LegResource.shape.list, "In the order in which they were opened.") { $0.legs },
        ])

    static let list = Shape<Page<ContactRecord>>.object(
        "ContactList", "A page of contacts, newest first.", Page.members(summary))

    static let routes = [
        Route(
            method: .get, path: "/v1/contacts", access: .role(.supervisor), summary: "Contacts, newest first",
            notes: """
                Those that live and those of history in one list. While the disk cannot be written, those that have ended since \
                are missing.
                """,
            parameters: [
                .query("state", .word(Contact.stateNames), "Only those in this state."),
                .query("queue", .name, "Only those whose last queue is this one."),
            ] + Parameter.page(rowsMax), answer: .json(list, "A page."), problems: [.serviceUnavailable], handle: page),
        Route(
            method: .get, path: "/v1/contacts/{id}", access: .role(.agent), summary: "One contact with its timeline",
            notes: """
                With the role agent only contacts that the agent has, had or is offered: of others it hears 404. A look at the \
                number, at details or at notes is audited.
                """,
            parameters: [
                .path("id", .integer(0...UInt64(Int64.max)), "The id of the contact."),
                .query("callerNumber", .word(["true", "false"]), "Whether to show the caller's number.", initial: "false"),
                .query(
                    "details", .word(["true", "false"]), "Whether to show customer, subject and the like.", initial: "false"),
                .query("notes", .word(["true", "false"]), "Whether to show what agents wrote.", initial: "false"),
            ], answer: .json(detail, "The contact."), problems: [.notFound, .serviceUnavailable], handle: one),
    ]

    // MARK: The list

    private static func page(_ rest: RESTInterface, _ call: Call) async throws -> Reply {
        let (center, reader) = rest.onLoop { (rest.backend.center, rest.backend.reader) }
        let limit = call.limit, state = call.text("state"), queue = call.text("queue").map { QueueID($0) }
        let before = call.cursor.map { ContactID(rawValue: $0) }
        // What has left the rules before they were copied is to be found in the store.
        _ = await rest.backend.settle()
        let stored: [ContactRecord]
        do {
            // One more than asked for, to know whether there is a next page. Rows of contacts that live are behind the rules.
            stored = try await reader.contacts(
                before: before, limit: limit + 1, state: state, queue: queue, endedOnly: true)
        } catch {
            throw Problem.historyUnreadable
        }
        return try await rest.later(list) {
            var records = stored
            let known = Set(stored.map(\.id))
            for entry in center.contacts where before.map({ entry.key < $0 }) ?? true && !known.contains(entry.key) {
                let record = ContactRecord(entry.value)
                guard state == nil || record.state == state, queue == nil || record.queue == queue else { continue }
                records.append(record)
            }
            records.sort { $0.id > $1.id }
            return Page(records, limit: limit) { String($0.id.rawValue) }
        }
    }

    // MARK: One

    private static func one(_ rest: RESTInterface, _ call: Call) async throws -> Reply {
        let id = ContactID(rawValue: call.number("id"))
        let (contact, reader) = rest.onLoop { (rest.backend.center.contacts[id], rest.backend.reader) }
        if let contact {
            let offered = contact.entry.flatMap { offeredTo(contact, $0) }
            let timeline = contact.timeline.map(TimelineLine.init)
            try refuseStranger(call, [contact.agent?.rawValue, offered], timeline)
            let number = try await callerNumber(rest, call, of: id)
            let details = try await details(rest, call, of: id)
            let notes = try await notes(rest, call, of: id)
            let open = rest.onLoop { rest.backend.legs(of: id) }
            // While history cannot be read, the living call is still shown.
            let closed = (try? await reader.legs(of: id)) ?? []
            return try await rest.later(detail, rows: timeline.count + notes.count) {
                Detail(
                    record: ContactRecord(contact), callerNumber: number, details: details, notes: notes, timeline: timeline,
                    recordings: contact.recordings, legs: closed.filter { leg in !open.contains { $0.id == leg.id } } + open)
            }
        }
        let found = try await ended(id, rest, reader)
        // Here, because notes must not be looked up for a stranger; ended stories have some 20 lines.
        let timeline = found.timeline.map(TimelineLine.init)
        try refuseStranger(call, [found.contact.agent?.rawValue], timeline)
        let details = try await details(rest, call, of: id)
        let notes = try await notes(rest, call, of: id)
        return try await rest.later(detail, rows: timeline.count + notes.count) {
            Detail(
                record: found.contact, callerNumber: nil, details: details, notes: notes, timeline: timeline,
                recordings: found.recordings.map(\.id), legs: found.legs)
        }
    }

    /// A contact that does not live. A row of one that has not ended is behind what has left the rules meanwhile.
    private static func ended(_ id: ContactID, _ rest: RESTInterface, _ reader: StoreReader) async throws -> ContactDetail {
        do {
            if let found = try await reader.contact(id), found.contact.ended != nil { return found }
            let isSettled = await rest.backend.settle()
            if let found = try await reader.contact(id) { return found }
            // It may have ended a moment ago, and nobody can tell before the disk takes it.
            if !isSettled { throw Problem.historyUnreadable }
        } catch {
            throw Problem.historyUnreadable
        }
        throw unknown
    }

    private static let unknown = Problem.unknown("contact", see: "/v1/contacts")

    /// Strangers hear the same as of a contact that does not exist: ids count up, so they tell how busy the house is.
    private static func refuseStranger(_ call: Call, _ agents: [String?], _ timeline: [TimelineLine]) throws {
        guard let principal = call.principal else { throw unknown }
        if principal.role >= .supervisor || agents.contains(principal.name) { return }
        // A contact that was passed on had several agents.
        guard timeline.contains(where: { $0.isAnswer && $0.agent == principal.name }) else { throw unknown }
    }

    private static func offeredTo(_ contact: Contact, _ entry: QueueEntry) -> String? {
        WaitingView(contact: contact, position: 1, entry: entry, now: entry.enqueuedAt, expectedWait: nil).offeredTo
    }

    private static func callerNumber(_ rest: RESTInterface, _ call: Call, of id: ContactID) async throws -> String? {
        guard call.text("callerNumber") == "true", let number = rest.onLoop({ rest.backend.callerNumber(of: id) }) else {
            return nil
        }
        try await audit("contact.number.shown", rest, call, id)
        return number
    }

    private static func details(_ rest: RESTInterface, _ call: Call, of id: ContactID) async throws -> WorkRecord? {
        guard call.text("details") == "true" else { return nil }
        let (known, reader) = rest.onLoop { (rest.backend.work.record(of: id), rest.backend.reader) }
        var found = known
        if found == nil {
            do { found = try await reader.work(of: [id]).first } catch { throw Problem.historyUnreadable }
        }
        if found != nil { try await audit("contact.details.shown", rest, call, id) }
        return found
    }

    private static func notes(_ rest: RESTInterface, _ call: Call, of id: ContactID) async throws -> [NoteRecord] {
        guard call.text("notes") == "true" else { return [] }
        let reader = rest.onLoop { rest.backend.reader }
        let notes: [NoteRecord]
        do { notes = try await reader.notes(of: id) } catch { throw Problem.historyUnreadable }
        if !notes.isEmpty { try await audit("contact.notes.shown", rest, call, id) }
        return notes
    }

    /// Shown only once the audit line is on the disk: an access that nobody can prove does not happen.
    private static func audit(_ action: String, _ rest: RESTInterface, _ call: Call, _ id: ContactID) async throws {
        let entry = AuditEntry(
            actor: call.principal?.name ?? "", role: call.principal?.role.rawValue ?? "", action: action,
            object: "contact/\(id)")
        if case .failure = await rest.backend.record(entry) { throw Problem.notAudited }
    }
}
