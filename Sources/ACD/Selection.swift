// Which agent gets the contact, and why.

public import Basics

/// An agent that could take a contact, with what the queue's keys compare.
public struct Candidate: Codable, Hashable, Sendable {
    public var agent: AgentID
    public var level: Int
    public var idleSince: Instant
    public var answered: Int
    /// Place among the queue's members.
    public var order: Int
    // What only some keys compare; nil: the keys of the decision do not.
    /// Sum of the grades in the skills that were asked for.
    public var skillFit: Int?
    /// Talked since signing in or the daily reset.
    public var talked: Duration?
    /// The last offer that the queue has made to this agent.
    public var lastOffer: OfferID?
    /// Answered for the queue that chooses; nil: none, or its keys do not compare it.
    public var answeredOfQueue: Int?
    /// When the last contact of the queue that chooses has ended; nil: there was none, or its keys do not compare it.
    public var lastOfQueue: Instant?
    /// In a weighted draw, or among preferred agents.
    public var weight: Int?
    /// Units of work that the agent has in hand; nil: none, the agent is idle.
    public var workload: Int?

    public init(agent: AgentID, level: Int, idleSince: Instant, answered: Int, order: Int) {
        self.agent = agent
        self.level = level
        self.idleSince = idleSince
        self.answered = answered
        self.order = order
    }

    /// Whether `self` is the better choice; at the end of the keys the order of the configuration decides, so that there is
    /// always exactly one best. Keys that depend on more than the two candidates (turn, draw) make no difference here, and
    /// nothing that stands behind them does.
    public func isBefore(_ other: Candidate, by keys: [SelectionKey]) -> Bool {
        if level != other.level { return level < other.level }
        for key in keys.prefix(while: { !$0.decides }) {
            let (own, others) = (value(of: key), other.value(of: key))
            if own != others { return own < others }
        }
        return order < other.order
    }
}

/// The reason of one offer, kept on the contact: the winner, who came next, and why the others did not count.
public struct Explanation: Codable, Hashable, Sendable {
    public struct RefusalCount: Codable, Hashable, Sendable {
        public var refusal: Refusal
        public var count: Int

        public init(refusal: Refusal, count: Int) {
            self.refusal = refusal
            self.count = count
        }
    }

    /// Candidates kept beside the winner.
    public static let othersMax = 10

    public var keys: [SelectionKey]
    public var winner: Candidate
    public var others: [Candidate]
    public var refused: [RefusalCount]

    public init(keys: [SelectionKey], winner: Candidate, others: [Candidate], refused: [RefusalCount]) {
        self.keys = keys
        self.winner = winner
        self.others = others
        self.refused = refused
    }
}

/// Counts refusals without a dictionary: there are few reasons and their order is fixed.
public struct RefusalTally: Hashable, Sendable {
    private static let reasons = Refusal.allCases
    private var counts = [Int32](repeating: 0, count: Self.reasons.count)

    public init() {}

    public mutating func note(_ refusal: Refusal) { counts[refusal.place] += 1 }
    public mutating func take(_ refusal: Refusal) { counts[refusal.place] -= 1 }
    public func count(of refusal: Refusal) -> Int { Int(counts[refusal.place]) }
    public var sum: Int { counts.reduce(0) { $0 + Int($1) } }

    public var refused: [Explanation.RefusalCount] {
        var refused: [Explanation.RefusalCount] = []
        for (place, count) in counts.enumerated() where count > 0 {
            refused.append(Explanation.RefusalCount(refusal: Self.reasons[place], count: Int(count)))
        }
        return refused
    }
}
