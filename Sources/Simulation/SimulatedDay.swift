// A day of contacts through the real rules, as fast as the machine goes.

internal import ACD
public import Basics
public import ContactCenter
internal import KPI

/// Drives a `Center` with the customers and agents of a workload under a virtual clock.
///
/// The rules decide who gets whom as they do in the daemon; here stand only the people: when they come, hang up, answer and
/// are done. Each kind of chance has its own numbers, so that two workloads with one seed meet the same customers.
public struct SimulatedDay: Sendable {
    /// After the last interval nobody comes any more; whoever waits is served for so much longer.
    public static let runOutSeconds = 14_400
    /// Events for each expected contact, on top of some for the agents; a rule that keeps asking to be woken is a fault.
    static let eventsPerContactMax = 200

    enum Due: Hashable, Sendable, Codable {
        case interval(Int)
        case arrival(stream: Int)
        /// Of a day that was: the arrival at this place of its trace.
        case recordedArrival(Int)
        case presence(AgentID, Bool)
        case patienceOver(ContactID)
        /// Everything has been said, or written.
        case talkOver(ContactID)
        case answer(LegID)
        case wrapUpDone(AgentID, ContactID)
        case playbackEnded(LegID, PlaybackID)
        /// A caller gives no digits.
        case collectOver(LegID)
        case messageOver(LegID)
        case outsideAnswers(ContactID, LegID)
        case customerRings(LegID)
        case customerAnswers(LegID)
    }

    /// Somebody who wants something, from the arrival to the end.
    struct Customer: Sendable {
        /// Place in the workload of the queue that was entered first.
        let queue: Int
        /// nil: nobody is on the line.
        var leg: LegID?
        /// What it is; nil: a call.
        let work: WorkKindID?
        let handleSeconds: Double
        /// nil: waits for ever.
        let patienceSeconds: Double?
        var takesCallback: Bool
        /// The share of calls that are answered by whoever is called back.
        let reached: Double
        /// Does not hang up before.
        var patientUntil = Instant.distantFuture
        /// Pressed when what is being played has ended.
        var key: String?
        var agent: AgentID?
        /// How long the wrap-up takes, if the rules give it so much.
        var wrapUpSeconds = 0.0
    }

    /// What comes in independently of everything else: the calls of a queue, or its work of one kind.
    struct Stream: Sendable {
        let queue: Int
        let work: Workload.Work?
        var chance: Chance
    }

    /// A stream's own chances.
    struct Chance: Sendable {
        var arrivals: SeededRandom
        var handling: SeededRandom
        var patience: SeededRandom
        var kinds: SeededRandom
        var callbacks: SeededRandom
    }

    struct Presence: Sendable {
        var busySince: Instant?
        var staffedSince: Instant?
        var isWanted = false
        var busy: [Double]
        var staffed: [Double]
    }

    public let workload: Workload
    /// The day that was, whose customers come again; nil: they are drawn.
    let trace: DayTrace?
    public internal(set) var figures: DayFigures
    /// As the day has left it.
    public private(set) var center = Center()
    /// Everything that the rules were told, as a journal has it, and the contacts that are over; empty unless they were asked
    /// for.
    public private(set) var journal: [(at: Instant, event: Event)] = []
    public internal(set) var closed: [Contact] = []
    let keepsRecords: Bool
    /// Of what kind each arrival of the trace is.
    let kindsOfTrace: [Int]
    let rules: [QueueRules]
    let agents: [SimulatedAgent]
    private let start: Instant
    var now: Instant
    var dues = DeadlineHeap<Due>()
    // Only ever asked by key: their order is nowhere looked at.
    var customers: [ContactID: Customer] = [:]
    /// Of customers.
    var legs: [LegID: ContactID] = [:]
    var ringing: [LegID: (contact: ContactID, agent: AgentID, kind: WorkKindID?)] = [:]
    var presences: [AgentID: Presence] = [:]
    let placeOfQueue: [QueueID: Int]
    var streams: [Stream]
    var answering: SeededRandom
    private var commands: [Command] = []
    private var lastLeg: UInt64 = 1

    private static let startUsual = Instant(seconds: 1_760_000_000)

