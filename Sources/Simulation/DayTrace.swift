// A day that was, taken from its journal: who came when, how long it took, who was there.

internal import ACD
public import Basics
public import ContactCenter
internal import IVR

/// What a replay shows of a stretch of time, as far as a what-if needs it.
///
/// A contact counts once, with the first queue that it entered. What it did elsewhere afterwards is left out.
public struct DayTrace: Hashable, Sendable, Codable {
    public struct Arrival: Hashable, Sendable, Codable {
        public enum End: String, Hashable, Sendable, Codable {
            case answered, abandoned
            /// The queue gave it away, the process ended under it, or it still waits: how long the caller would have waited is
            /// not known.
            case left
        }

        public var contact: ContactID
        public var queue: QueueID
        public var at: Instant
        public var waitedSeconds: Double
        public var end: End
        /// How long the answering agent's phone rang; nil: nobody answered.
        public var ringSeconds: Double?
        /// Talk and wrap-up; nil: nobody answered, or the end was not seen.
        public var handleSeconds: Double?
        public var caller: CallerKey
        /// What was known of the contact when it entered the queue.
        public var attributes: [Workload.Kind.Attribute] = []
        /// By its flow and number; what the rules say of its attributes comes on top.
        public var priorityClass = 0
        public var boostSeconds = 0
    }

    /// An agent was available or busy.
    public struct Shift: Hashable, Sendable, Codable {
        public var agent: AgentID
        public var from: Instant
        public var to: Instant
    }

    /// Of a queue in which nobody was answered all day.
    private static let handleSecondsUsual = 180.0

    public let from: Instant
    public let to: Instant
    /// In the order in which they came.
    public private(set) var arrivals: [Arrival] = []
    public private(set) var shifts: [Shift] = []
    /// The one that was in force at the end.
    public private(set) var configuration = CenterConfiguration(version: "")
    // Only ever asked by key.
    private var availableSince: [AgentID: Instant] = [:]
    private var wrapUpSince: [AgentID: Instant] = [:]
    private var wrappedUpAs: [AgentID: ContactID] = [:]
    private var place: [ContactID: Int] = [:]
    private var wrapUps: [ContactID: Double] = [:]

    public init(from: Instant, to: Instant) {
        self.from = from
        self.to = to
    }

    /// Before the first event: agents may be there already.
    public mutating func begin(with center: borrowing Center) {
        configuration = center.configuration
        for (id, agent) in center.agents.map({ ($0.key, $0.value) }) where Self.isThere(agent) { availableSince[id] = from }
    }

    /// One event of the replay with what came of it.
    public mutating func note(_ event: Event, _ commands: [Command], in center: borrowing Center, at now: Instant) {
        if case .configurationApplied(let new) = event, now < to { configuration = new }
        for command in commands {
            switch command {
            case .close(let contact): note(contact, until: now)
            case .agentChanged(let id): if let agent = center.agents[id] { note(agent, at: now) }
            default: break
            }
        }
    }

    /// After the last event: whoever is still there was so until the end, and what still goes on is taken as far as it is.
    public mutating func finish(with center: borrowing Center) {
        for contact in center.contacts.map(\.value) { note(contact, until: center.now) }
        for (agent, since) in availableSince.sorted(by: { $0.key < $1.key }) { addShift(agent, since, to) }
        availableSince = [:]
        for index in arrivals.indices where arrivals[index].handleSeconds != nil {
            let wrapUp = wrapUps[arrivals[index].contact] ?? 0
            arrivals[index].handleSeconds? += wrapUp
        }
        arrivals.sort { ($0.at, $0.contact) < ($1.at, $1.contact) }
        shifts.sort { ($0.from, $0.agent) < ($1.from, $1.agent) }
        (place, wrapUps, wrapUpSince, wrappedUpAs) = ([:], [:], [:], [:])
    }

    /// As if the agent had not been there.
    public mutating func drop(_ agent: AgentID) { shifts.removeAll { $0.agent == agent } }

    // MARK: Agents

    /// As the router sees it: without a phone, or with the browser gone, nobody is offered anything.
    private static func isThere(_ agent: Agent) -> Bool {
        agent.presence == .available && agent.loss == nil && !agent.registeredDevices.isEmpty || !agent.work.isEmpty
    }

    private mutating func note(_ agent: Agent, at now: Instant) {
        if Self.isThere(agent) {
            if availableSince[agent.id] == nil { availableSince[agent.id] = now }
        } else if let since = availableSince.removeValue(forKey: agent.id) {
            addShift(agent.id, since, now)
        }
        var contact: ContactID?
        for case .wrapUp(let wrapped, _, _) in agent.work { contact = wrapped }
        guard contact != wrappedUpAs[agent.id] else { return }
        if let over = wrappedUpAs[agent.id], let since = wrapUpSince[agent.id] {
            wrapUps[over, default: 0] += (now - since).inSeconds
        }
        wrappedUpAs[agent.id] = contact
        wrapUpSince[agent.id] = contact == nil ? nil : now
    }

