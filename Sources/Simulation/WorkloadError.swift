// Why a workload cannot be simulated, and what would mend it.

public import ACD
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
    /// Agents were added to a queue whose callers none of them may have.
    case ofNoUse(QueueID)
    /// Work of a kind that the configuration does not have, or that is a call.
    case unknownKind(WorkKindID)
    /// The queue of the configuration does not take work of that kind.
    case kindNotTaken(QueueID, WorkKindID)
    case kindDescribedTwice(WorkKindID)
    /// Callers shall take callbacks in a queue whose rules offer none.
    case noCallbacks(QueueID)
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
        case .ofNoUse(let queue):
            "the agents added to queue \(queue) meet nothing of what it requires; say with --like whose skills they have"
        case .unknownKind(let kind): "there is no kind of work \(kind) in the configuration; give one of its `kinds:`"
        case .kindNotTaken(let queue, let kind):
            "queue \(queue) takes no \(kind); add it to the queue's `kinds:`, or leave it out"
        case .kindDescribedTwice(let kind): "\(kind) is described in two ways; say the same `at_once:` in each queue, once"
        case .noCallbacks(let queue):
            "queue \(queue) offers nobody a callback by a key; add `callback:` with `key:` to it, or leave `callbacks:` out"
        case .outOfRange(let what, let min, let max): "\(what) must be from \(min) to \(max); give another value"
        case .tooManyContacts(let expected, let max):
            "some \(expected.rounded()) contacts would come, more than \(max); simulate fewer hours, fewer calls, or fewer runs"
        case .overloaded(let queue, let load, let agents):
            "queue \(queue) gets \(load) Erlangs for \(agents) agents on average, and nobody hangs up: it would grow all day;"
                + " give more agents, or say how patient callers are"
        case .endless(let max): "the rules were woken more than \(max) times; this is a fault in them, report the seed"
        }
    }
}
