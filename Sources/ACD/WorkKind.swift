// A kind of work, and what one piece of it takes of an agent (S0-26, S0-31, S0-66).

public import Basics

/// A kind of work, by the key under `kinds:`.
@frozen public struct WorkKindID: NamedIdentifier {
    public let rawValue: String
    @inlinable public init(rawValue: String) { self.rawValue = rawValue }

    /// What comes in over a trunk. It is there in every center.
    public static let call = WorkKindID(rawValue: "call")
}

/// What an admin says of one kind of work, compiled for the router.
public struct WorkKind: Codable, Hashable, Sendable {
    /// How the number of pieces that one agent has at once follows the load and what customers say of it (S0-66).
    public struct Concurrency: Codable, Hashable, Sendable {
        /// An agent may always have as many as this.
        public var least: Int
        public var most: Int
        /// One more while more than this wait for whom nobody is rung.
        public var raiseAtWaiting: Int
        /// One less while fewer than this wait. Between the two nothing changes.
        public var lowerAtWaiting: Int
        /// A figure under so many percent takes one away, and none comes back before it is `satisfactionMargin` above; nil:
        /// what customers say changes nothing.
        public var satisfactionBelow: Int?
        /// From one step to the next.
        public var stepSeconds: Int

        /// Percentage points.
        public static let satisfactionMargin = 5
        public static let stepSecondsUsual = 30

        public init(
            least: Int, most: Int, raiseAtWaiting: Int, lowerAtWaiting: Int, satisfactionBelow: Int? = nil,
            stepSeconds: Int = Self.stepSecondsUsual
        ) {
            self.least = least
            self.most = most
            self.raiseAtWaiting = raiseAtWaiting
            self.lowerAtWaiting = lowerAtWaiting
            self.satisfactionBelow = satisfactionBelow
            self.stepSeconds = stepSeconds
        }
    }

    /// Kinds of one center.
    public static let kindsMax = 50
    public static let keptSecondsUsual = 7 * 86_400
    public static let handleSecondsUsual = 8 * 3600
    /// The usual time for which an agent keeps room for a piece that needs more than is left.
    public static let roomSecondsUsual = 600
    /// The greatest `roomSecondsMax`.
    public static let roomSecondsLimit = 3600

    public var id: WorkKindID
    public var channel: Channel
    /// Units of an agent's capacity; nil: all of them, whatever they are.
    public var weight: Int?
    /// Kinds that may come on top: they do not see the weight of this one.
    public var interruptedBy: [WorkKindID]
    /// Pieces that one agent has at once; nil: as many as there is room for.
    public var perAgentMax: Int?
    public var concurrency: Concurrency?
    /// Where it stands in the order of service when it comes in (calls: as their flow and number say).
    public var priorityClass: Int
    public var boostSeconds: Int
    /// Work without a live session ends unserved after so long.
    public var keptSecondsMax: Int
    /// An agent may have work without a live session for so long; then it waits for anybody again.
    public var handleSecondsMax: Int
    // Optional, so that what was compiled before is read, and keeps its version.
    private var roomSeconds: Int?

    /// Whoever is first for an agent who has no room for it has what becomes free kept for so long at a time; 0: never.
    public var roomSecondsMax: Int {
        get { roomSeconds ?? Self.roomSecondsUsual }
        set { roomSeconds = newValue == Self.roomSecondsUsual ? nil : max(0, min(Self.roomSecondsLimit, newValue)) }
    }

    public init(
        id: WorkKindID, channel: Channel, weight: Int? = nil, interruptedBy: [WorkKindID] = [], perAgentMax: Int? = nil,
        concurrency: Concurrency? = nil, priorityClass: Int = 0, boostSeconds: Int = 0,
        keptSecondsMax: Int = Self.keptSecondsUsual, handleSecondsMax: Int = Self.handleSecondsUsual
    ) {
        self.id = id
        self.channel = channel
        self.weight = weight
        self.interruptedBy = interruptedBy
        self.perAgentMax = perAgentMax
        self.concurrency = concurrency
        self.priorityClass = priorityClass
        self.boostSeconds = boostSeconds
        self.keptSecondsMax = keptSecondsMax
        self.handleSecondsMax = handleSecondsMax
    }

    /// Fills the agent, as long as the configuration says nothing else of calls.
    public static let call = WorkKind(id: .call, channel: .voice)

    /// Pieces that an agent of these limits can have at once with nothing else in hand; at least 1, and of calls not more.
    public func slots(within limits: AgentLimits?) -> Int {
        let capacity = limits?.capacity ?? AgentLimits.capacityUsual
        let most = [perAgentMax, concurrency?.most, limits?.most(of: id)].compactMap(\.self).min() ?? .max
        return channel == .voice ? 1 : max(1, min(capacity / weight(of: capacity), most))
    }

    /// Units that one piece takes of an agent of that capacity.
    public func weight(of capacity: Int) -> Int { weight.map { max(1, $0) } ?? capacity }
}

/// How much an agent may have at once, and of what.
public struct AgentLimits: Codable, Hashable, Sendable {
    public struct Most: Codable, Hashable, Sendable {
        public var kind: WorkKindID
        /// 0: the agent does none of it.
        public var count: Int

        public init(kind: WorkKindID, count: Int) {
            self.kind = kind
            self.count = count
        }
    }

    public static let capacityUsual = 100
    /// Units of one agent.
    public static let capacityMax = 1000

    /// Units that pieces of work take.
    public var capacity: Int
    /// What the agent does; nil: every kind of its queues.
    public var kinds: [WorkKindID]?
    /// Of some kinds fewer than would fit.
    public var most: [Most]

    public init(capacity: Int = Self.capacityUsual, kinds: [WorkKindID]? = nil, most: [Most] = []) {
        self.capacity = capacity
        self.kinds = kinds
        self.most = most
    }

    /// Pieces of that kind at once, as far as this agent is concerned; nil: as many as there is room for.
    public func most(of kind: WorkKindID) -> Int? { most.first { $0.kind == kind }?.count }

    /// Whether the agent ever has one.
    public func allows(_ kind: WorkKind) -> Bool {
        kinds?.contains(kind.id) != false && most(of: kind.id) != 0 && kind.weight(of: capacity) <= capacity
    }
}