    private mutating func addShift(_ agent: AgentID, _ since: Instant, _ until: Instant) {
        let (start, end) = (max(since, from), min(until, to))
        if start < end { shifts.append(Shift(agent: agent, from: start, to: end)) }
    }

    // MARK: Contacts

    private mutating func note(_ contact: Contact, until now: Instant) {
        var arrival: Arrival?
        var answeredAt: Instant?, offeredAt: Instant?
        var attributes: [Workload.Kind.Attribute] = []
        var enter: EnterQueue?
        lines: for line in contact.timeline {
            switch line.what {
            case .noted(let name, let value):
                attributes.removeAll { $0.name == name }
                attributes.append(.init(name: name, value: value))
            case .visited(let flow, let node):
                if case .queue(let action)? = action(of: node, in: flow) { enter = action }
            case .enqueued(let queue, _):
                guard arrival == nil else { break lines }
                arrival = Arrival(
                    contact: contact.id, queue: queue, at: line.at, waitedSeconds: (now - line.at).inSeconds, end: .left,
                    caller: contact.caller, attributes: attributes.sorted())
                let number = configuration.numbers.first { $0.number == contact.number }
                arrival?.priorityClass = max(enter?.priorityClass ?? 0, number?.priorityClass ?? .min)
                arrival?.boostSeconds =
                    OrderKey.clamped(enter?.boostSeconds ?? 0) + OrderKey.clamped(number?.boostSeconds ?? 0)
            case .offered: offeredAt = line.at
            case .answered:
                guard let at = arrival?.at else { continue }
                answeredAt = line.at
                arrival?.end = .answered
                arrival?.waitedSeconds = (line.at - at).inSeconds
                arrival?.ringSeconds = offeredAt.map { (line.at - $0).inSeconds }
            case .diverted, .transferred, .agentLeft, .ended, .callbackRequested:
                guard let at = arrival?.at else { continue }
                if let answeredAt {
                    arrival?.handleSeconds = (line.at - answeredAt).inSeconds
                } else {
                    arrival?.waitedSeconds = (line.at - at).inSeconds
                    if case .ended(.abandoned, _) = line.what { arrival?.end = .abandoned }
                }
                break lines
            default: continue
            }
        }
        guard let arrival, arrival.at >= from, arrival.at < to, place[contact.id] == nil else { return }
        place[contact.id] = arrivals.count
        arrivals.append(arrival)
    }

    private func action(of node: NodeID, in flow: FlowID) -> Action? {
        configuration.flows.first { $0.id == flow }?.nodes.first { $0.id == node }?.action
    }

    // MARK: As a workload

    /// The same day in figures: rates by interval, times by mean and variation, patience by what was waited for each abandon.
    ///
    /// - Throws: `noQueues` where nobody entered a queue.
    public func workload(intervalSeconds: Int) throws(WorkloadError) -> Workload {
        guard intervalSeconds >= 60, intervalSeconds <= 86_400 else {
            throw .outOfRange("the length of an interval in seconds", min: 60, max: 86_400)
        }
        let length = Int64(intervalSeconds) * 1_000_000
        let intervals = Int(max(1, ((to - from).microseconds + length - 1) / length))
        let queues = configuration.queues.map(\.id).filter { id in arrivals.contains { $0.queue == id } }
        guard !queues.isEmpty else { throw .noQueues }
        return Workload(
            queues: queues.map { id in
                let own = arrivals.filter { $0.queue == id }
                var counts = [Double](repeating: 0, count: min(intervals, Workload.intervalsMax))
                for arrival in own {
                    let interval = Int((arrival.at - from).microseconds / length)
                    if interval < counts.count { counts[interval] += 3600 / Double(intervalSeconds) }
                }
                return Workload.Queue(
                    id: id, callsPerHour: counts,
                    handle: Self.distribution(of: own.compactMap(\.handleSeconds))
                        ?? .exponential(mean: Self.handleSecondsUsual),
                    patience: patience(in: id))
            }, intervals: intervals, intervalSeconds: intervalSeconds,
            answer: Self.distribution(of: arrivals.compactMap(\.ringSeconds)) ?? .fixed(0))
    }

    /// Log-normal, with the mean and the variation that were seen; nil: nothing was.
    private static func distribution(of seconds: [Double]) -> Distribution? {
        let seconds = seconds.map { max($0, 0.1) }
        guard !seconds.isEmpty else { return nil }
        let mean = seconds.reduce(0, +) / Double(seconds.count)
        let squares = seconds.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return .logNormal(mean: mean, variation: (squares / Double(seconds.count)).squareRoot() / mean)
    }

    /// Of those who were answered only a part of their patience was seen; waiting in all for each abandon makes good for it.
    func patience(in queue: QueueID) -> Distribution? {
        let own = arrivals.filter { $0.queue == queue }
        let abandons = own.count { $0.end == .abandoned }
        let waited = own.reduce(0) { $0 + $1.waitedSeconds }
        return abandons > 0 && waited > 0 ? .exponential(mean: waited / Double(abandons)) : nil
    }
}
