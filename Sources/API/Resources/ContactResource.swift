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
            Member("channel", .text, "`voice`.") { record($0).channel },
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
            Member("cause", Shape<String>.text.orNull, "Why, where there is more to say.") { record($0).cause },
        ]
    }

    static let summary = Shape<ContactRecord>.object("Contact", "A contact of a customer with the center.", members { $0 })

    struct Detail: Sendable {
        var record: ContactRecord
        var callerNumber: String?
        var timeline: [TimelineLine]
        var timelineEntriesLeftOut: Int
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
            Member("timeline", TimelineLine.shape.list, "In the order in which it happened.") { $0.timeline },
            Member("timelineEntriesLeftOut", .count, "Lines beyond \(Contact.timelineEntriesMax).") {
                $0.timelineEntriesLeftOut
            },
            Member("recordings", Shape<UInt64>.identifier.list, "See /v1/recordings.") { $0.recordings.map(\.rawValue) },
            Member("legs", LegResource.shape.list, "In the order in which they were opened.") { $0.legs },
        ])

    static let list = Shape<Page<ContactRecord>>.object(
        "ContactList", "A page of contacts, newest first.", Page.members(summary))

    static let routes = [
        Route(
            method: .get, path: "/v1/contacts", access: .role(.supervisor), summary: "Contacts, newest first",
            notes: "Those that live and those of history in one list.",
            parameters: [
                .query("state", .word(Contact.stateNames), "Only those in this state."),
                .query("queue", .name, "Only those whose last queue is this one."),
            ] + Parameter.page(rowsMax), answer: .json(list, "A page."), problems: [.serviceUnavailable], handle: page),
        Route(
            method: .get, path: "/v1/contacts/{id}", access: .role(.agent), summary: "One contact with its timeline",
            notes: "With the role agent only contacts that the agent has, had or is offered. A look at the number is audited.",
            parameters: [
                .path("id", .integer(0...UInt64(Int64.max)), "The id of the contact."),
                .query("callerNumber", .word(["true", "false"]), "Whether to show the caller's number.", initial: "false"),
            ], answer: .json(detail, "The contact."), problems: [.notFound, .serviceUnavailable], handle: one),
    ]

    // MARK: The list

    private static func page(_ rest: RESTInterface, _ call: Call) async throws -> Reply {
        let (center, reader) = rest.onLoop { (rest.backend.center, rest.backend.reader) }
        let limit = call.limit, state = call.text("state"), queue = call.text("queue").map { QueueID($0) }
        let before = call.cursor.map { ContactID(rawValue: $0) }
        let stored: [ContactRecord]
        do {
            // One more than asked for, to know whether there is a next page.
            stored = try await reader.contacts(before: before, limit: limit + 1, state: state, queue: queue)
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
            try refuseStranger(call, [contact.agent?.rawValue, contact.entry.flatMap { offeredTo(contact, $0) }])
            let number = try await callerNumber(rest, call, of: id)
            let open = rest.onLoop { rest.backend.legs(of: id) }
            // While history cannot be read, the living call is still shown.
            let closed = (try? await reader.legs(of: id)) ?? []
            return try await rest.later(detail) {
                Detail(
                    record: ContactRecord(contact), callerNumber: number, timeline: contact.timeline.map(TimelineLine.init),
                    timelineEntriesLeftOut: contact.timelineEntriesLeftOut, recordings: contact.recordings,
                    legs: closed.filter { leg in !open.contains { $0.id == leg.id } } + open)
            }
        }
        var found: ContactDetail?
        do {
            found = try await reader.contact(id)
            if found == nil {
                await rest.backend.settle()
                found = try await reader.contact(id)
            }
        } catch {
            throw Problem.historyUnreadable
        }
        guard let found else { throw Problem.unknown("contact", see: "/v1/contacts") }
        try refuseStranger(call, [found.contact.agent?.rawValue])
        return try await rest.later(detail) {
            Detail(
                record: found.contact, callerNumber: nil, timeline: found.timeline.map(TimelineLine.init),
                timelineEntriesLeftOut: 0, recordings: found.recordings.map(\.id), legs: found.legs)
        }
    }

    private static func refuseStranger(_ call: Call, _ agents: [String?]) throws {
        guard let principal = call.principal, principal.role >= .supervisor || agents.contains(principal.name) else {
            throw Problem.notYours
        }
    }

    private static func offeredTo(_ contact: Contact, _ entry: QueueEntry) -> String? {
        WaitingView(contact: contact, position: 1, entry: entry, now: entry.enqueuedAt, expectedWaitSeconds: nil).offeredTo
    }

    /// Shown only once the audit line is on the disk: an access that nobody can prove does not happen.
    private static func callerNumber(_ rest: RESTInterface, _ call: Call, of id: ContactID) async throws -> String? {
        guard call.text("callerNumber") == "true", let number = rest.onLoop({ rest.backend.callerNumber(of: id) }) else {
            return nil
        }
        let entry = AuditEntry(
            actor: call.principal?.name ?? "", role: call.principal?.role.rawValue ?? "", action: "contact.number.shown",
            object: "contact/\(id)")
        if case .failure(let error) = await rest.backend.record(entry) { throw Problem.notAudited(error) }
        return number
    }
}
