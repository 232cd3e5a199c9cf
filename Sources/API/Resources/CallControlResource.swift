// Calls that go on: what agents do with a third, and supervisors with other people's calls.

internal import ACD
internal import Basics
internal import ContactCenter
internal import HTTP
internal import HTTPTypes
internal import SiteConfiguration
internal import Storage

enum CallControlResource {
    static let routes = [
        Route(
            method: .post, path: "/v1/contacts/{id}/consult", access: .role(.agent),
            summary: "Ask a colleague, or somebody outside, while the caller hears music",
            notes: CallAct.ownNote + """
                 A colleague's devices ring, or a number outside, for half a minute. Whoever declines or does not answer leaves \
                the call as it was; why a number was not reached stands in the contact's timeline. Numbers are called over \
                trunks with `outside:` only, and shown to nobody.
                """,
            parameters: [CallAct.id],
            body: [
                BodyMember(name: "agent", description: "A key in agents.yaml.", isRequired: false), CallActResource.number,
            ],
            answer: .empty("It rings there."), problems: CallAct.problems
        ) { rest, call in
            let (agent, number) = (call.member("agent"), call.member("number"))
            let target: CallTarget
            do {
                target = try rest.onLoop { try CallTarget(agent: agent, number: number, in: rest.backend) }
            } catch let fault as CallTarget.Fault {
                throw CallAct.problem(fault, ["agent", "number"])
            }
            return try await CallAct(action: "call.consulted", detail: target.detail).perform(rest, call) { _, agent in
                guard let asked = target.ofConsult else { throw CallAct.problem(.unknownTarget) }
                return .event(.consultRequested(agent, .begin(asked)), target.way)
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
            parameters: [CallAct.id],
            body: [
                BodyMember(name: "mode", description: "", isRequired: true, words: Supervision.Mode.allCases.map(\.rawValue)),
                BodyMember(
                    name: "supervisor", description: "A key in agents.yaml; left out: the name of who asks.", isRequired: false),
            ], answer: .empty("The supervisor's devices ring, or the mode has changed."), problems: CallAct.problems
        ) { rest, call in
            guard let mode = call.member("mode").flatMap(Supervision.Mode.init(rawValue:)) else {
                throw BodyMember.refusal("mode", "Give one of the modes.")
            }
            let supervisor = supervisor(call)
            let act = CallAct(action: "call.supervised", detail: ["mode": mode.rawValue, "supervisor": supervisor.rawValue])
            return try await act.perform(rest, call) { contact, _ in
                .event(.supervisionRequested(Supervision(supervisor: supervisor, contact: contact.id, mode: mode)))
            }
        },
        Route(
            method: .delete, path: "/v1/contacts/{id}/supervise", access: .role(.supervisor),
            summary: "End a supervision", notes: "The call goes on.",
            parameters: [
                CallAct.id, .query("supervisor", .name, "A key in agents.yaml; left out: the name of who asks."),
            ], answer: .empty("The supervisor is off the call."), problems: CallAct.problems
        ) { rest, call in
            let supervisor = supervisor(call)
            let act = CallAct(
                action: "call.supervision.ended", detail: ["supervisor": supervisor.rawValue], endsSupervisionBy: supervisor)
            return try await act.perform(rest, call) { _, _ in .event(.supervisionEnded(supervisor)) }
        },
    ]

    static let secureRoutes = [
        Route(
            method: .post, path: "/v1/contacts/{id}/secure-collection", access: .role(.agent),
            summary: "Have the caller key in what nobody else is to know",
            notes: CallAct.ownNote + """
                 From now on nobody hears the caller, the recording is silent and supervisors hear nothing, until the digits \
                are there, have not come in time, or the caller is gone. They go to the `url` of the form in recordings.yaml; \
                the contact gets the token that it answers as an attribute with the form's name, and a line \
                `secure.collected` or `secure.failed` in its timeline.
                """,
            parameters: [CallAct.id],
            body: [BodyMember(name: "form", description: "A key of secure_forms in recordings.yaml.", isRequired: true)],
            answer: .empty("The caller can begin."), problems: CallAct.problems
        ) { rest, call in
            let form = call.member("form") ?? ""
            return try await CallAct(action: "call.secure.began", detail: ["form": form]).perform(rest, call) { _, agent in
                .event(.secureStepRequested(agent, form))
            }
        },
        Route(
            method: .delete, path: "/v1/contacts/{id}/secure-collection", access: .role(.agent),
            summary: "End it without the digits", notes: CallAct.ownNote, parameters: [CallAct.id],
            answer: .empty("The caller is heard again."), problems: CallAct.problems
        ) { rest, call in
            try await CallAct(action: "call.secure.cancelled").perform(rest, call) { _, agent in
                .event(.secureStepRequested(agent, nil))
            }
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
            notes: CallAct.ownNote + " " + notes, parameters: [CallAct.id], answer: .empty("It is done."),
            problems: CallAct.problems
        ) { rest, call in
            try await CallAct(action: action).perform(rest, call) { _, agent in .event(.consultRequested(agent, step)) }
        }
    }
}
