// `/v1/contacts/{id}/wrap-up`: what an agent does with a wrap-up without the desk.

internal import ACD
internal import Basics
internal import ContactCenter
internal import HTTP
internal import HTTPTypes
internal import SiteConfiguration

enum WrapUpResource {
    static let route = Route(
        method: .post, path: "/v1/contacts/{id}/wrap-up", access: .role(.agent),
        summary: "End or extend the wrap-up of a contact",
        notes: """
            Of a call or of anything else. With the role agent only that of the agent whose name the token bears; others name \
            the agent. Answers when it is on the disk.
            """,
        parameters: [WorkResource.id],
        body: [
            BodyMember(
                name: "act", description: "`extend`: the same time again, once, if the queue allows it.", isRequired: true,
                words: ["complete", "extend"]),
            BodyMember(
                name: "disposition", description: "A code of dispositions.yaml; with `complete`.", isRequired: false),
            BodyMember(
                name: "agent", description: "A key in agents.yaml; left out: the agent of the token.", isRequired: false),
        ], answer: .empty("Done."), problems: [.notFound, .conflict, .serviceUnavailable], handle: act)

    private static func act(_ rest: RESTInterface, _ call: Call) async throws -> Reply {
        let id = ContactID(rawValue: call.number("id"))
        let agent = AgentID(call.member("agent") ?? call.principal?.name ?? "")
        let completes = call.member("act") == "complete", disposition = call.member("disposition")
        if !completes, disposition != nil {
            throw BodyMember.refusal("disposition", "Give it with `complete`: an extended wrap-up is not over.")
        }
        let event = try rest.onLoop { () throws -> Event in
            // Strangers hear the same as of a contact that does not exist.
            guard call.principal?.mayAct(for: agent) == true, let known = rest.backend.center.agents[agent],
                known.wrapUps.contains(where: { $0.contact == id })
            else { throw WorkResource.unknown }
            let event: Event =
                completes ? .workWrapUpCompleted(agent, id, disposition: disposition) : .workWrapUpExtended(agent, id)
            if let refusal = rest.backend.center.refusal(of: event) { throw problem(refusal) }
            return event
        }
        var detail = ["agent": agent.rawValue]
        if let disposition { detail["disposition"] = disposition }
        let audit = WorkResource.entry(call, completes ? "wrap-up.completed" : "wrap-up.extended", id, detail)
        if case .failure(let error) = await rest.backend.submit(event, audit: audit) { throw Problem.notStored(error) }
        return .empty()
    }

    private static func problem(_ refusal: ControlRefusal) -> Problem {
        switch refusal {
        case .dispositionRequired, .unknownDisposition:
            BodyMember.refusal("disposition", "Give a code of dispositions.yaml.")
        case .unknownTarget, .busy, .noCall, .notAllowed, .tooLate, .outsideFull, .outsideNotAllowed:
            Problem(
                .conflict, code: "not_possible", detail: "This cannot be done with the wrap-up now.", field: "id",
                mend: "A wrap-up is extended once, where the queue allows it.")
        }
    }
}
