// Contacts that are no calls: bringing one in, and what an agent or a program does with it.

internal import ACD
internal import Basics
internal import ContactCenter
internal import HTTP
internal import HTTPTypes
internal import SiteConfiguration
internal import Storage

enum WorkResource {
    static let textBytesMax = 200
    static let attributeBytesMax = 64
    static let idempotencyField = "Idempotency-Key"

    static let routes = [
        Route(
            method: .post, path: "/v1/contacts", access: .role(.supervisor),
            summary: "Bring in a chat, message, mail or ticket",
            notes: """
                It waits in its queue, also while that is closed, until an agent of the queue has room for it, or until it has \
                waited for the kind's `kept_seconds_max`. Answers when it is on the disk. `customer`, `name`, `subject` and \
                `externalId` are shown to the agents who have it and to nobody else without an audit line; attributes are in \
                the journal, so nothing personal belongs there. At most \(WorkRegister.openMax) may be open at once.
                """,
            parameters: [
                .header(
                    idempotencyField, .name,
                    "The same key with the same body gives the same contact, for a day: a request can be repeated safely.")
            ], body: members, answer: .json(ContactResource.summary, "The contact.", status: .created),
            problems: [.conflict, .serviceUnavailable], handle: bringIn),
        Route(
            method: .delete, path: "/v1/contacts/{id}", access: .role(.supervisor),
            summary: "Take back a contact that is no call and waits",
            notes: """
                Because the customer has left, or it has been settled elsewhere. What rings for it stops ringing. Once an \
                agent has it, POST /v1/contacts/{id}/complete ends it.
                """,
            parameters: [id], answer: .empty("The contact has ended."),
            problems: [.notFound, .conflict, .serviceUnavailable], handle: takeBack),
        Route(
            method: .post, path: "/v1/contacts/{id}/complete", access: .role(.agent),
            summary: "End a contact that is no call, at its agent", notes: ownNote + " Wrap-up begins, if the queue has one.",
            parameters: [id], answer: .empty("The contact has ended."),
            problems: [.notFound, .conflict, .serviceUnavailable]
        ) { rest, call in
            try await control(rest, call, "contact.completed", [:]) { .workCompleted($0, $1) }
        },
        WrapUpResource.route,
    ]

    static let members = [
        BodyMember(
            name: "kind", description: "A key of `kinds:` in routing.yaml; not `call`.", isRequired: true),
        BodyMember(name: "queue", description: "A key in queues.yaml; the queue must take that kind.", isRequired: true),
        BodyMember(
            name: "customer", description: "Under which the customer is known: an address, a number, an id. Personal.",
            isRequired: false, lengthMax: textBytesMax),
        BodyMember(
            name: "name", description: "The customer's name. Personal.", isRequired: false, lengthMax: textBytesMax),
        BodyMember(
            name: "subject", description: "What it is about, in a line. Personal.", isRequired: false, lengthMax: textBytesMax),
        BodyMember(
            name: "externalId", description: "Under which you know the contact. Personal.", isRequired: false,
            lengthMax: textBytesMax),
        BodyMember(
            name: "attributes", description: "What routing compares, such as `{\"tier\":\"gold\"}`. Never personal.",
            isRequired: false, lengthMax: attributeBytesMax, textsMax: Contact.attributesMax),
        BodyMember(
            name: "priorityClass", description: "The higher class is served first; left out: that of the kind.",
            isRequired: false, integers: ContactResource.priorityClasses),
        BodyMember(
            name: "boostSeconds", description: "Head start among those of the class.", isRequired: false,
            integers: 0...ContactResource.boostSecondsMax),
        BodyMember(
            name: "receivedAt", description: "When the customer sent it, as ISO 8601 with a zone: its place is of that time.",
            isRequired: false),
    ]

    static let id = Parameter.path("id", .integer(1...UInt64(Int64.max)), "The id of the contact.")
    private static let ownNote = """
        With the role agent only for the agent whose name the token bears. Answers when it is on the disk.
        """

    // MARK: Bringing in

