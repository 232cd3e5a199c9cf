// Calls that go on: what agents do with a third, and supervisors with other people's calls.

internal import ACD
internal import Basics
internal import ContactCenter
internal import HTTP
internal import HTTPTypes
internal import SiteConfiguration
internal import Storage

enum CallControlResource {
    private static let id = Parameter.path("id", .integer(1...UInt64.max), "The contact, which is a call.")
    private static let problems: [HTTPResponse.Status] = [.notFound, .conflict, .serviceUnavailable]
    private static let ownNote =
        "An agent may do it with the own call; whoever may more does it for the agent who has the call."

    static let routes = [
        Route(
            method: .post, path: "/v1/contacts/{id}/consult", access: .role(.agent),
            summary: "Ask a colleague while the caller hears music",
            notes: ownNote
                + " The colleague's devices ring for half a minute. Whoever declines or does not answer leaves the call as it was.",
            parameters: [id], body: [BodyMember(name: "agent", description: "A key in agents.yaml.", isRequired: true)],
            answer: .empty("The colleague's devices ring."), problems: problems
        ) { rest, call in
            let colleague = call.member("agent") ?? ""
            return try await act(rest, call, "call.consulted", ["agent": colleague]) { _, agent in
                .consultRequested(agent, .begin(.agent(AgentID(colleague))))
            }
        },
        step("swap", .swap, "call.swapped", "Talk with the other one of the two", "The other one hears music."),
        step(
            "complete-transfer", .complete, "call.handed-over", "Leave the caller to whom one has asked",
            "An attended transfer: the agent goes to wrap-up."),
        step("back-out", .backOut, "call.backed-out", "Come back to the caller", "Whoever was asked goes."),
        step("merge", .merge, "call.merged", "Let all talk with one another", "A conference of three, or one more."),
        step(
            "leave", .leave, "call.left", "Leave a call on which others talk on",
            "The agent whom it is with goes to wrap-up; of those who were asked to it, each may leave."),
        Route(
            method: .post, path: "/v1/contacts/{id}/supervise", access: .role(.supervisor),
            summary: "Listen to a call, advise its agent, join it, take it over",
            notes: """
                Rings at the devices of `supervisor`, an agent's key in agents.yaml, who must be available and free. Of one who \
                is on the call already the mode changes at once. The supervisor follows the caller to whoever has the call \
                next, and hears nothing while the recording is paused. The agent's page shows it unless the configuration says \
                `supervision_indicator: false`.
                """,
            parameters: [id],
            body: [
                BodyMember(name: "mode", description: "", isRequired: true, words: Supervision.Mode.allCases.map(\.rawValue)),
                BodyMember(
                    name: "supervisor", description: "A key in agents.yaml; left out: the name of who asks.", isRequired: false),
            ], answer: .empty("The supervisor's devices ring, or the mode has changed."), problems: problems
        ) { rest, call in
            guard let mode = call.member("mode").flatMap(Supervision.Mode.init(rawValue:)) else {
                throw BodyMember.refusal("mode", "Give one of the modes.")
            }
            let supervisor = supervisor(call)
            return try await act(
                rest, call, "call.supervised", ["mode": mode.rawValue, "supervisor": supervisor.rawValue]
            ) { contact, _ in
                .supervisionRequested(Supervision(supervisor: supervisor, contact: contact, mode: mode))
            }
        },
        Route(
            method: .delete, path: "/v1/contacts/{id}/supervise", access: .role(.supervisor),
            summary: "End a supervision", notes: "The call goes on.",
            parameters: [
                id, .query("supervisor", .name, "A key in agents.yaml; left out: the name of who asks."),
            ], answer: .empty("The supervisor is off the call."), problems: problems
        ) { rest, call in
            let supervisor = supervisor(call)
            return try await act(
                rest, call, "call.supervision.ended", ["supervisor": supervisor.rawValue], needsAgent: false,
                endsSupervisionBy: supervisor
            ) { _, _ in .supervisionEnded(supervisor) }
        },
    ]

