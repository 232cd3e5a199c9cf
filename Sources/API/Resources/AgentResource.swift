// `/v1/agents`: who is there and what they are doing.

internal import ACD
internal import Basics
internal import ContactCenter
internal import HTTP
internal import HTTPTypes
internal import SiteConfiguration
internal import Storage

enum AgentResource {
    static let states = ["offline", "available", "pause"]

    static let work = Shape<Agent.Piece>.object(
        "Work", "A contact at an agent.",
        [
            Member("kind", .word(["ringing", "talking", "active", "held", "wrap-up"]), "How far it is.") { $0.kind },
            Member("contact", .identifier, "See /v1/contacts/{id}.") { $0.work.contact.rawValue },
            Member("workKind", .text, "A key of `kinds:` in routing.yaml, or `call`.") { $0.load.kind.rawValue },
            Member("channel", .word(channels), "") { $0.load.channel.rawValue },
            Member("weight", Shape<Int>.count.orNull, "Units of the agent's capacity; null: all of it.") { $0.load.weight },
            Member("since", Shape<Instant>.time.orNull, "Null while it rings: then `until` is the clock.") { $0.work.since },
            Member("until", Shape<Instant>.time.orNull, "When ringing or wrap-up ends by itself.") { $0.work.until },
        ])

    static let channels = Channel.allCases.map(\.rawValue)

    static let pending = Shape<AgentPresence>.object(
        "PendingState", "Takes effect when the last contact ends.",
        [
            Member("state", .word(states), "") { $0.state },
            Member("reason", Shape<String>.text.orNull, "") { $0.reason },
        ])

    static let device = Shape<DeviceView>.object(
        "AgentDevice", "A telephone of an agent.",
        [
            Member("id", .text, "The user name with which it registers.") { $0.id.rawValue },
            Member("isRegistered", .flag, "Whether it can be rung.") { $0.isRegistered },
        ])

    static let members: [Member<Agent>] = [
        Member("id", .text, "The key in agents.yaml.") { $0.id.rawValue },
        Member("state", .word(states), "What the agent, or the system for the agent, has declared.") { $0.presence.state },
        Member("reason", Shape<String>.text.orNull, "Of a pause; `not-responding` is set by the system.") {
            $0.presence.reason
        },
        Member("since", .time, "When this state and reason began.") { $0.presenceSince },
        Member("pending", pending.orNull, "The state that comes after the last contact.") { $0.pendingPresence },
        Member("canBeOffered", .flag, "Whether a call can be offered to the agent now.") { $0.refusal == nil },
        Member("refusal", Shape<String>.word(Refusal.allCases.map(\.rawValue)).orNull, "Why not.") { $0.refusal?.rawValue },
        Member("closedChannels", Shape<String>.word(channels).list, "Over these nothing new comes to the agent.") {
            $0.closedChannels.map(\.rawValue)
        },
        Member("capacity", .count, "Units that pieces of work take.") { $0.limits?.capacity ?? AgentLimits.capacityUsual },
        Member("idleSince", .time, "Since when the agent has had nothing to do.") { $0.idleSince },
        Member("answered", .count, "Contacts answered since signing in.") { $0.answered },
        Member("missesInARow", .count, "Offers let ring since the last answer.") { $0.missesInARow },
        Member("work", work.list, "What the agent is doing, with its clock.") { $0.pieces },
        Member("devices", device.list, "") { agent in
            agent.devices.map { DeviceView(id: $0, isRegistered: agent.registeredDevices.contains($0)) }
        },
        Member("isRemoved", .flag, "No longer in the configuration: gets nothing new.") { $0.isRemoved },
    ]

    static let shape = Shape<Agent>.object("Agent", "An agent as it is now.", members)
    static let list = Shape<[Agent]>.object(
        "AgentList", "All agents, by id.", [Member("items", shape.list, "") { $0 }])