    private static func bringIn(_ rest: RESTInterface, _ call: Call) async throws -> Reply {
        let request = try rest.onLoop { try checked(rest, call) }
        if let known = try await known(request, rest) { return try await created(known, rest) }
        let audit = AuditEntry(
            actor: request.requester, role: call.principal?.role.rawValue ?? "", action: "contact.created",
            object: "queue/\(request.queue)", detail: ["kind": request.kind.rawValue])
        switch await rest.backend.submit(request, audit: audit) {
        case .failure(let error): throw Problem.notStored(error)
        case .success(.refused(let refusal)): throw problem(refusal)
        case .success(.taken(let contact)), .success(.known(let contact)): return try await created(contact, rest)
        }
    }

    /// The contact of the same request of today, if it is not among the last ones, which the register knows itself.
    private static func known(_ request: WorkRequest, _ rest: RESTInterface) async throws -> ContactID? {
        guard let key = request.idempotencyKey else { return nil }
        let (knows, reader, since) = rest.onLoop {
            (rest.backend.work.knows(request), rest.backend.reader, rest.backend.now - WorkRegister.keyLife)
        }
        if knows { return nil }
        let found: WorkRecord?
        do { found = try await reader.work(of: request.requester, key: key, since: since) } catch {
            throw Problem.historyUnreadable
        }
        guard let found else { return nil }
        guard found.fingerprint == request.fingerprint else { throw problem(.keyReused) }
        return found.contact
    }

    private static func created(_ id: ContactID, _ rest: RESTInterface) async throws -> Reply {
        let (contact, reader) = rest.onLoop { (rest.backend.center.contacts[id], rest.backend.reader) }
        let record: ContactRecord
        if let contact {
            record = ContactRecord(contact)
        } else {
            // A request that is repeated after the contact has ended.
            guard let found = try? await reader.contact(id) else { throw Problem.historyUnreadable }
            record = found.contact
        }
        var reply = Reply.json(ContactResource.summary, record)
        reply.status = .created
        reply.headers[.location] = "/v1/contacts/\(id)"
        return reply
    }

    @MainActor private static func checked(_ rest: RESTInterface, _ call: Call) throws -> WorkRequest {
        let center = rest.backend.center
        var request = WorkRequest(
            kind: WorkKindID(call.member("kind") ?? ""), queue: QueueID(call.member("queue") ?? ""),
            requester: call.principal?.name ?? "")
        guard request.kind != .call else {
            throw BodyMember.refusal(
                "kind", "Give a kind that is no call: calls come over a trunk, or by POST /v1/callbacks.")
        }
        guard let kind = center.kinds.first(where: { $0.rules.id == request.kind && !$0.isRemoved }),
            kind.rules.channel != .voice
        else {
            throw BodyMember.refusal("kind", "Give a kind of routing.yaml; see GET /v1/kinds.")
        }
        guard let queue = center.queues[request.queue], !queue.isRemoved else {
            throw BodyMember.refusal("queue", "See the ids in GET /v1/queues.")
        }
        guard queue.rules.kinds.contains(request.kind) else {
            throw BodyMember.refusal(
                "queue", "Give a queue that takes this kind: one that has it in `kinds:` in queues.yaml.")
        }
        if let text = call.member("receivedAt") {
            guard let time = Instant(iso8601: text) else {
                throw BodyMember.refusal("receivedAt", "Give a time with its zone, such as `2026-11-22T14:30:00Z`.")
            }
            request.receivedAt = time
        }
        request.attributes = call.texts("attributes").map { Attribute(name: $0.name, value: $0.text) }
        request.priorityClass = call.member("priorityClass").flatMap { Int($0) }
        request.boostSeconds = call.integer("boostSeconds")
        request.customer = call.member("customer").flatMap { $0.isEmpty ? nil : $0 }
        request.name = call.member("name")
        request.subject = call.member("subject")
        request.externalID = call.member("externalId")
        request.idempotencyKey = call.text(idempotencyField)
        if center.isFallbackOnly { throw Problem.overloaded }
        return request
    }

