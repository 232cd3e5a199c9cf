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
        /// Where they come into the queue, of callers of a day that was: then class and head start are all that they have.
        /// Others come in where the first flow leads there, with its class unless another than 0 is said, and its head start
        /// beside theirs.
        public var entry: Entry?

        public init(
            name: String, share: Double, attributes: [Attribute] = [], priorityClass: Int = 0, boostSeconds: Int = 0,
            entry: Entry? = nil
        ) {
            self.entry = entry
            self.name = name
            self.share = share
            self.attributes = attributes
            self.priorityClass = priorityClass
            self.boostSeconds = boostSeconds
        }
    }

    /// Where callers come into their queue.
    public struct Entry: Hashable, Sendable, Codable {
        public var flow: FlowID
        /// That leads into the queue.
        public var node: NodeID
        /// They have heard already that the call is recorded.
        public var isAnnounced: Bool

        public init(flow: FlowID, node: NodeID, isAnnounced: Bool = false) {
            self.flow = flow
            self.node = node
            self.isAnnounced = isAnnounced
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
        /// What comes beside the calls.
        public var work: [Work]
        /// nil: nobody takes one.
        public var callbacks: Callbacks?

        public init(
            id: QueueID, callsPerHour: [Double], handle: Distribution, patience: Distribution? = nil,
            thresholdSeconds: Int? = nil, require: [RequirementStep] = [], strategy: Strategy? = nil, kinds: [Kind] = [],
            work: [Work] = [], callbacks: Callbacks? = nil
        ) {
            self.id = id
            self.work = work
            self.callbacks = callbacks
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
    /// Of all runs together: a matter of minutes.
    public static let contactsOfRunsMax = 10_000_000
    /// Rows of a report: queues times intervals, of one run and of all of them; each takes some two hundred bytes.
    public static let rowsMax = 100_000
    public static let rowsOfRunsMax = 2_000_000
    /// Agents times intervals, of one run.
    public static let agentIntervalsMax = 1_000_000
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

    /// Calls and other contacts that come on average.
    public var expectedContacts: Double {
        queues.reduce(0) { sum, queue in
            sum + queue.work.reduce(hours(of: queue.callsPerHour, warmUp: true)) { $0 + hours(of: $1.perHour, warmUp: true) }
        }
    }

    /// The sum over the day of a rate per hour.
    func hours(of rates: [Double], warmUp: Bool = false) -> Double {
        let day = (0..<intervals).reduce(0.0) { $0 + (Self.value(rates, in: $1) ?? 0) } * Double(intervalSeconds) / 3600
        return day + (warmUp ? (rates.first ?? 0) * Double(warmUpSeconds) / 3600 : 0)
    }

    // MARK: Checks

    /// Whether so many runs end in time and in the memory that there is.
    public func check(runs: Int) throws(WorkloadError) {
        try check()
        let contacts = expectedContacts * Double(runs)
        guard contacts <= Double(Self.contactsOfRunsMax) else {
            throw .tooManyContacts(expected: contacts, max: Self.contactsOfRunsMax)
        }
        try check("queues times intervals times runs", Double(queues.count * intervals * runs), 1, Double(Self.rowsOfRunsMax))
    }

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
            try check(queue.work, of: queue.id)
            if let callbacks = queue.callbacks { try check(callbacks, of: queue.id) }
        }
        for (index, team) in teams.enumerated() {
            if teams[..<index].contains(where: { $0.name == team.name }) { throw .duplicateTeam(team.name) }
            for count in team.agents { try check("agents of team \(team.name)", Double(count), 0, Double(Self.agentsMax)) }
            try check("the level of team \(team.name)", Double(team.level), 1, 1000)
            for queue in team.queues where !queues.contains(where: { $0.id == queue }) { throw .unknownQueue(queue) }
        }
        let agents = teams.reduce(0) { $0 + ($1.agents.max() ?? 0) }
        try check("the number of agents", Double(agents), 0, Double(Self.agentsMax))
        try check("queues times intervals", Double(queues.count * intervals), 1, Double(Self.rowsMax))
        try check("agents times intervals", Double(agents * intervals), 0, Double(Self.agentIntervalsMax))
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

    /// Whether a queue in which some wait for ever has more agents than they take, were the agents there for nothing else.
    ///
    /// - Parameter kinds: how much of an agent each kind of work takes.
    func checkLoad(of queue: Queue, agentHours: Double, kinds: [WorkKind]) throws(WorkloadError) {
        var load = queue.patience == nil ? hours(of: queue.callsPerHour) * (queue.handle.mean + answer.mean) / 3600 : 0
        for work in queue.work where work.patience == nil || !work.hasSession {
            let weight = kinds.first { $0.id == work.kind }?.weight(of: AgentLimits.capacityUsual) ?? AgentLimits.capacityUsual
            let share = min(1, Double(weight) / Double(AgentLimits.capacityUsual))
            load += hours(of: work.perHour) * (work.handle.mean + answer.mean) / 3600 * share
        }
        guard load > 0 else { return }
        let day = Double(intervals * intervalSeconds) / 3600
        if load >= agentHours { throw .overloaded(queue.id, loadErlangs: load / day, agents: agentHours / day) }
    }

    func agentHours(of counts: [Int]) -> Double { hours(of: counts.map(Double.init)) }

    func check(_ what: String, _ value: Double, _ min: Double, _ max: Double) throws(WorkloadError) {
        guard value.isFinite, value >= min, value <= max else { throw .outOfRange(what, min: min, max: max) }
    }

    func check(_ what: String, _ distribution: Distribution, _ max: Double) throws(WorkloadError) {
        guard distribution.isUsable(meanMax: max) else { throw .outOfRange(what, min: 0, max: max) }
    }
}
