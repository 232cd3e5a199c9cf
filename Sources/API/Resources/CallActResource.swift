// The buttons of an agent's desk as routes: hold, mute, keys, hanging up, and handing on whatever it is.

internal import ACD
internal import Basics
internal import ContactCenter
internal import HTTP
internal import HTTPTypes
internal import SiteConfiguration
internal import Storage

enum CallActResource {
    static let digitsMax = 32

    static let number = BodyMember(
        name: "number",
        description: """
            A number outside, as people write it. A trunk has to allow it (`outside:` in trunks.yaml).
            """, isRequired: false)

    static let routes = [
        act("hold", "call.held", "Put the caller on hold", "The caller hears music. Done already: nothing changes.") {
            own($0, $1)?.heldBy == .agent ? .done : .event(.holdRequested($0, true))
        },
        act("resume", "call.resumed", "Take the caller back", "Not on hold: nothing changes.") {
            own($0, $1).map { $0.heldBy != .agent } == true ? .done : .event(.holdRequested($0, false))
        },
        act("mute", "call.muted", "Let the caller hear nothing of the agent", "Done already: nothing changes.") {
            own($0, $1)?.isMuted == true ? .done : .event(.muteRequested($0, true))
        },
        act("unmute", "call.unmuted", "Let the caller hear the agent again", "Not muted: nothing changes.") {
            own($0, $1)?.isMuted == false ? .done : .event(.muteRequested($0, false))
        },
        act("hang-up", "call.ended", "Hang up for the agent", "As at the desk: others on the call talk on.") { agent, _ in
            .event(.hangUpRequested(agent))
        },
        Route(
            method: .post, path: "/v1/contacts/{id}/digits", access: .role(.agent),
            summary: "Press keys for those whom the agent talks with",
            notes: CallAct.ownNote + " They are sent one after the other, and written nowhere.", parameters: [CallAct.id],
            body: [
                BodyMember(
                    name: "digits", description: "Of 0 to 9, *, # and A to D.", isRequired: true, lengthMax: digitsMax)
            ], answer: .empty("The keys are on their way."), problems: CallAct.problems
        ) { rest, call in
            let digits = call.member("digits") ?? ""
            guard !digits.isEmpty, digits.allSatisfy({ "0123456789*#ABCD".contains($0) }) else {
                throw BodyMember.refusal("digits", "Give 1 to \(digitsMax) of 0 to 9, *, # and A to D.")
            }
            let act = CallAct(action: "call.keys", detail: ["count": "\(digits.count)"])
            return try await act.perform(rest, call) { contact, agent in
                if let leg = contact.participants.first(where: { $0.agent == agent })?.leg { return .keys(digits, leg) }
                guard let talk = contact.conversation, case .agent(agent, _) = talk.other, !talk.isLost else {
                    throw CallAct.noCall
                }
                return .keys(digits, talk.leg)
            }
        },
        Route(
            method: .post, path: "/v1/contacts/{id}/transfer", access: .role(.agent),
            summary: "Hand on a contact",
            notes: CallAct.ownNote + """
                 To a queue, at its old place; to a colleague in person; a call also into a flow, or to a number outside. From a \
                number outside the agent is released when somebody answers there: busy, no answer or a fault leave the call as \
                it was, and the timeline says why (`contact.not-connected`). Answers when it is on the disk.
                """,
            parameters: [CallAct.id], body: members, answer: .empty("It is handed on, or the number rings."),
            problems: CallAct.problems, handle: transfer),
    ]

    private static let members = [
        BodyMember(name: "queue", description: "A key in queues.yaml.", isRequired: false),
        BodyMember(name: "agent", description: "A key in agents.yaml.", isRequired: false),
        BodyMember(name: "flow", description: "A flow, by the name of its file.", isRequired: false), number,
    ]

    private static func transfer(_ rest: RESTInterface, _ call: Call) async throws -> Reply {
        let id = ContactID(rawValue: call.number("id"))
        let (queue, agent, flow, number) = (
            call.member("queue"), call.member("agent"), call.member("flow"), call.member("number")
        )
        let target: CallTarget
        let isDigital: Bool
        do {
            (target, isDigital) = try rest.onLoop {
                (
                    try CallTarget(queue: queue, agent: agent, flow: flow, number: number, in: rest.backend),
                    rest.backend.center.contacts.look(at: id, \.isDigital) ?? false
                )
            }
        } catch let fault as CallTarget.Fault {
            throw CallAct.problem(fault, members.map(\.name))
        }
        guard !isDigital else {
            return try await WorkResource.control(rest, call, "contact.transferred", target.detail) {
                .workTransferRequested($0, $1, target.ofTransfer)
            }
        }
        return try await CallAct(action: "call.transferred", detail: target.detail).perform(rest, call) { _, agent in
            .event(.transferRequested(agent, target.ofTransfer), target.way)
        }
    }

    /// The conversation, if it is this agent's and not that of a colleague whom the agent has joined.
    private static func own(_ agent: AgentID, _ contact: Contact) -> Conversation? {
        guard let talk = contact.conversation, case .agent(agent, _) = talk.other else { return nil }
        return talk
    }

    private static func act(
        _ name: String, _ action: String, _ summary: String, _ notes: String,
        _ step: @escaping @MainActor @Sendable (AgentID, Contact) -> CallAct.Step
    ) -> Route {
        Route(
            method: .post, path: "/v1/contacts/{id}/\(name)", access: .role(.agent), summary: summary,
            notes: CallAct.ownNote + " " + notes, parameters: [CallAct.id], answer: .empty("It is so."),
            problems: CallAct.problems
        ) { rest, call in
            try await CallAct(action: action).perform(rest, call) { contact, agent in step(agent, contact) }
        }
    }
}
