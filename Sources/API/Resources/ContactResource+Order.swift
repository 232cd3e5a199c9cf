// `/v1/contacts/{id}/priority` and `…/withdraw`: somebody decides who is served before whom, and who goes.

internal import Basics
internal import ContactCenter
internal import HTTP
internal import HTTPTypes
internal import SiteConfiguration
internal import Storage

extension ContactResource {
    static let priorityClasses = -100...100
    static let boostSecondsMax = 86_400

    static let orderRoutes = [
        Route(
            method: .post, path: "/v1/contacts/{id}/priority", access: .role(.supervisor),
            summary: "Give a waiting contact another place",
            notes:
                "Takes effect at once, in place of what its number, flow and attributes say. Answers when it is on the disk.",
            parameters: [.path("id", .integer(1...UInt64.max), "The contact.")],
            body: [
                BodyMember(
                    name: "priorityClass", description: "The higher class is served first.", isRequired: true,
                    integers: priorityClasses),
                BodyMember(
                    name: "boostSeconds", description: "Head start among those of the class; 0 if left out.",
                    isRequired: false, integers: 0...boostSecondsMax),
            ], answer: .empty("The contact has its new place."), problems: [.notFound, .conflict, .serviceUnavailable]
        ) { rest, call in
            let priorityClass = call.integer("priorityClass"), boost = call.integer("boostSeconds")
            return try await change(
                rest, call, "contact.priority.set", ["priorityClass": "\(priorityClass)", "boostSeconds": "\(boost)"]
            ) { .priorityChanged($0, priorityClass: priorityClass, boostSeconds: boost) }
        },
        Route(
            method: .post, path: "/v1/contacts/{id}/withdraw", access: .role(.supervisor),
            summary: "Take a waiting contact out of its queue",
            notes: "It goes on in its flow, as after any other diversion. Answers when it is on the disk.",
            parameters: [.path("id", .integer(1...UInt64.max), "The contact.")],
            answer: .empty("The contact has left the queue."), problems: [.notFound, .conflict, .serviceUnavailable]
        ) { rest, call in
            try await change(rest, call, "contact.withdraw", [:]) { .withdrawRequested($0) }
        },
    ]

    private static let notWaiting = Problem(
        .conflict, code: "contact_not_waiting", detail: "The contact does not wait in a queue.", field: "id",
        mend: "See who waits in GET /v1/queues/{id}.")

    private static func change(
        _ rest: RESTInterface, _ call: Call, _ action: String, _ detail: [String: String], _ event: (ContactID) -> Event
    ) async throws -> Reply {
        let id = ContactID(rawValue: call.number("id"))
        try rest.onLoop {
            guard let contact = rest.backend.center.contacts[id] else {
                throw Problem.unknown("contact", see: "/v1/contacts")
            }
            if contact.entry == nil { throw notWaiting }
        }
        let entry = AuditEntry(
            actor: call.principal?.name ?? "", role: call.principal?.role.rawValue ?? "", action: action,
            object: "contact/\(id)", detail: detail)
        if case .failure(let error) = await rest.backend.submit(event(id), audit: entry) { throw Problem.notStored(error) }
        return .empty()
    }
}
