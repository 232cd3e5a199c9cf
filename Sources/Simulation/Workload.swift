// A day to be simulated: who calls, how long it takes, how patient they are, and who is there to answer.

public import ACD
public import Basics

/// What comes in and who works, interval by interval. A list that is shorter than the day goes on with its last value.
public struct Workload: Hashable, Sendable, Codable {
    /// Callers of a queue who are alike in what the rules look at.
    public struct Kind: Hashable, Sendable, Codable {
        public struct Attribute: Hashable, Sendable, Codable, Comparable {
            public var name: String
            public var value: String

            public init(name: String, value: String) {
                self.name = name
                self.value = value
            }

            public static func < (a: Attribute, b: Attribute) -> Bool { (a.name, a.value) < (b.name, b.value) }
        }

        public var name: String
        /// Of the queue's callers, 0 to 1; the rest are of no kind.
        public var share: Double
        /// What a requirement such as `skill($language)` and the rules of priority see.
        public var attributes: [Attribute]
        public var priorityClass: Int
        /// Head start.
        public var boostSeconds: Int

        public init(
            name: String, share: Double, attributes: [Attribute] = [], priorityClass: Int = 0, boostSeconds: Int = 0
        ) {
            self.name = name
            self.share = share
            self.attributes = attributes
            self.priorityClass = priorityClass
            self.boostSeconds = boostSeconds
        }
    }

    public struct Queue: Hashable, Sendable, Codable {
        public var id: QueueID
        /// Calls come independently of one another at this rate; one value for each interval.
        public var callsPerHour: [Double]
        /// Talk and wrap-up together. Of a wrap-up that the rules allow, the agent uses at most half of this.
        public var handle: Distribution
        /// After how long a waiting caller hangs up; nil: never.
        public var patience: Distribution?
        /// Threshold T; nil: that of the rules.
        public var thresholdSeconds: Int?
        /// What is required of agents, in steps that relax; none: what the rules say.
        public var require: [RequirementStep]
        /// How agents are chosen; nil: as the rules say.
        public var strategy: Strategy?
        public var kinds: [Kind]

        public init(
            id: QueueID, callsPerHour: [Double], handle: Distribution, patience: Distribution? = nil,
            thresholdSeconds: Int? = nil, require: [RequirementStep] = [], strategy: Strategy? = nil, kinds: [Kind] = []
        ) {
            self.id = id
            self.require = require
            self.strategy = strategy
            self.kinds = kinds
            self.callsPerHour = callsPerHour
            self.handle = handle
            self.patience = patience
            self.thresholdSeconds = thresholdSeconds
        }
    }

    /// Agents who serve the same queues. A workload without teams is worked by the members of the configured queues.
    public struct Team: Hashable, Sendable, Codable {
        public var name: String
        /// Agents that are there; one value for each interval.
        public var agents: [Int]
        public var queues: [QueueID]
        /// In each of the queues; lower comes first.
        public var level: Int
        /// Of each of its agents.
        public var skills: AgentSkills

        public init(name: String, agents: [Int], queues: [QueueID], level: Int = 1, skills: AgentSkills = AgentSkills()) {
            self.skills = skills
            self.name = name
            self.agents = agents
            self.queues = queues
            self.level = level
        }
    }

    public static let queuesMax = 1000
    public static let agentsMax = 10_000
    public static let intervalsMax = 2000
    public static let contactsMax = 300_000
    /// Of one queue.
    public static let kindsMax = 200
    static let secondsMax = 604_800.0

    public var queues: [Queue]
    public var teams: [Team]
    public var intervals: Int
    public var intervalSeconds: Int
    /// Simulated before the first interval with its calls and agents, and not counted.
    public var warmUpSeconds: Int
    /// How long a phone rings until the agent answers; the agent is busy meanwhile.
    public var answer: Distribution

    public init(
        queues: [Queue], teams: [Team] = [], intervals: Int = 16, intervalSeconds: Int = 1800, warmUpSeconds: Int = 0,
        answer: Distribution = .fixed(0)
    ) {
        self.queues = queues
        self.teams = teams
        self.intervals = intervals
        self.intervalSeconds = intervalSeconds
        self.warmUpSeconds = warmUpSeconds
        self.answer = answer
    }

    /// The value that counts in an interval; before the first one, that of the first.
    static func value<Value>(_ values: [Value], in interval: Int) -> Value? {
        values.isEmpty ? nil : values[min(max(0, interval), values.count - 1)]
    }

    /// Calls that come on average.
    public var expectedContacts: Double {
        queues.reduce(0) { $0 + hours(of: $1.callsPerHour, warmUp: true) }
    }

