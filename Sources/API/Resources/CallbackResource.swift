// `/v1/callbacks`: who was promised a call, and asking for one.

internal import ACD
internal import Basics
internal import ContactCenter
internal import HTTP
internal import HTTPTypes
internal import SiteConfiguration
internal import Storage

enum CallbackResource {
    static let rowsMax: UInt64 = 200

    /// A contact that was promised a call, and its place.
    struct View: Sendable {
        let contact: ContactID
        let callback: Callback
        let caller: CallerKey
        let position: Int?

        init?(_ id: ContactID, in center: Center) {
            guard let contact = center.contacts[id], let callback = contact.callback else { return nil }
            self.contact = id
            self.callback = callback
            caller = contact.caller
            position = center.waitEstimate(of: contact)?.position
        }
    }

    static let states = ["confirming", "resting", "ready", "dialling", "proving", "holding", "reaching", "ended"]

    static let shape = Shape<View>.object(
        "Callback", "A call that a customer was promised. The contact keeps its id and its place.",
        [
            Member("contact", .identifier, "See /v1/contacts/{id}.") { $0.contact.rawValue },
            Member("queue", .text, "") { $0.callback.queue.rawValue },
            Member(
                "state", .word(states),
                """
                `confirming`: still on the line; `resting`: not before `notBefore`, or closed; `ready`: its turn is awaited; \
                `dialling`, `reaching`: the customer's phone rings; `proving`: it was answered, and the key of `confirm:` is \
                awaited; `holding`: the customer is on the line.
                """
            ) { $0.callback.state },
            Member("mode", .word(CallbackRules.Mode.allCases.map(\.rawValue)), "Who is called first.") {
                $0.callback.terms.mode.rawValue
            },
            Member("callerKey", .text, "A keyed hash of the number: the same caller has the same key.") { $0.caller.rawValue },
            Member("position", Shape<Int>.count.orNull, "In the queue, 1 is served next; null: it is with an agent.") {
                $0.position
            },
            Member("requestedAt", .time, "") { $0.callback.requestedAt },
            Member("wishedAt", Shape<Instant>.time.orNull, "Null: as soon as the turn comes.") { $0.callback.wishedAt },
            Member("promisedAt", Shape<Instant>.time.orNull, "By what the customer was told; null: nothing was known.") {
                $0.callback.promisedAt
            },
            Member("notBefore", .time, "") { $0.callback.notBefore },
            Member("givesUpAt", .time, "") { $0.callback.givesUpAt },
            Member("attempts", .count, "Calls to the customer until now.") { $0.callback.attempts },
            Member("attemptsMax", .count, "") { $0.callback.terms.attemptsMax },
            Member("hasConsented", .flag, "") { $0.callback.hasConsented },
        ])

    static let list = Shape<Page<View>>.object("CallbackList", "A page of open callbacks, newest first.", Page.members(shape))

    static let ended = Shape<CallbackFigures>.object(
        "CallbackEnds", "Callbacks that are over, by how they ended.",
        CallbackEnd.allCases.map { end in Member(end.rawValue, .count, "") { $0.count(of: end) } })

    static let figures = Shape<CallbackFigures>.object(
        "CallbackFigures", "Since the queue began. requested = all of `ended` + open.",
        [
            Member("requested", .count, "Promised.") { $0.requested },
            Member("merged", .count, "Further requests of somebody who was promised one already.") { $0.merged },
            Member("open", .count, "Neither kept nor given up yet.") { max(0, $0.open) },
            Member("reached", .count, "The customer spoke with an agent.") { $0.reached },
            Member("failed", .count, "Nothing came of it.") { $0.failed },
            Member("ended", ended, "") { $0 },
            Member("attempts", .count, "Calls to customers.") { $0.attempts },
            Member("unproved", .count, "Calls that were answered without the key of `confirm:`, such as by machines.") {
                $0.unproved
            },
            Member("entriesLeft", .count, "Entries of the queue that were left as a callback.") { $0.entriesLeft },
            Member("reachRate", Shape<Double>.share.orNull, "reached / (reached + failed); null before the first of either.") {
                $0.reachRate
            },
            Member("promiseError", QueueResource.accuracy, "The promised time against the real one, of those reached.") {
                $0.promise
            },
            Member(
                "promisesKept", .count,
                "Of those: they came about within the range that was said, or within 5 minutes after the time wished."
            ) { $0.promisesKept },
        ])