    private static func problem(_ refusal: WorkRefusal) -> Problem {
        switch refusal {
        case .keyReused:
            Problem(
                .unprocessableContent, code: "idempotency_key_reused",
                detail: "Another request was made with this key.", field: idempotencyField,
                mend: "Give each contact a key of its own, and repeat a request unchanged.")
        case .underWay:
            Problem(
                .conflict, code: "request_under_way", detail: "The first request with this key is being carried out.",
                field: idempotencyField, mend: "Repeat it in a second.", headers: [.retryAfter: "1"])
        case .tooMany:
            Problem(
                .conflict, code: "contacts_full",
                detail: "There are \(WorkRegister.openMax) open contacts that are no calls already.",
                mend: "Try again when some of them are over.")
        case .notTaken: Problem.overloaded
        case .diverted(.full?):
            Problem(
                .conflict, code: "queue_full", detail: "As many wait in the queue as may (`waiting_max` in queues.yaml).",
                field: "/queue", mend: "Try again later, or give another queue.")
        case .diverted:
            Problem(
                .conflict, code: "queue_closed", detail: "The queue does not take it at present.", field: "/queue",
                mend: "Look at the queue in GET /v1/queues/{id}, or give another one.")
        }
    }

    // MARK: Afterwards

    private static let isCall = Problem(
        .conflict, code: "contact_is_call", detail: "The contact is a call.", field: "id",
        mend: "Calls are ended at the telephone or the desk.")

    private static func takeBack(_ rest: RESTInterface, _ call: Call) async throws -> Reply {
        let id = ContactID(rawValue: call.number("id"))
        try rest.onLoop {
            guard let contact = rest.backend.center.contacts[id] else { throw unknown }
            guard contact.isDigital else { throw isCall }
            guard contact.entry != nil else { throw isWithAgent }
        }
        let audit = entry(call, "contact.withdraw", id, [:])
        let result = await rest.backend.submit(.withdrawRequested(id), audit: audit)
        if case .failure(let error) = result { throw Problem.notStored(error) }
        // An agent may have taken it between the look and the event.
        try rest.onLoop { if rest.backend.center.contacts[id] != nil { throw isWithAgent } }
        return .empty()
    }

    private static let isWithAgent = Problem(
        .conflict, code: "contact_with_agent", detail: "An agent has the contact.", field: "id",
        mend: "End it with POST /v1/contacts/{id}/complete.")

    /// Does at the contact's agent what the agent could do at the desk.
    static func control(
        _ rest: RESTInterface, _ call: Call, _ action: String, _ detail: [String: String],
        _ event: @Sendable (AgentID, ContactID) -> Event
    ) async throws -> Reply {
        let id = ContactID(rawValue: call.number("id"))
        let wanted = try rest.onLoop { () throws -> Event in
            let contact = rest.backend.center.contacts[id]
            // Strangers hear the same as of a contact that does not exist.
            guard call.principal?.mayAct(for: contact?.agent) == true, let contact else { throw unknown }
            guard contact.isDigital else { throw isCall }
            guard case .agent(let agent, _)? = contact.conversation?.other else {
                throw Problem(
                    .conflict, code: "contact_not_with_agent", detail: "No agent has the contact.", field: "id",
                    mend: "Wait until one has accepted it, or take it back with DELETE /v1/contacts/{id}.")
            }
            let event = event(agent, id)
            if let refusal = rest.backend.center.refusal(of: event) { throw problem(refusal) }
            return event
        }
        let result = await rest.backend.submit(wanted, audit: entry(call, action, id, detail))
        if case .failure(let error) = result { throw Problem.notStored(error) }
        return .empty()
    }

    private static func problem(_ refusal: ControlRefusal) -> Problem {
        switch refusal {
        case .unknownTarget: BodyMember.refusal("queue", "Give a key of GET /v1/queues, or of GET /v1/agents as `agent`.")
        case .busy:
            Problem(
                .conflict, code: "target_full", detail: "Too many wait there already.", mend: "Give another queue or agent.")
        case .noCall, .notAllowed, .tooLate, .dispositionRequired, .unknownDisposition, .outsideFull, .outsideNotAllowed:
            Problem(
                .conflict, code: "not_possible", detail: "This cannot be done with the contact now.", field: "id",
                mend: "Look at the contact in GET /v1/contacts/{id}.")
        }
    }

    static let unknown = Problem.unknown("contact", see: "/v1/contacts")

    static func entry(_ call: Call, _ action: String, _ id: ContactID, _ detail: [String: String]) -> AuditEntry {
        AuditEntry(
            actor: call.principal?.name ?? "", role: call.principal?.role.rawValue ?? "", action: action,
            object: "contact/\(id)", detail: detail)
    }
}