    /// The sum over the day of a rate per hour.
    private func hours(of rates: [Double], warmUp: Bool = false) -> Double {
        let day = (0..<intervals).reduce(0.0) { $0 + (Self.value(rates, in: $1) ?? 0) } * Double(intervalSeconds) / 3600
        return day + (warmUp ? (rates.first ?? 0) * Double(warmUpSeconds) / 3600 : 0)
    }

    // MARK: Checks

    func check() throws(WorkloadError) {
        guard !queues.isEmpty else { throw .noQueues }
        try check("the number of queues", Double(queues.count), 1, Double(Self.queuesMax))
        try check("the number of intervals", Double(intervals), 1, Double(Self.intervalsMax))
        try check("the length of an interval in seconds", Double(intervalSeconds), 60, 86_400)
        try check("the warm-up in seconds", Double(warmUpSeconds), 0, Self.secondsMax)
        try check("the time to answer", answer, 3600)
        for (index, queue) in queues.enumerated() {
            if queues[..<index].contains(where: { $0.id == queue.id }) { throw .duplicateQueue(queue.id) }
            guard queue.callsPerHour.count <= intervals else {
                throw .outOfRange("the number of rates of queue \(queue.id)", min: 1, max: Double(intervals))
            }
            for rate in queue.callsPerHour { try check("calls per hour of queue \(queue.id)", rate, 0, 1e9) }
            try check("the handling time of queue \(queue.id)", queue.handle, Self.secondsMax)
            if let patience = queue.patience { try check("the patience of queue \(queue.id)", patience, 1e9) }
            try check("the threshold of queue \(queue.id)", Double(queue.thresholdSeconds ?? 0), 0, Self.secondsMax)
            try check("the number of steps of queue \(queue.id)", Double(queue.require.count), 0, 10)
            try check(queue.kinds, of: queue.id)
        }
        for (index, team) in teams.enumerated() {
            if teams[..<index].contains(where: { $0.name == team.name }) { throw .duplicateTeam(team.name) }
            for count in team.agents { try check("agents of team \(team.name)", Double(count), 0, Double(Self.agentsMax)) }
            try check("the level of team \(team.name)", Double(team.level), 1, 1000)
            for queue in team.queues where !queues.contains(where: { $0.id == queue }) { throw .unknownQueue(queue) }
        }
        let agents = teams.reduce(0) { $0 + ($1.agents.max() ?? 0) }
        try check("the number of agents", Double(agents), 0, Double(Self.agentsMax))
        guard expectedContacts > 0 else { throw .noArrivals }
        guard expectedContacts <= Double(Self.contactsMax) else {
            throw .tooManyContacts(expected: expectedContacts, max: Self.contactsMax)
        }
    }

    private func check(_ kinds: [Kind], of queue: QueueID) throws(WorkloadError) {
        try check("the number of kinds of callers of queue \(queue)", Double(kinds.count), 0, Double(Self.kindsMax))
        for kind in kinds {
            try check("the share of \(kind.name) in queue \(queue)", kind.share, 0, 1)
            try check("the priority of \(kind.name) in queue \(queue)", Double(kind.priorityClass), -1000, 1000)
            let most = Double(OrderKey.boostSecondsMax)
            try check("the head start of \(kind.name) in queue \(queue)", Double(kind.boostSeconds), -most, most)
        }
        // A thousandth more is a rounding of whoever wrote it.
        try check("the sum of the shares in queue \(queue)", kinds.reduce(0) { $0 + $1.share }, 0, 1.001)
    }

    /// Whether a queue whose callers wait for ever has more agents than load, were they there for nothing else.
    func checkLoad(of queue: Queue, agentHours: Double) throws(WorkloadError) {
        let load = hours(of: queue.callsPerHour) * (queue.handle.mean + answer.mean) / 3600
        let day = Double(intervals * intervalSeconds) / 3600
        if load >= agentHours { throw .overloaded(queue.id, loadErlangs: load / day, agents: agentHours / day) }
    }

    func agentHours(of counts: [Int]) -> Double { hours(of: counts.map(Double.init)) }

    private func check(_ what: String, _ value: Double, _ min: Double, _ max: Double) throws(WorkloadError) {
        guard value.isFinite, value >= min, value <= max else { throw .outOfRange(what, min: min, max: max) }
    }

    private func check(_ what: String, _ distribution: Distribution, _ max: Double) throws(WorkloadError) {
        guard distribution.isUsable(meanMax: max) else { throw .outOfRange(what, min: 0, max: max) }
    }
}