    static let secureRoutes = [
        Route(
            method: .post, path: "/v1/contacts/{id}/secure-collection", access: .role(.agent),
            summary: "Have the caller key in what nobody else is to know",
            notes: ownNote + """
                 From now on nobody hears the caller, the recording is silent and supervisors hear nothing, until the digits \
                are there, have not come in time, or the caller is gone. They go to the `url` of the form in recordings.yaml; \
                the contact gets the token that it answers as an attribute with the form's name, and a line \
                `secure.collected` or `secure.failed` in its timeline.
                """,
            parameters: [id],
            body: [BodyMember(name: "form", description: "A key of secure_forms in recordings.yaml.", isRequired: true)],
            answer: .empty("The caller can begin."), problems: problems
        ) { rest, call in
            let form = call.member("form") ?? ""
            return try await act(rest, call, "call.secure.began", ["form": form]) { _, agent in
                .secureStepRequested(agent, form)
            }
        },
        Route(
            method: .delete, path: "/v1/contacts/{id}/secure-collection", access: .role(.agent),
            summary: "End it without the digits", notes: ownNote, parameters: [id],
            answer: .empty("The caller is heard again."), problems: problems
        ) { rest, call in
            try await act(rest, call, "call.secure.cancelled", [:]) { _, agent in .secureStepRequested(agent, nil) }
        },
    ]

    private static func supervisor(_ call: Call) -> AgentID {
        AgentID(call.member("supervisor") ?? call.text("supervisor") ?? call.principal?.name ?? "")
    }

    private static func step(
        _ name: String, _ step: ConsultStep, _ action: String, _ summary: String, _ notes: String
    ) -> Route {
        Route(
            method: .post, path: "/v1/contacts/{id}/\(name)", access: .role(.agent), summary: summary,
            notes: ownNote + " " + notes, parameters: [id], answer: .empty("It is done."), problems: problems
        ) { rest, call in
            try await act(rest, call, action, [:]) { _, agent in .consultRequested(agent, step) }
        }
    }

    /// Asks the rules first, so that whoever asks hears at once; nothing has happened when it is refused.
    private static func act(
        _ rest: RESTInterface, _ call: Call, _ action: String, _ detail: [String: String], needsAgent: Bool = true,
        endsSupervisionBy supervisor: AgentID? = nil, _ event: @Sendable (ContactID, AgentID) -> Event
    ) async throws -> Reply {
        let id = ContactID(rawValue: call.number("id"))
        let wanted = try rest.onLoop { () throws -> Event in
            guard let contact = rest.backend.center.contacts[id], let principal = call.principal else { throw unknown }
            let own = contact.participants.compactMap(\.agent).first { principal.role == .agent && principal.mayAct(for: $0) }
            let main: AgentID? = if case .agent(let agent, _)? = contact.conversation?.other { agent } else { nil }
            // Strangers hear the same as of a contact that does not exist.
            guard let agent = own ?? (principal.mayAct(for: main) ? main ?? "" : nil) else { throw unknown }
            guard !contact.isDigital, !needsAgent || !agent.rawValue.isEmpty else { throw noCall }
            if let supervisor, !contact.participants.contains(where: { $0.agent == supervisor && $0.mode != nil }) {
                throw noCall
            }
            let event = event(id, agent)
            if let refusal = rest.backend.center.refusal(of: event) { throw problem(refusal) }
            return event
        }
        let audit = AuditEntry(
            actor: call.principal?.name ?? "", role: call.principal?.role.rawValue ?? "", action: action,
            object: "contact/\(id)", detail: detail)
        if case .failure(let error) = await rest.backend.submit(wanted, audit: audit) { throw Problem.notStored(error) }
        return .empty()
    }

    private static func problem(_ refusal: ControlRefusal) -> Problem {
        switch refusal {
        case .unknownTarget:
            Problem(
                .conflict, code: "target_unknown", detail: "There is no such agent, or it is the one who has the call.",
                mend: "Give another key of GET /v1/agents.")
        case .busy:
            Problem(
                .conflict, code: "target_busy", detail: "The agent has something else to do.",
                mend: "Ask somebody else, or wait a moment.")
        case .noCall: noCall
        case .notAllowed, .tooLate, .dispositionRequired, .unknownDisposition:
            Problem(
                .conflict, code: "not_possible", detail: "This cannot be done with the call now.", field: "id",
                mend: "Look at the contact in GET /v1/contacts/{id}.")
        }
    }

    private static let noCall = Problem(
        .conflict, code: "contact_not_with_agent", detail: "It is no call, or no agent talks in it.", field: "id",
        mend: "Look at the contact in GET /v1/contacts/{id}.")
    private static let unknown = Problem.unknown("contact", see: "/v1/contacts")
}