    static let routes = [
        Route(
            method: .get, path: "/v1/agents", access: .role(.supervisor), summary: "All agents",
            answer: .json(list, "The agents.")
        ) { rest, _ in
            let agents = rest.onLoop { rest.backend.center.agents }
            return try await rest.later(list) { agents.map(\.value) }
        },
        Route(
            method: .get, path: "/v1/agents/{id}", access: .role(.agent), summary: "One agent", notes: ownNote,
            parameters: [.path("id", .name, "The key in agents.yaml.")], answer: .json(shape, "The agent."),
            problems: [.notFound]
        ) { rest, call in
            .json(shape, try rest.onLoop { try agent(rest, call) })
        },
        Route(
            method: .post, path: "/v1/agents/{id}/state", access: .role(.agent), summary: "Set an agent's state",
            notes: ownNote + " Answers when the change is on the disk. While the agent talks, the state waits in `pending`.",
            parameters: [.path("id", .name, "The key in agents.yaml.")],
            body: [
                BodyMember(name: "state", description: "The state wanted.", isRequired: true, words: states),
                BodyMember(
                    name: "reason", description: "Of a pause, and only of one: a reason of the configuration.",
                    isRequired: false),
            ], answer: .json(shape, "The agent with its new state."), problems: [.notFound, .serviceUnavailable],
            handle: setState),
        Route(
            method: .post, path: "/v1/agents/{id}/channels", access: .role(.agent),
            summary: "Open or close a channel of an agent",
            notes: ownNote
                + " Over a closed channel nothing new is offered; what is begun goes on. Kept until it is opened again, over a"
                + " reload and a restart.",
            parameters: [.path("id", .name, "The key in agents.yaml.")],
            body: [
                BodyMember(name: "channel", description: "Which.", isRequired: true, words: channels),
                BodyMember(name: "state", description: "The state wanted.", isRequired: true, words: ["open", "closed"]),
            ], answer: .json(shape, "The agent with its channels."), problems: [.notFound, .serviceUnavailable],
            handle: setChannel),
    ]

    private static let ownNote = "With the role agent only for the agent whose name the token bears."

    private static func setState(_ rest: RESTInterface, _ call: Call) async throws -> Reply {
        let id = AgentID(call.text("id") ?? "")
        let presence = try rest.onLoop {
            _ = try agent(rest, call)
            return try wanted(call, reasons: rest.backend.center.configuration.pauseReasons)
        }
        let detail = ["state": presence.state, "reason": presence.reason].compactMapValues { $0 }
        let entry = AuditEntry(
            actor: call.principal?.name ?? "", role: call.principal?.role.rawValue ?? "", action: "agent.state.set",
            object: "agent/\(id)", detail: detail)
        let result = await rest.backend.submit(.presenceRequested(id, presence), audit: entry)
        if case .failure(let error) = result { throw Problem.notStored(error) }
        return .json(shape, try rest.onLoop { try agent(rest, call) })
    }

    private static func setChannel(_ rest: RESTInterface, _ call: Call) async throws -> Reply {
        let id = AgentID(call.text("id") ?? "")
        guard let channel = Channel(rawValue: call.member("channel") ?? "") else {
            throw BodyMember.refusal("channel", "Give one of: \(channels.joined(separator: ", ")).")
        }
        let isOpen = call.member("state") == "open"
        _ = try rest.onLoop { try agent(rest, call) }
        let entry = AuditEntry(
            actor: call.principal?.name ?? "", role: call.principal?.role.rawValue ?? "", action: "agent.channel.set",
            object: "agent/\(id)", detail: ["channel": channel.rawValue, "state": isOpen ? "open" : "closed"])
        let result = await rest.backend.submit(
            .channelsRequested(id, opened: isOpen ? [channel] : [], closed: isOpen ? [] : [channel]), audit: entry)
        if case .failure(let error) = result { throw Problem.notStored(error) }
        return .json(shape, try rest.onLoop { try agent(rest, call) })
    }

    @MainActor private static func agent(_ rest: RESTInterface, _ call: Call) throws -> Agent {
        let id = AgentID(call.text("id") ?? "")
        // Before the look-up, so that a colleague's token cannot find out who exists.
        guard call.principal?.mayAct(for: id) == true else { throw Problem.notYours }
        guard let agent = rest.backend.center.agents[id] else { throw Problem.unknown("agent", see: "/v1/agents") }
        return agent
    }

    private static func wanted(_ call: Call, reasons: [String]) throws -> AgentPresence {
        let reason = call.member("reason")
        if call.member("state") != "pause", reason != nil {
            throw BodyMember.refusal("reason", "Leave it out: only a pause has a reason.")
        }
        switch call.member("state") {
        case "available": return .available
        case "pause":
            guard let reason, reasons.contains(reason) else {
                throw BodyMember.refusal("reason", "Give one of: \(reasons.joined(separator: ", ")).")
            }
            return .aux(reason: reason)
        default: return .offline
        }
    }
}

extension AgentPresence {
    var state: String {
        switch self {
        case .offline: "offline"
        case .available: "available"
        case .aux: "pause"
        }
    }

    var reason: String? { if case .aux(let reason) = self { reason } else { nil } }
}

extension Agent.Piece {
    fileprivate var kind: String {
        switch work {
        case .offered: "ringing"
        case .active(_, _, let held): load.channel != .voice ? "active" : held ? "held" : "talking"
        case .wrapUp: "wrap-up"
        }
    }
}

extension Work {

    var since: Instant? {
        switch self {
        case .offered: nil
        case .active(_, let since, _), .wrapUp(_, let since, _): since
        }
    }

    var until: Instant? {
        switch self {
        case .active: nil
        case .offered(_, _, let deadline), .wrapUp(_, _, let deadline): deadline
        }
    }
}
