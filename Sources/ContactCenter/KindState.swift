// A kind of work as it stands now: its rules, and how many pieces of it an agent may have at present.

public import ACD
public import Basics

/// One kind of work, the moving part of its rules with it.
public struct KindState: Codable, Hashable, Sendable {
    /// The last that customers have said of the kind, in one queue or in all.
    struct Satisfaction: Codable, Hashable, Sendable {
        var queue: QueueID?
        /// Under the limit, and not yet clearly above it again.
        var isLow: Bool
        /// Nil: stored before it was kept.
        var percent: Int?
    }

    /// A new maximum reaches the agents in their order, some in each turn: there may be thousands.
    struct Wave: Codable, Hashable, Sendable {
        /// What holds for those behind `reached`.
        var formerMax: Int
        /// nil: nobody yet.
        var reached: AgentID?
        var nextAt: Instant
    }

    public internal(set) var rules: WorkKind
    /// No longer in the configuration; kept for the contacts that are of it.
    public internal(set) var isRemoved = false
    private var present: Int?
    /// When that was changed last.
    var steppedAt: Instant?
    /// When it may be changed next; `distantFuture`: there is no reason to.
    var nextStepAt = Instant.distantFuture
    /// A low figure has come for which nothing was taken away yet.
    var owesLowering = false
    var satisfaction: [Satisfaction] = []
    var wave: Wave?

    init(_ rules: WorkKind) {
        self.rules = rules
        present = rules.concurrency?.least
    }

    /// Of another configuration, with what has been learnt under the last one.
    mutating func follow(_ rules: WorkKind) {
        self.rules = rules
        isRemoved = false
        guard let concurrency = rules.concurrency else {
            self = KindState(rules)
            return
        }
        func within(_ number: Int) -> Int { max(concurrency.least, min(concurrency.most, number)) }
        present = within(present ?? concurrency.least)
        // Whom the last change has not reached yet has not heard of it by this one either.
        wave = wave.map { Wave(formerMax: within($0.formerMax), reached: $0.reached, nextAt: $0.nextAt) }
    }

    /// Pieces that one agent may have at once, by what follows the load; nil: nothing does.
    public var atOnceMax: Int? { present }

    mutating func set(_ max: Int, at now: Instant) {
        wave = Wave(formerMax: present ?? max, reached: nil, nextAt: now)
        present = max
        steppedAt = now
    }

    /// The same for this agent, whom the last change may not have reached yet, and together with what the kind allows at all.
    func atOnceMax(for agent: AgentID) -> Int? {
        var own = present
        if let wave, wave.reached.map({ $0 < agent }) ?? true { own = wave.formerMax }
        guard let own else { return rules.perAgentMax }
        return min(own, rules.perAgentMax ?? own)
    }

    /// Customers are not satisfied.
    public var isUnsatisfying: Bool { satisfaction.contains(where: \.isLow) }

    /// What was reported last, of a queue or (nil) over all of them.
    public var reportedPercents: [(queue: QueueID?, percent: Int)] {
        satisfaction.compactMap { entry in entry.percent.map { (entry.queue, $0) } }
    }

    mutating func note(_ percent: Int, in queue: QueueID?) {
        guard let limit = rules.concurrency?.satisfactionBelow else { return }
        let index = satisfaction.firstIndex { $0.queue == queue }
        let wasLow = index.map { satisfaction[$0].isLow } ?? false
        let isLow = percent < limit || wasLow && percent < limit + WorkKind.Concurrency.satisfactionMargin
        let entry = Satisfaction(queue: queue, isLow: isLow, percent: percent)
        if let index { satisfaction[index] = entry } else { satisfaction.append(entry) }
        if percent < limit { owesLowering = true } else if !isUnsatisfying { owesLowering = false }
    }

    /// Which way the maximum wants to go while so many wait for whom nobody is rung: 1, 0 or -1.
    func direction(waiting: Int) -> Int {
        guard let concurrency = rules.concurrency, let present else { return 0 }
        if present > concurrency.least, owesLowering || waiting < concurrency.lowerAtWaiting { return -1 }
        return present < concurrency.most && waiting > concurrency.raiseAtWaiting && !isUnsatisfying ? 1 : 0
    }
}