    static let routes = [
        Route(
            method: .get, path: "/v1/callbacks", access: .role(.supervisor), summary: "Open callbacks, newest first",
            parameters: [.query("queue", .name, "Only those of this queue.")] + Parameter.page(rowsMax),
            answer: .json(list, "A page."), handle: page),
        Route(
            method: .post, path: "/v1/callbacks", access: .role(.supervisor), summary: "Have a customer called back",
            notes: """
                Answers when the promise is on the disk. The number is kept until the callback is over, and shown to nobody but \
                by `callerNumber` of the contact. A number that has a callback in that queue already keeps it, at the better of \
                the two times.
                """,
            body: [
                BodyMember(name: "queue", description: "The key in queues.yaml; it must call back.", isRequired: true),
                BodyMember(
                    name: "number",
                    description: """
                        \(CallableNumber.digitsMin) to \(CallableNumber.digitsMax) digits, with `+` before them or without, as the \
                        trunk dials it. It must begin with one of the queue's `numbers:`, and be none of the house's own.
                        """,
                    isRequired: true, lengthMax: 21),
                BodyMember(
                    name: "at",
                    description: """
                        When, as ISO 8601 with a zone: at most \(CallbackRules.scheduleDaysMax) days from now and inside the hours. \
                        Left out: as soon as the turn comes.
                        """, isRequired: false),
                BodyMember(
                    name: "consent", description: "The customer has agreed to be called: `given`.", isRequired: true,
                    words: ["given"]),
            ], answer: .json(shape, "The callback.", status: .created), problems: [.conflict, .serviceUnavailable],
            handle: request),
        Route(
            method: .delete, path: "/v1/callbacks/{contact}", access: .role(.supervisor), summary: "Call nobody back",
            notes: "Answers when the change is on the disk. Not once the customer is on the line.",
            parameters: [.path("contact", .integer(0...UInt64(Int64.max)), "The id of the contact.")],
            answer: .empty("The callback is cancelled."), problems: [.notFound, .conflict, .serviceUnavailable],
            handle: cancel),
    ]

    private static func page(_ rest: RESTInterface, _ call: Call) async throws -> Reply {
        let center = rest.onLoop { rest.backend.center }
        let limit = call.limit, queue = call.text("queue").map { QueueID($0) }
        let before = call.cursor.map { ContactID(rawValue: $0) }
        return try await rest.later(list) {
            var found: [View] = []
            for id in center.openCallbacks.reversed() where before.map({ id < $0 }) ?? true && found.count <= limit {
                guard let view = View(id, in: center), queue == nil || view.callback.queue == queue else { continue }
                found.append(view)
            }
            return Page(found, limit: limit) { String($0.contact.rawValue) }
        }
    }

    // MARK: Asking

    private static func request(_ rest: RESTInterface, _ call: Call) async throws -> Reply {
        let number = call.member("number") ?? ""
        let request = try rest.onLoop { try checked(rest, call, number) }
        var detail = ["callerKey": request.caller.rawValue]
        if let wished = request.wishedAt { detail["at"] = wished.iso8601 }
        let audit = AuditEntry(
            actor: call.principal?.name ?? "", role: call.principal?.role.rawValue ?? "", action: "callback.requested",
            object: "queue/\(request.queue)", detail: detail)
        let result = await rest.backend.submit(request, number: number, audit: audit)
        if case .failure(let error) = result { throw Problem.notStored(error) }
        let view = rest.onLoop {
            let center = rest.backend.center
            return center.callback(of: request.caller, in: request.queue).flatMap { View($0, in: center) }
        }
        // Between the check and the turn a reload or another request may have taken it away.
        guard let view else { throw refusal(.notOffered) }
        var reply = Reply.json(shape, view)
        reply.status = .created
        return reply
    }

