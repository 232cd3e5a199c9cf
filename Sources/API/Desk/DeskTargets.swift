// Whom an agent may transfer to: the same for all desks, so it is made and encoded once.

internal import ACD
internal import Basics
internal import ContactCenter
internal import IVR

/// Queues with those who wait, colleagues with what they do.
struct DeskTargets: Sendable, Hashable {
    struct Queue: Sendable, Hashable {
        var id: QueueID
        var waiting: Int
        var kinds: [WorkKindID]
    }

    struct Colleague: Sendable, Hashable {
        var id: AgentID
        var name: String
        var state: String
    }

    var queues: [Queue]
    var agents: [Colleague]
    var flows: [FlowID]
    /// Numbers may be called.
    var hasOutside: Bool

    init(_ center: Center, _ settings: DeskSettings) {
        flows = center.configuration.flows.prefix(DeskLimits.targetFlowsMax).map(\.id)
        hasOutside = !center.configuration.outside.isEmpty
        queues = center.queues.map { Queue(id: $0.key, waiting: $0.value.waiting.count, kinds: $0.value.rules.kinds) }
        agents = center.agents.lazy.filter { !$0.value.isRemoved }.prefix(DeskLimits.targetAgentsMax).map { entry in
            Colleague(id: entry.key, name: settings.names[entry.key] ?? entry.key.rawValue, state: Self.state(entry.value))
        }
    }

    static func state(_ agent: Agent) -> String {
        switch agent.presence {
        case .offline: "offline"
        case .aux: "pause"
        case .available: agent.refusal == nil ? "available" : "busy"
        }
    }

    static let queue = Shape<Queue>.object(
        "DeskTargetQueue", "A queue to transfer to.",
        [
            Member("id", .text, "") { $0.id.rawValue }, Member("waiting", .count, "") { $0.waiting },
            Member("kinds", Shape<String>.text.list, "What it takes.") { $0.kinds.map(\.rawValue) },
        ])

    static let colleague = Shape<Colleague>.object(
        "DeskTargetAgent", "A colleague to transfer to.",
        [
            Member("id", .text, "") { $0.id.rawValue }, Member("name", .text, "") { $0.name },
            Member("state", .word(["available", "busy", "pause", "offline"]), "") { $0.state },
        ])

    static let members: [Member<DeskTargets>] = [
        Member("queues", queue.list, "") { $0.queues }, Member("agents", colleague.list, "At most 200.") { $0.agents },
        Member("flows", Shape<String>.text.list, "A call can be sent there.") { $0.flows.map(\.rawValue) },
        Member("outside", .flag, "Numbers outside can be called; which ones, the trunks' rules say.") { $0.hasOutside },
    ]
    static let shape = Shape<DeskTargets>.object("DeskTargets", "Whom the agent may transfer to.", members)
}
