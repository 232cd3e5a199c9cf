// Why a figure cannot be worked out, and what would mend it.

/// A number that a caller of this module gives, by the name under which an error speaks of it.
public enum Quantity: String, Hashable, Sendable, CaseIterable {
    case callsPerHour = "calls per hour"
    case handleSeconds = "the average handling time in seconds"
    case load = "the load in Erlangs"
    case agents = "the number of agents"
    case channels = "the number of channels"
    case target = "the service level to reach"
    case thresholdSeconds = "the threshold of the service level in seconds"
    case patienceSeconds = "the mean patience in seconds"
    case shrinkage = "the shrinkage"
    case blocking = "the share of blocked calls"
    case headroom = "the headroom factor"
    case contacts = "the number of contacts"
    case share = "the share of contacts that need no agent"
    case money = "an amount of money"
    case months = "the number of months"
    case minutes = "the number of minutes"
}

/// A question that has no answer, or none that could be reached with a bounded amount of work.
public enum WorkforceError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Not a number, or infinite.
    case notFinite(Quantity)
    case outOfRange(Quantity, value: Double, min: Double, max: Double)
    /// Without abandons a queue grows for ever unless there are more agents than load.
    case overloaded(loadErlangs: Double, agents: Int)
    /// No number of agents up to the maximum reaches the target.
    case targetNotReached(agentsMax: Int)
    /// No number of channels up to the maximum keeps the blocking that low.
    case blockingNotReached(channelsMax: Int)
    /// So patient a crowd before so few agents waits in more states than are worked out.
    case tooManyStates(max: Int)
    /// The threshold is so long, or the team so large, that the service level takes more steps than are allowed.
    case tooManySteps(max: Int)

    public var description: String {
        switch self {
        case .notFinite(let quantity):
            "\(quantity.rawValue) is not a finite number; give one"
        case .outOfRange(let quantity, let value, let min, let max):
            "\(quantity.rawValue) is \(value); give a value from \(min) to \(max)"
        case .overloaded(let load, let agents):
            "\(agents) agents cannot carry a load of \(load) Erlangs: the queue would grow for ever;"
                + " give more agents than load, or say how patient callers are"
        case .targetNotReached(let max):
            "not even \(max) agents reach that service level; lower the target, or allow more seconds"
        case .blockingNotReached(let max):
            "not even \(max) channels keep the blocking that low; allow more blocking"
        case .tooManyStates(let max):
            "more than \(max) callers would wait; give more agents, or a shorter patience"
        case .tooManySteps(let max):
            "the service level takes more than \(max) steps to work out; give a shorter threshold or a smaller team"
        }
    }
}

extension Double {
    /// - Throws: unless it is a finite number within the limits, both included.
    func checked(_ quantity: Quantity, _ min: Double, _ max: Double) throws(WorkforceError) -> Double {
        guard isFinite else { throw .notFinite(quantity) }
        guard self >= min, self <= max else { throw .outOfRange(quantity, value: self, min: min, max: max) }
        return self
    }
}

extension Int {
    func checked(_ quantity: Quantity, _ min: Int, _ max: Int) throws(WorkforceError) -> Int {
        guard self >= min, self <= max else {
            throw .outOfRange(quantity, value: Double(self), min: Double(min), max: Double(max))
        }
        return self
    }
}
