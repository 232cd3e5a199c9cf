// The compiled configuration: everything that the rules were told by an admin, as one value.

public import ACD
public import Basics
public import IVR

/// What a dialled number leads to.
public struct NumberRules: Codable, Hashable, Sendable {
    /// As the trunk sends it in the request URI, compared digit by digit.
    public var number: String
    public var flow: FlowID
    /// Where calls go when the center itself cannot take them (S0-83).
    public var fallback: Fallback?
    /// Recorded from the announcement on.
    public var recording: QueueRules.Recording?
    // Optional, so that what was compiled before is read, and keeps its version.
    private var classOfPriority: Int?
    private var headStart: Int?
    private var isForcedToFallback: Bool?

    /// Of a priority line, in every queue: the least class; nil: whatever the flow says.
    public var priorityClass: Int? {
        get { classOfPriority }
        set { classOfPriority = newValue }
    }

    /// Of a priority line, beside that of the flow.
    public var boostSeconds: Int {
        get { headStart ?? 0 }
        set { headStart = newValue == 0 ? nil : newValue }
    }

    /// Somebody has decided that calls take the fallback now, whatever the state of the center (S0-83).
    public var isFallbackForced: Bool {
        get { isForcedToFallback ?? false }
        set { isForcedToFallback = newValue ? true : nil }
    }

    public struct Fallback: Codable, Hashable, Sendable {
        public var trunk: TrunkID
        public var number: String

        public init(trunk: TrunkID, number: String) {
            self.trunk = trunk
            self.number = number
        }
    }

    public init(number: String, flow: FlowID, fallback: Fallback? = nil, recording: QueueRules.Recording? = nil) {
        self.number = number
        self.flow = flow
        self.fallback = fallback
        self.recording = recording
    }
}

/// What agents dial to sign in and out (`*` feature codes).
public struct FeatureCodes: Codable, Hashable, Sendable {
    public var available: String
    public var offline: String
    /// Dialled code to reason code of the pause.
    public var pauses: [Pause]

    public struct Pause: Codable, Hashable, Sendable {
        public var code: String
        public var reason: String

        public init(code: String, reason: String) {
            self.code = code
            self.reason = reason
        }
    }

    public init(available: String = "*11", offline: String = "*10", pauses: [Pause] = [Pause(code: "*12", reason: "break")]) {
        self.available = available
        self.offline = offline
        self.pauses = pauses
    }
}

/// One version of everything that an admin decides, as the rules need it. Lists keep the order of the files.
public struct CenterConfiguration: Codable, Hashable, Sendable {
    /// A hash of the content: the same configuration has the same version on every machine.
    public var version: String
    public var queues: [QueueRules]
    public var agents: [AgentRules]
    public var flows: [Flow]
    public var numbers: [NumberRules]
    public var hours: [OpeningHours]
    public var featureCodes: FeatureCodes
    /// Reasons that an agent may give for a pause, beside those that the system gives.
    public var pauseReasons: [String]
    // Optional, so that what was compiled before is read, and keeps its version.
    private var lostSeconds: Int?
    private var dispositionList: [Disposition]?
    private var localOffsets: [OpeningHours.Offset]?
    private var priorityRules: [PriorityRule]?
    private var workKinds: [WorkKind]?
    private var resetOfCounts: Int?
    private var formList: [SecureForm]?

    /// What agents may have callers key in unheard.
    public var secureForms: [SecureForm] {
        get { formList ?? [] }
        set { formList = newValue.isEmpty ? nil : newValue }
    }

    /// The second of the day, in the center's local time, at which what agents have answered and talked is compared anew; nil:
    /// each agent's with each sign-in.
    public var countsResetSecond: Int? {
        get { resetOfCounts }
        set { resetOfCounts = newValue.map { min(max(0, $0), 86_399) } }
    }

    private var hidesSupervision: Bool?
    private var outsideRules: [OutsideRules]?

    /// The trunks over which agents may have somebody outside called, the first that fits first; none: they may not.
    public var outside: [OutsideRules] {
        get { outsideRules ?? [] }
        set { outsideRules = newValue.isEmpty ? nil : newValue }
    }

    /// Agents are told that a supervisor is on their call.
    public var showsSupervision: Bool {
        get { hidesSupervision != true }
        set { hidesSupervision = newValue ? nil : true }
    }

    /// Kinds of work; calls are there in any case, and fill their agent if nothing else is said of them.
    public var kinds: [WorkKind] {
        get { workKinds ?? [] }
        set { workKinds = newValue.isEmpty ? nil : newValue }
    }

    /// For so many seconds an agent is waited for whose browser is gone; at least 1.
    public var lostGraceSeconds: Int {
        get { lostSeconds ?? Self.lostGraceSecondsUsual }
        set { lostSeconds = newValue == Self.lostGraceSecondsUsual ? nil : max(1, newValue) }
    }
    public static let lostGraceSecondsUsual = 60

    /// What agents can say of a contact in the wrap-up; each code once.
    public var dispositions: [Disposition] {
        get { dispositionList ?? [] }
        set { dispositionList = newValue.isEmpty ? nil : newValue }
    }

    /// What attributes of a contact say of its place in every queue (S0-02).
    public var priorities: [PriorityRule] {
        get { priorityRules ?? [] }
        set { priorityRules = newValue.isEmpty ? nil : newValue }
    }

    /// The center's local time, in which the agents' figures of today begin at midnight; none: UTC.
    public var dayOffsets: [OpeningHours.Offset] {
        get { localOffsets ?? [] }
        set { localOffsets = newValue.isEmpty ? nil : newValue }
    }

    public init(
        version: String, queues: [QueueRules] = [], agents: [AgentRules] = [], flows: [Flow] = [], numbers: [NumberRules] = [],
        hours: [OpeningHours] = [], featureCodes: FeatureCodes = FeatureCodes(), pauseReasons: [String] = ["break"],
        lostGraceSeconds: Int = Self.lostGraceSecondsUsual, dispositions: [Disposition] = [],
        dayOffsets: [OpeningHours.Offset] = []
    ) {
        self.version = version
        self.queues = queues
        self.agents = agents
        self.flows = flows
        self.numbers = numbers
        self.hours = hours
        self.featureCodes = featureCodes
        self.pauseReasons = pauseReasons
        self.lostGraceSeconds = lostGraceSeconds
        self.dispositions = dispositions
        self.dayOffsets = dayOffsets
    }

    var lostGrace: Duration { .seconds(lostGraceSeconds) }

    /// The rules of each number; of one that stands there twice the first ones count.
    var numberTable: PagedMap<String, NumberRules> {
        var table = PagedMap<String, NumberRules>()
        for rules in numbers.reversed() { table[rules.number] = rules }
        return table
    }

    /// Days since 1970-01-01, in the center's local time.
    func day(at now: Instant) -> Int {
        let offset = dayOffsets.last { $0.from <= now } ?? dayOffsets.first
        let local = now + .seconds(offset?.seconds ?? 0)
        let daysRoundedToZero = local.microseconds / 86_400_000_000
        return Int(local < .epoch ? daysRoundedToZero - 1 : daysRoundedToZero)
    }
}
