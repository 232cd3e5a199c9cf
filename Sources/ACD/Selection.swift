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

    public init(agent: AgentID, level: Int, idleSince: Instant, answered: Int, order: Int) {
        self.agent = agent
        self.level = level
        self.idleSince = idleSince
        self.answered = answered
        self.order = order
    }

    /// Whether `self` is the better choice; at the end of the keys the order of the configuration decides, so that there is
    /// always exactly one best.
    public func isBefore(_ other: Candidate, by keys: [SelectionKey]) -> Bool {
        for key in keys {
            switch key {
            case .level: if level != other.level { return level < other.level }
            case .longestIdle: if idleSince != other.idleSince { return idleSince < other.idleSince }
            case .fewestCalls: if answered != other.answered { return answered < other.answered }
            case .order: if order != other.order { return order < other.order }
            }
        }
        return order < other.order
    }
}

/// The reason of one offer, kept on the contact: the winner, who came next, and why the others did not count.
public struct Explanation: Codable, Hashable, Sendable {
    public struct RefusalCount: Codable, Hashable, Sendable {
        public var refusal: Refusal
        public var count: Int
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
public struct RefusalTally: Sendable {
    private var counts = [Int](repeating: 0, count: Refusal.allCases.count)

    public init() {}

    public mutating func note(_ refusal: Refusal) {
        if let index = Refusal.allCases.firstIndex(of: refusal) { counts[index] += 1 }
    }

    public var refused: [Explanation.RefusalCount] {
        zip(Refusal.allCases, counts).filter { $0.1 > 0 }.map { Explanation.RefusalCount(refusal: $0.0, count: $0.1) }
    }
}
