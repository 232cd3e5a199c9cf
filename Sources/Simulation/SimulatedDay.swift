// A day of calls through the real rules, as fast as the machine goes.

internal import ACD
public import Basics
public import ContactCenter
internal import KPI

/// Drives a `Center` with the callers and agents of a workload under a virtual clock.
///
/// The rules decide who gets whom as they do in the daemon; here stand only the people: when they call, hang up, answer and
/// are done. Each kind of chance has its own numbers, so that two workloads with one seed meet the same callers.
public struct SimulatedDay: Sendable {
    /// After the last interval nobody calls any more; whoever waits is served for so much longer.
    public static let runOutSeconds = 14_400
    /// Events for each expected contact, on top of some for the agents; a rule that keeps asking to be woken is a fault.
    static let eventsPerContactMax = 200

    enum Due: Hashable, Sendable, Codable {
        case interval(Int)
        case arrival(queue: Int)
        /// Of a day that was: the arrival at this place of its trace.
        case recordedArrival(Int)
        case presence(AgentID, Bool)
        /// A caller's leg from here on: patience is over, or everything has been said.
        case patienceOver(LegID)
        case talkOver(LegID)
        case answer(LegID)
        case wrapUpDone(AgentID)
        case playbackEnded(LegID, PlaybackID)
    }

    struct Call: Sendable {
        var queue: Int
        /// Below 0: in the warm-up.
        var interval: Int
        var enqueuedAt: Instant
        var talkSeconds: Double
        /// How long the wrap-up takes, if the rules give it so much.
        var wrapUpSeconds: Double
        var agent: AgentID?
    }

    /// A queue's own streams of chance.
    struct Chance: Sendable {
        var arrivals: SeededRandom
        var handling: SeededRandom
        var patience: SeededRandom
        var kinds: SeededRandom
    }

    struct Presence: Sendable {
        var busySince: Instant?
        var staffedSince: Instant?
        var isWanted = false
        var busy: [Double]
        var staffed: [Double]
    }

    public let workload: Workload
    /// The day that was, whose callers come again; nil: they are drawn.
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
    var now = Self.start
    var dues = DeadlineHeap<Due>()
    // Only ever asked by key: their order is nowhere looked at.
    var calls: [LegID: Call] = [:]
    var ringing: [LegID: (caller: LegID, agent: AgentID)] = [:]
    var presences: [AgentID: Presence] = [:]
    var chances: [Chance]
    var answering: SeededRandom
    private var commands: [Command] = []
    private var lastLeg: UInt64 = 1

    private static let start = Instant(seconds: 1_760_000_000)

    /// - Parameters:
    ///   - rules: the configuration whose queues' rules apply, and whose agents work if the workload names no teams.
    ///   - trace: a day that was. Its callers come when they came, with their own patience and time as far as it was seen,
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
            (workload, kinds) = described.with(trace, rules: rules?.queues ?? [], rules?.priorities ?? [])
        }
        let (configuration, agents) = try workload.center(rules: rules, hasShifts: trace != nil)
        kindsOfTrace = kinds
        self.keepsRecords = keepsRecords
        self.workload = workload
        self.trace = trace
        self.rules = configuration.queues
        self.agents = agents
        let none = [IntervalFigures](repeating: IntervalFigures(), count: workload.intervals)
        figures = DayFigures(
            seed: seed, queues: workload.queues.map(\.id), byQueue: workload.queues.map { _ in none }, byInterval: none)
        chances = workload.queues.indices.map { index in
            Chance(
                arrivals: Self.stream(seed, 3 * UInt64(index) + 1), handling: Self.stream(seed, 3 * UInt64(index) + 2),
                patience: Self.stream(seed, 3 * UInt64(index) + 3), kinds: Self.stream(seed, ~UInt64(index)))
        }
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
            for queue in workload.queues.indices { scheduleArrival(queue) }
        }
    }

    /// One number of a seed's own sequence begins another: neighbours would be the same one, shifted.
    private static func stream(_ seed: UInt64, _ number: UInt64) -> SeededRandom {
        var mixer = SeededRandom(seed: seed ^ (number &* 0xD1B5_4A32_D192_ED03))
        return SeededRandom(seed: mixer.next())
    }

    // MARK: The clock

    func begin(of interval: Int) -> Instant {
        Self.start + .seconds(workload.warmUpSeconds + interval * workload.intervalSeconds)
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
        let contacts = Int(workload.expectedContacts) + 1
        let eventsMax = Self.eventsPerContactMax * contacts + 1000 * (agents.count + workload.intervals)
        while figures.events < eventsMax {
            let due = dues.first?.at ?? .distantFuture, deadline = center.nextDeadline
            let next = min(due, deadline)
            guard next <= last, next <= end || !calls.isEmpty else { break }
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

    mutating func submit(_ event: Event) {
        figures.events += 1
        if keepsRecords { journal.append((now, event)) }
        commands.removeAll(keepingCapacity: true)
        center.handle(event, at: now, into: &commands)
        for command in commands { perform(command) }
    }

    mutating func makeLeg() -> LegID {
        lastLeg += 2
        return LegID(rawValue: lastLeg)
    }
}
