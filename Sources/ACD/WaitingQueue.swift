// One queue: who waits in it, in which order, and its counters.

public import Basics

/// A queue's rules, its waiting contacts in order of service, and its figures.
public struct WaitingQueue: Codable, Hashable, Sendable, Identifiable {
    public var rules: QueueRules
    public private(set) var waiting: [OrderKey] = []
    public var figures = QueueFigures()
    /// No longer in the configuration: takes nobody in and is dropped when the last one has left.
    public var isRemoved = false

    /// When so many agents can be expected to be free that one more of those who wait for it can be called back; nil: never
    /// but by an event.
    public var callbacksDueAt: Instant?

    private var tried: AgentID?
    private var offersByMember: PagedMap<AgentID, OfferID>?

    public init(rules: QueueRules) { self.rules = rules }

    /// The member that was offered a contact last: where a round robin goes on.
    public var lastTried: AgentID? { tried }

    /// The last offer to that member, where the queue's keys compare it.
    public func lastOffer(to agent: AgentID) -> OfferID? { offersByMember?[agent] }

    public mutating func noteOffer(_ offer: OfferID, to agent: AgentID) {
        if rules.keys.contains(.roundRobin) { tried = agent }
        if rules.keys.contains(.lastOffered) { offersByMember = offersByMember ?? PagedMap() } else { offersByMember = nil }
        offersByMember?[agent] = offer
    }

    public var id: QueueID { rules.id }

    public mutating func insert(_ key: OrderKey) {
        var low = 0, high = waiting.count
        while low < high {
            let middle = (low + high) / 2
            if waiting[middle] < key { low = middle + 1 } else { high = middle }
        }
        waiting.insert(key, at: low)
    }

    public mutating func remove(_ key: OrderKey) {
        if let index = index(of: key) { waiting.remove(at: index) }
    }

    /// 1 for the one who is served next; nil if the contact does not wait here.
    public func position(of key: OrderKey) -> Int? { index(of: key).map { $0 + 1 } }

    private func index(of key: OrderKey) -> Int? {
        var low = 0, high = waiting.count
        while low < high {
            let middle = (low + high) / 2
            if waiting[middle] < key { low = middle + 1 } else { high = middle }
        }
        return low < waiting.count && waiting[low] == key ? low : nil
    }
}

/// Expected wait: the mean of the p-th service completion over the agents that serve the queue (definitions.md 3.3).
public enum ExpectedWait {
    /// Nobody waits as long as this; what is said to be more is no better known.
    public static let secondsMax = 1e9

    /// - Parameters:
    ///   - position: 1 for the next.
    ///   - serviceRate: completions per second of all signed-in agents together, each with its share for this queue.
    ///   - abandonRate: θ, abandons per second of waiting, for each one who waits.
    /// - Returns: seconds; nil without data, never zero.
    public static func seconds(position: Int, serviceRate: Double, abandonRate: Double) -> Double? {
        guard position >= 1, serviceRate > 0 else { return nil }
        var sum = 0.0
        for k in 0..<min(position, 10_000) { sum += 1 / (serviceRate + Double(k) * max(0, abandonRate)) }
        return sum
    }
}