    @MainActor private static func checked(_ rest: RESTInterface, _ call: Call, _ number: String) throws -> CallbackRequest {
        let queue = QueueID(call.member("queue") ?? "")
        guard let caller = rest.backend.callerKey(of: number, for: queue) else {
            throw BodyMember.refusal(
                "number",
                "Give \(CallableNumber.digitsMin) to \(CallableNumber.digitsMax) digits, with `+` before them or without."
            )
        }
        var wished: Instant?
        if let text = call.member("at") {
            guard let time = Instant(iso8601: text) else {
                throw BodyMember.refusal("at", "Give a time with its zone, such as `2026-11-22T14:30:00Z`.")
            }
            wished = time
        }
        let request = CallbackRequest(
            caller: caller, queue: queue, wishedAt: wished,
            hasConsented: call.member("consent") == "given")
        if let refusal = rest.backend.center.refusal(of: request, at: rest.backend.now) { throw Self.refusal(refusal) }
        guard rest.backend.mayCall(number, from: request.queue) else {
            throw BodyMember.refusal(
                "number", "Give a number of at least \(CallableNumber.digitsMin) digits that `numbers:` of the queue allows.")
        }
        return request
    }

    private static func refusal(_ refusal: CallbackRefusal) -> Problem {
        switch refusal {
        case .unknownQueue: BodyMember.refusal("queue", "See the ids in GET /v1/queues.")
        case .notOffered: BodyMember.refusal("queue", "Give a queue that calls back: one with `callback:` in queues.yaml.")
        case .noConsent: BodyMember.refusal("consent", "Ask the customer first.")
        case .past: BodyMember.refusal("at", "Give a time to come.")
        case .tooFar: BodyMember.refusal("at", "Give a time within \(CallbackRules.scheduleDaysMax) days.")
        case .closed: BodyMember.refusal("at", "Give a time inside the hours in which the queue calls.")
        case .full:
            Problem(
                .conflict, code: "callbacks_full", detail: "There are \(Center.callbacksMax) open callbacks already.",
                mend: "Try again when some of them are over.")
        case .tooMany:
            Problem(
                .conflict, code: "callbacks_of_caller", detail: "The customer was promised enough callbacks today already.",
                mend: "Try again tomorrow.")
        case .underWay: underWay
        }
    }

    private static var underWay: Problem {
        Problem(
            .conflict, code: "callback_under_way", detail: "The customer is on the line.",
            mend: "Let the call take its course.")
    }

    // MARK: Taking back

    private static func cancel(_ rest: RESTInterface, _ call: Call) async throws -> Reply {
        let id = ContactID(rawValue: call.number("contact"))
        let (isOpen, canCancel) = rest.onLoop {
            let center = rest.backend.center
            return (center.contacts[id]?.callback?.isOpen == true, center.canCancelCallback(id))
        }
        guard isOpen else { throw Problem.unknown("callback", see: "/v1/callbacks") }
        guard canCancel else {
            throw underWay
        }
        let audit = AuditEntry(
            actor: call.principal?.name ?? "", role: call.principal?.role.rawValue ?? "", action: "callback.cancelled",
            object: "contact/\(id)")
        let result = await rest.backend.submit(.callbackCancelled(id), audit: audit)
        if case .failure(let error) = result { throw Problem.notStored(error) }
        return .empty()
    }
}

extension Callback {
    var state: String {
        switch phase {
        case .confirming: "confirming"
        case .resting: "resting"
        case .ready: "ready"
        case .dialling: "dialling"
        case .proving, .provingBeside: "proving"
        case .holding: "holding"
        case .reaching, .greeting: "reaching"
        case .ended: "ended"
        }
    }
}
