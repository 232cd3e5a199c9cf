// A day that was, taken from its journal: who came when, how long it took, who was there.

public import ACD
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
            /// Took the offer of a callback, or had asked for one in another way.
            case callback
            /// The queue gave it away, the process ended under it, or it still waits: how long the caller would have waited is
            /// not known.
            case left
        }

        public var contact: ContactID
        public var queue: QueueID
        /// nil: a call.
        public var work: WorkKindID?
        /// Of work: the customer was there.
        public var hasSession = false
        /// As dialled.
        public var number = ""
        /// By which it came into the queue; nil: not by a flow.
        public var node: Workload.Entry?
        /// A callback that was asked for without a call.
        public var isScheduled = false
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
    /// How often another one was put in force during the day.
    public private(set) var reloads = 0
    /// Of the journal: what happened in them is not known.
    public var missingLines = 0
    /// Calls to customers who had asked for them, and those of the calls that were answered.
    public private(set) var callbackCalls = 0
    public private(set) var callbackAnswers = 0
    // Only ever asked by key.
    private var availableSince: [AgentID: Instant] = [:]
    private var wrapUpSince: [ContactID: Instant] = [:]
    private var wrappingUp: [AgentID: [ContactID]] = [:]
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
        if case .configurationApplied(let new) = event, now < to {
            if now >= from, new.version != configuration.version, !configuration.version.isEmpty { reloads += 1 }
            configuration = new
        }
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
        (place, wrapUps, wrapUpSince, wrappingUp) = ([:], [:], [:], [:])
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
        var contacts: [ContactID] = []
        for case .wrapUp(let contact, _, _) in agent.work { contacts.append(contact) }
        let before = wrappingUp[agent.id] ?? []
        guard contacts != before else { return }
        for contact in before where !contacts.contains(contact) {
            if let since = wrapUpSince.removeValue(forKey: contact) { wrapUps[contact, default: 0] += (now - since).inSeconds }
        }
        for contact in contacts where !before.contains(contact) { wrapUpSince[contact] = now }
        wrappingUp[agent.id] = contacts
    }

    private mutating func addShift(_ agent: AgentID, _ since: Instant, _ until: Instant) {
        let (start, end) = (max(since, from), min(until, to))
        if start < end { shifts.append(Shift(agent: agent, from: start, to: end)) }
    }

    // MARK: Contacts

    private mutating func note(_ contact: Contact, until now: Instant) {
        guard place[contact.id] == nil else { return }
        for case .callbackDialled in contact.timeline.map(\.what) { callbackCalls += 1 }
        for case .callbackAnswered in contact.timeline.map(\.what) { callbackAnswers += 1 }
        guard let arrival = arrival(of: contact, until: now), arrival.at >= from, arrival.at < to else { return }
        place[contact.id] = arrivals.count
        arrivals.append(arrival)
    }

    private func arrival(of contact: Contact, until now: Instant) -> Arrival? {
        var arrival: Arrival?
        var answeredAt: Instant?, offeredAt: Instant?
        var attributes =
            contact.isDigital ? contact.attributes.map { Workload.Kind.Attribute(name: $0.name, value: $0.value) } : []
        var enter: EnterQueue?, node: Workload.Entry?
        for line in contact.timeline {
            switch line.what {
            case .noted(let name, let value):
                attributes.removeAll { $0.name == name }
                attributes.append(.init(name: name, value: value))
            case .visited(let flow, let id):
                if case .queue(let action)? = action(of: id, in: flow) {
                    (enter, node) = (action, Workload.Entry(flow: flow, node: id))
                }
            case .enqueued(let queue, _), .callbackRequested(let queue, _):
                if case .callbackRequested = line.what, let at = arrival?.at, answeredAt == nil {
                    arrival?.end = .callback
                    arrival?.waitedSeconds = (line.at - at).inSeconds
                }
                guard arrival == nil else {
                    // Parked, it may get its place again.
                    if arrival?.end == .callback { continue }
                    return arrival
                }
                arrival = Arrival(
                    contact: contact.id, queue: queue, at: line.at, waitedSeconds: (now - line.at).inSeconds, end: .left,
                    caller: contact.caller, attributes: attributes.sorted())
                arrival?.work = contact.digital?.kind
                arrival?.hasSession = contact.digital.map { $0.keptUntil == nil } ?? false
                arrival?.number = contact.number
                arrival?.node = node
                if case .callbackRequested = line.what {
                    arrival?.isScheduled = true
                    arrival?.end = .callback
                }
                let number = configuration.numbers.first { $0.number == contact.number }
                arrival?.priorityClass = max(enter?.priorityClass ?? 0, number?.priorityClass ?? .min)
                arrival?.boostSeconds =
                    OrderKey.clamped(enter?.boostSeconds ?? 0) + OrderKey.clamped(number?.boostSeconds ?? 0)
            case .offered: offeredAt = line.at
            case .answered:
                guard let at = arrival?.at else { continue }
                answeredAt = line.at
                guard arrival?.end != .callback else { continue }
                arrival?.end = .answered
                arrival?.waitedSeconds = (line.at - at).inSeconds
                arrival?.ringSeconds = offeredAt.map { (line.at - $0).inSeconds }
            case .diverted, .transferred, .agentLeft, .ended:
                guard let at = arrival?.at else { continue }
                if let answeredAt {
                    arrival?.handleSeconds = (line.at - answeredAt).inSeconds
                } else if arrival?.end != .callback {
                    arrival?.waitedSeconds = (line.at - at).inSeconds
                    if case .ended(.abandoned, _) = line.what { arrival?.end = .abandoned }
                } else if case .agentLeft = line.what {
                    // An agent who waited in vain for a customer to answer.
                    continue
                }
                return arrival
            default: continue
            }
        }
        return arrival
    }

    /// The share of the calls to customers who had asked for them that were answered; 1 where there were none.
    var callbacksReached: Double { callbackCalls > 0 ? min(1, Double(callbackAnswers) / Double(callbackCalls)) : 1 }

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
                let calls = arrivals.filter { $0.queue == id && $0.work == nil }
                let works = Set(arrivals.compactMap { $0.queue == id ? $0.work : nil }).sorted()
                return Workload.Queue(
                    id: id, callsPerHour: rates(of: calls, intervals, intervalSeconds), handle: handle(of: calls),
                    patience: Self.patience(of: calls), work: works.map { work(of: $0, in: id, intervals, intervalSeconds) })
            }, intervals: intervals, intervalSeconds: intervalSeconds,
            answer: Self.distribution(of: arrivals.compactMap(\.ringSeconds)) ?? .fixed(0))
    }

    private func work(
        of kind: WorkKindID, in queue: QueueID, _ intervals: Int, _ intervalSeconds: Int
    ) -> Workload.Work {
        let own = arrivals.filter { $0.queue == queue && $0.work == kind }
        let hasSession = own.contains(where: \.hasSession)
        return Workload.Work(
            kind: kind, perHour: rates(of: own, intervals, intervalSeconds), handle: handle(of: own),
            patience: hasSession ? Self.patience(of: own) : nil, hasSession: hasSession)
    }

    private func rates(of arrivals: [Arrival], _ intervals: Int, _ intervalSeconds: Int) -> [Double] {
        var counts = [Double](repeating: 0, count: min(intervals, Workload.intervalsMax))
        for arrival in arrivals {
            let interval = Int((arrival.at - from).microseconds / (Int64(intervalSeconds) * 1_000_000))
            if interval < counts.count { counts[interval] += 3600 / Double(intervalSeconds) }
        }
        return counts
    }

    private func handle(of arrivals: [Arrival]) -> Distribution {
        Self.distribution(of: arrivals.compactMap(\.handleSeconds)) ?? .exponential(mean: Self.handleSecondsUsual)
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
    private static func patience(of arrivals: [Arrival]) -> Distribution? {
        let abandons = arrivals.count { $0.end == .abandoned }
        let waited = arrivals.reduce(0) { $0 + $1.waitedSeconds }
        return abandons > 0 && waited > 0 ? .exponential(mean: waited / Double(abandons)) : nil
    }
}
