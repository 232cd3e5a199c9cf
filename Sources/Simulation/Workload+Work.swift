// What comes into a queue beside calls, and how callers take it that they may be called back.

public import ACD
internal import Basics

extension Workload {
    /// Chats, mails, messages or tickets of one kind in a queue.
    public struct Work: Hashable, Sendable, Codable {
        public var kind: WorkKindID
        /// Come independently of one another at this rate; one value for each interval.
        public var perHour: [Double]
        /// From the acceptance to the end, wrap-up included, whatever else the agent does meanwhile.
        public var handle: Distribution
        /// After how long a customer leaves who is there and waits; nil: nobody leaves. Nothing for work without a session.
        public var patience: Distribution?
        /// The customer is there, as in a chat; otherwise it lies there until somebody does it, as a mail does.
        public var hasSession: Bool
        /// Pieces that one agent can have at once, where no configuration says it.
        public var atOnce: Int

        public init(
            kind: WorkKindID, perHour: [Double], handle: Distribution, patience: Distribution? = nil, hasSession: Bool = true,
            atOnce: Int = 1
        ) {
            self.kind = kind
            self.perHour = perHour
            self.handle = handle
            self.patience = patience
            self.hasSession = hasSession
            self.atOnce = atOnce
        }
    }

    /// What callers make of the offer of a callback.
    public struct Callbacks: Hashable, Sendable, Codable {
        /// Of those to whom it is offered, 0 to 1.
        public var share: Double
        /// Of the calls that the center makes for it, those that the customer answers, 0 to 1.
        public var reached: Double

        public init(share: Double, reached: Double = 1) {
            self.share = share
            self.reached = reached
        }
    }

    /// Of one queue.
    public static let worksMax = WorkKind.kindsMax
    public static let atOnceMax = 50

    /// The kinds of work as the rules need them; the configuration's own come first.
    ///
    /// - Throws: `kindDescribedTwice` where two queues contradict each other; `unknownKind`.
    func kinds(of rules: [WorkKind]?) throws(WorkloadError) -> [WorkKind] {
        var known = rules ?? []
        var described: [Work] = []
        for work in queues.flatMap(\.work) {
            if let kind = rules?.first(where: { $0.id == work.kind }) {
                guard kind.channel != .voice else { throw .unknownKind(work.kind) }
                continue
            }
            guard rules == nil, work.kind != .call else { throw .unknownKind(work.kind) }
            if let other = described.first(where: { $0.kind == work.kind }) {
                guard other.atOnce == work.atOnce else { throw .kindDescribedTwice(work.kind) }
                continue
            }
            described.append(work)
            known.append(
                WorkKind(
                    id: work.kind, channel: work.hasSession ? .chat : .email,
                    weight: AgentLimits.capacityUsual / max(1, work.atOnce), perAgentMax: work.atOnce))
        }
        return known
    }

    func check(_ works: [Work], of queue: QueueID) throws(WorkloadError) {
        try check("the number of kinds of work of queue \(queue)", Double(works.count), 0, Double(Self.worksMax))
        for (index, work) in works.enumerated() {
            if works[..<index].contains(where: { $0.kind == work.kind }) { throw .kindDescribedTwice(work.kind) }
            guard work.perHour.count <= intervals else {
                throw .outOfRange("the number of rates of \(work.kind) in queue \(queue)", min: 1, max: Double(intervals))
            }
            for rate in work.perHour { try check("\(work.kind) per hour of queue \(queue)", rate, 0, 1e9) }
            try check("the handling time of \(work.kind) in queue \(queue)", work.handle, Self.secondsMax)
            if let patience = work.patience { try check("the patience of \(work.kind) in queue \(queue)", patience, 1e9) }
            try check("the number of \(work.kind) at once in queue \(queue)", Double(work.atOnce), 1, Double(Self.atOnceMax))
        }
    }

    func check(_ callbacks: Callbacks, of queue: QueueID) throws(WorkloadError) {
        try check("the share of callbacks in queue \(queue)", callbacks.share, 0, 1)
        try check("the share of callbacks reached in queue \(queue)", callbacks.reached, 0, 1)
    }
}
