// Whom an agent hands a contact to or asks, as the page and the API name them: one reading for both.

internal import ACD
internal import Basics
internal import ContactCenter

/// Exactly one of those that can be named.
enum CallTarget: Sendable {
    case queue(QueueID)
    case agent(AgentID)
    case flow(FlowID)
    case outside(OutsideWay)

    enum Fault: Error {
        /// None was named, or several.
        case notOne
        case outside(OutsideRefusal)
    }

    @MainActor init(
        queue: String? = nil, agent: String? = nil, flow: String? = nil, number: String? = nil, in backend: any Backend
    ) throws(Fault) {
        switch (queue, agent, flow, number) {
        case (let queue?, nil, nil, nil): self = .queue(QueueID(queue))
        case (nil, let agent?, nil, nil): self = .agent(AgentID(agent))
        case (nil, nil, let flow?, nil): self = .flow(FlowID(flow))
        case (nil, nil, nil, let number?):
            switch backend.outside(number) {
            case .success(let way): self = .outside(way)
            case .failure(let refusal): throw .outside(refusal)
            }
        default: throw .notOne
        }
    }

    var ofTransfer: TransferTarget {
        switch self {
        case .queue(let queue): .queue(queue)
        case .agent(let agent): .agent(agent)
        case .flow(let flow): .flow(flow)
        case .outside(let way): .outside(way.trunk, way.callee)
        }
    }

    /// nil: nobody can be asked there.
    var ofConsult: ConsultTarget? {
        switch self {
        case .agent(let agent): .agent(agent)
        case .outside(let way): .outside(way.trunk, way.callee)
        case .queue, .flow: nil
        }
    }

    /// The number that has to be known while the event is under way.
    var way: OutsideWay? { if case .outside(let way) = self { way } else { nil } }

    /// For the audit line: of a number only who it is to the rules.
    var detail: [String: String] {
        switch self {
        case .queue(let queue): ["queue": queue.rawValue]
        case .agent(let agent): ["agent": agent.rawValue]
        case .flow(let flow): ["flow": flow.rawValue]
        case .outside(let way): ["trunk": way.trunk.rawValue, "callerKey": way.callee.rawValue]
        }
    }
}
