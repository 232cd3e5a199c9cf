// Why a workload cannot be simulated, and what would mend it.

public import Basics

/// Something in a workload that makes no day.
public enum WorkloadError: Error, Hashable, Sendable, CustomStringConvertible {
    case noQueues
    case duplicateQueue(QueueID)
    case duplicateTeam(String)
    /// Named by a team, or by the workload, and nowhere described.
    case unknownQueue(QueueID)
    /// Nobody calls all day.
    case noArrivals
    case noAgents(QueueID)
    /// No agent of the queue meets any step of what is required for callers of that kind.
    case unmeetable(QueueID, kind: String?)
    /// Not a number, negative, or too great.
    case outOfRange(String, min: Double, max: Double)
    case tooManyContacts(expected: Double, max: Int)
    /// Callers who never hang up and agents who cannot keep up: the queue would grow all day.
    case overloaded(QueueID, loadErlangs: Double, agents: Double)
    /// The rules asked to be woken far more often than a day of calls can need.
    case endless(eventsMax: Int)

    public var description: String {
        switch self {
        case .noQueues: "the workload has no queue; name one and its calls per hour"
        case .duplicateTeam(let name):
            "team \(name) is described twice, perhaps once as the agents of its queue; give one of the two another name"
        case .duplicateQueue(let queue): "queue \(queue) is described twice; leave one of the two out"
        case .unknownQueue(let queue): "queue \(queue) is not known; describe it, or mend its name"
        case .noArrivals: "nobody calls; give some queue more than 0 calls per hour"
        case .noAgents(let queue): "queue \(queue) has no agents; give it a team, or members in the configuration"
        case .unmeetable(let queue, let kind):
            "nobody in queue \(queue) meets what is required for "
                + (kind.map { "callers of the kind \($0)" } ?? "its callers") + "; give an agent the skills, or ask less"
        case .outOfRange(let what, let min, let max): "\(what) must be from \(min) to \(max); give another value"
        case .tooManyContacts(let expected, let max):
            "some \(expected.rounded()) contacts would come, more than \(max); simulate fewer hours, or fewer calls"
        case .overloaded(let queue, let load, let agents):
            "queue \(queue) gets \(load) Erlangs for \(agents) agents on average, and nobody hangs up: it would grow all day;"
                + " give more agents, or say how patient callers are"
        case .endless(let max): "the rules were woken more than \(max) times; this is a fault in them, report the seed"
        }
    }
}