    /// - Parameters:
    ///   - rules: the configuration whose queues' rules and flows apply, and whose agents work if the workload names no teams.
    ///   - trace: a day that was. Its customers come when they came, with their own patience and time as far as it was seen,
    ///     and its agents are there when they were there, beside the teams of the workload.
    ///   - seed: the same seed gives the same day.
    ///   - keepsRecords: fill `journal` and `closed`.
    /// - Throws: `WorkloadError`.
    public init(
        _ described: Workload, rules: CenterConfiguration? = nil, trace: DayTrace? = nil, seed: UInt64,
        keepsRecords: Bool = false
    ) throws(WorkloadError) {
        var workload = described, kinds: [Int] = []
        if let trace {
            (workload, kinds, _) = described.with(trace, rules: rules ?? CenterConfiguration(version: ""))
        }
        if let rules { workload = workload.withOverflow(rules) }
        let (configuration, agents) = try workload.center(rules: rules, trace: trace)
        kindsOfTrace = kinds
        self.keepsRecords = keepsRecords
        self.workload = workload
        self.trace = trace
        self.rules = configuration.queues
        self.agents = agents
        // Opening hours are those of the day that was.
        start = (trace?.from ?? Self.startUsual) - .seconds(trace == nil ? 0 : workload.warmUpSeconds)
        now = start
        let none = [IntervalFigures](repeating: IntervalFigures(), count: workload.intervals)
        figures = DayFigures(
            seed: seed, queues: workload.queues.map(\.id), byQueue: workload.queues.map { _ in none }, byInterval: none)
        placeOfQueue = Dictionary(
            workload.queues.enumerated().map { ($0.element.id, $0.offset) }, uniquingKeysWith: { first, _ in first })
        streams = Self.streams(of: workload, seed: seed)
        answering = Self.stream(seed, 0)
        let seconds = [Double](repeating: 0, count: workload.intervals)
        for agent in agents { presences[agent.id] = Presence(busy: seconds, staffed: seconds) }
        submit(.configurationApplied(configuration))
        for agent in agents { submit(.deviceRegistered(agent.device)) }
        setPresences(interval: 0)
        for interval in 0..<workload.intervals { dues.set(.interval(interval), at: begin(of: interval)) }
        if let trace {
            schedule(trace)
        } else {
            for stream in streams.indices { scheduleArrival(stream) }
        }
    }

    /// The calls of each queue, then their other work.
    private static func streams(of workload: Workload, seed: UInt64) -> [Stream] {
        func chance(_ number: UInt64, _ kinds: UInt64) -> Chance {
            Chance(
                arrivals: stream(seed, 3 * number + 1), handling: stream(seed, 3 * number + 2),
                patience: stream(seed, 3 * number + 3), kinds: stream(seed, ~kinds), callbacks: stream(seed, ~kinds - 1 << 32))
        }
        var streams = workload.queues.indices.map { queue in
            Stream(queue: queue, work: nil, chance: chance(UInt64(queue), UInt64(queue)))
        }
        for (queue, described) in workload.queues.enumerated() {
            for (place, work) in described.work.enumerated() {
                // Behind those of all queues, wherever these stand: one queue more changes nobody's chances.
                let number = UInt64(Workload.queuesMax) + UInt64(queue * Workload.worksMax + place)
                streams.append(Stream(queue: queue, work: work, chance: chance(number, number)))
            }
        }
        return streams
    }

    /// One number of a seed's own sequence begins another: neighbours would be the same one, shifted.
    private static func stream(_ seed: UInt64, _ number: UInt64) -> SeededRandom {
        var mixer = SeededRandom(seed: seed ^ (number &* 0xD1B5_4A32_D192_ED03))
        return SeededRandom(seed: mixer.next())
    }

    // MARK: The clock

    func begin(of interval: Int) -> Instant {
        start + .seconds(workload.warmUpSeconds + interval * workload.intervalSeconds)
    }

    var end: Instant { begin(of: workload.intervals) }

    /// Below 0 in the warm-up.
    func interval(at time: Instant) -> Int {
        let since = (time - begin(of: 0)).microseconds
        return since < 0 ? -1 : Int(since / (Int64(workload.intervalSeconds) * 1_000_000))
    }

    /// Goes on to the end of the day, and until nobody waits any more.
    ///
    /// - Throws: `endless`.
    public mutating func run() throws(WorkloadError) -> DayFigures {
        let last = end + .seconds(Self.runOutSeconds)
        let contacts = max(Int(workload.expectedContacts), trace?.arrivals.count ?? 0) + 1
        let eventsMax = Self.eventsPerContactMax * contacts + 1000 * (agents.count + workload.intervals)
        while figures.events < eventsMax {
            let due = dues.first?.at ?? .distantFuture, deadline = center.nextDeadline
            let next = min(due, deadline)
            guard next <= last, next <= end || !customers.isEmpty else { break }
            now = max(now, next)
            if deadline <= due {
                submit(.deadlinesPassed)
            } else if let entry = dues.removeFirst() {
                fire(entry.target)
            }
        }
        guard figures.events < eventsMax else { throw .endless(eventsMax: eventsMax) }
        now = max(now, end)
        close()
        return figures
    }

    /// - Parameter customer: who comes with it.
    mutating func submit(_ event: Event, from customer: Customer? = nil) {
        figures.events += 1
        if keepsRecords { journal.append((now, event)) }
        let before = center.figures.contacts
        commands.removeAll(keepingCapacity: true)
        center.handle(event, at: now, into: &commands)
        if let customer {
            // Contacts are numbered in the order in which they come; who calls again may go on as the contact from before.
            let isNew = center.figures.contacts > before
            let known = customer.leg.flatMap { center.contact(of: $0) }
            adopt(customer, as: known ?? (isNew ? ContactID(rawValue: UInt64(center.figures.contacts)) : nil))
        }
        for command in commands { perform(command) }
    }

    mutating func makeLeg() -> LegID {
        lastLeg += 2
        return LegID(rawValue: lastLeg)
    }
}
