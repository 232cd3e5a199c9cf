// What an admin says of a queue and of an agent, compiled for the router.

public import Basics

/// How a queue treats those who wait in it and whom it offers them to.
public struct QueueRules: Codable, Hashable, Sendable {
    public struct Member: Codable, Hashable, Sendable {
        public var agent: AgentID
        public var level: Int
        var share: Int?

        /// In a weighted draw an agent of weight 2 is drawn twice as often as one of weight 1.
        public var weight: Int {
            get { share ?? 1 }
            set { share = newValue == 1 ? nil : newValue }
        }

        public init(agent: AgentID, level: Int = 1, weight: Int = 1) {
            self.agent = agent
            self.level = level
            self.weight = weight
        }
    }

    /// Weights of members reach from 1 to this.
    public static let memberWeightMax = 100

    /// When a contact is recorded, and what the caller is told before the first recorded sample.
    public struct Recording: Codable, Hashable, Sendable {
        /// The text of the announcement; never empty (checked at load).
        public var announcement: String

        public init(announcement: String) { self.announcement = announcement }
    }

    public var id: QueueID
    public var members: [Member]
    public var keys: [SelectionKey]
    /// Between queues of the same agent: higher first.
    public var weight: Int
    public var offerSeconds: Int
    public var wrapUpSeconds: Int
    /// Missed offers in a row, over all queues, after which the agent is set to "not responding".
    public var missesMax: Int
    /// Diverted with cause `full` beyond this; nil: no limit.
    public var waitingMax: Int?
    /// Diverted with cause `timeout` after this; nil: no limit.
    public var waitSecondsMax: Int?
    /// Whether one may enter while no member is signed in; otherwise diverted with cause `join-empty`.
    public var joinEmpty: Bool
    /// Whether those who wait are diverted with cause `leave-empty` when the last member signs out.
    public var leaveEmpty: Bool
    /// Threshold T of the service level.
    public var serviceLevelSeconds: Int
    /// Seconds between announcements of position and expected wait; 0: only once at the beginning; nil: never.
    public var announceEverySeconds: Int?
    /// A WAV file below `Config/prompts`; nil: the built-in music.
    public var music: String?
    public var recording: Recording?
    // Optional, so that what was compiled before is read, and keeps its version.
    private var dispositionRequired: Bool?
    private var wrapUpFixed: Bool?
    private var ringMode: RingMode?
    private var requirementSteps: [RequirementStep]?
    private var openings: [LevelOpening]?
    private var skipsEmptyLevels: Bool?
    private var preferenceRules: PreferenceRules?
    private var limitRules: QueueLimits?
    private var callbackRules: CallbackRules?
    private var workKinds: [WorkKindID]?
    private var modeOfWrapUp: WrapUpMode?
    private var longestWrapUp: Int?

    /// Whether its agents keep what they have done for it.
    public var comparesRecords: Bool { keys.contains(where: \.comparesQueue) }

    /// What it wants of its agents after a contact. `wrapUpSeconds` is the length of one that is timed.
    public var wrapUpMode: WrapUpMode {
        get { modeOfWrapUp ?? .timed }
        set { modeOfWrapUp = newValue == .timed ? nil : newValue }
    }

    /// After so long a wrap-up ends that otherwise ends when the agent says so.
    public var wrapUpSecondsMax: Int {
        get { longestWrapUp ?? WrapUpMode.secondsMaxUsual }
        set { longestWrapUp = newValue == WrapUpMode.secondsMaxUsual ? nil : max(1, newValue) }
    }

    /// What may wait here: calls alone, or other kinds, or several in one order of service (C8).
    public var kinds: [WorkKindID] {
        get { workKinds ?? [.call] }
        set { workKinds = newValue == [.call] ? nil : newValue }
    }

    /// How many agents a contact rings at once.
    public var ring: RingMode {
        get { ringMode ?? .one }
        set { ringMode = newValue == .one ? nil : newValue }
    }

    /// What is required of an agent, in steps that relax; none: every member may have every contact.
    public var require: [RequirementStep] {
        get { requirementSteps ?? [] }
        set { requirementSteps = newValue.isEmpty ? nil : newValue }
    }

    /// Levels that are not open from the beginning, in the order of the levels; those behind one that is closed are, too.
    public var levelOpenings: [LevelOpening] {
        get { openings ?? [] }
        set { openings = newValue.isEmpty ? nil : newValue.sorted { $0.level < $1.level } }
    }

    /// Whether a level opens at once when nobody of the levels before it is signed in (FreeSWITCH: no-agent-no-wait).
    public var opensEmptyLevels: Bool {
        get { skipsEmptyLevels != false }
        set { skipsEmptyLevels = newValue ? nil : false }
    }

    /// Who is asked before all others; nil: nobody.
    public var preference: PreferenceRules? {
        get { preferenceRules }
        set { preferenceRules = newValue }
    }

    /// Other reasons to give a contact away than those above.
    public var limits: QueueLimits {
        get { limitRules ?? QueueLimits() }
        set { limitRules = newValue == QueueLimits() ? nil : newValue }
    }

    /// How those are called back who do not want to wait on the line; nil: nobody is.
    public var callback: CallbackRules? {
        get { callbackRules }
        set { callbackRules = newValue }
    }

    /// Whether an agent at the desk has to say how the contact went before the wrap-up ends. Nothing is asked for where there
    /// is no wrap-up, or no disposition to choose from.
    public var isDispositionRequired: Bool {
        get { dispositionRequired ?? false }
        set { dispositionRequired = newValue ? true : nil }
    }

    /// Whether the agent may have the time of the wrap-up again, once.
    public var isWrapUpExtendable: Bool {
        get { wrapUpFixed != true }
        set { wrapUpFixed = newValue ? nil : true }
    }

    public init(
        id: QueueID, members: [Member], keys: [SelectionKey] = [.level, .longestIdle], weight: Int = 0, offerSeconds: Int = 20,
        wrapUpSeconds: Int = 15, missesMax: Int = 2, waitingMax: Int? = nil, waitSecondsMax: Int? = nil, joinEmpty: Bool = true,
        leaveEmpty: Bool = false, serviceLevelSeconds: Int = 20, announceEverySeconds: Int? = 60, music: String? = nil,
        recording: Recording? = nil, isDispositionRequired: Bool = false, isWrapUpExtendable: Bool = true
    ) {
        self.id = id
        self.members = members
        self.keys = keys
        self.weight = weight
        self.offerSeconds = offerSeconds
        self.wrapUpSeconds = wrapUpSeconds
        self.missesMax = missesMax
        self.waitingMax = waitingMax
        self.waitSecondsMax = waitSecondsMax
        self.joinEmpty = joinEmpty
        self.leaveEmpty = leaveEmpty
        self.serviceLevelSeconds = serviceLevelSeconds
        self.announceEverySeconds = announceEverySeconds
        self.music = music
        self.recording = recording
        self.isDispositionRequired = isDispositionRequired
        self.isWrapUpExtendable = isWrapUpExtendable
    }
}

/// Reasons to give a contact away, each counted apart (definitions.md 3.3).
public struct QueueLimits: Codable, Hashable, Sendable {
    /// Outside these hours nobody is taken in (`closed`); nil: always open.
    public var hours: HoursID?
    /// More waiting contacts than this for each member who is signed in: `wait-ratio`; nil: no limit.
    public var waitingPerAgentMax: Double?
    /// A longer expected wait than this: `wait-time`; nil: no limit.
    public var expectedWaitSecondsMax: Int?
    /// Keys with which a caller who waits leaves the queue (`key`).
    public var exitKeys: [String]

    public init(
        hours: HoursID? = nil, waitingPerAgentMax: Double? = nil, expectedWaitSecondsMax: Int? = nil, exitKeys: [String] = []
    ) {
        self.hours = hours
        self.waitingPerAgentMax = waitingPerAgentMax
        self.expectedWaitSecondsMax = expectedWaitSecondsMax
        self.exitKeys = exitKeys
    }
}

/// What the router knows of an agent from the configuration.
public struct AgentRules: Codable, Hashable, Sendable {
    public var id: AgentID
    public var devices: [DeviceID]
    var skillsAndTags: AgentSkills?
    /// How much the agent may have at once; nil: the usual capacity, and everything that comes.
    public var limits: AgentLimits?

    public var skills: AgentSkills {
        get { skillsAndTags ?? AgentSkills() }
        set { skillsAndTags = newValue.isEmpty ? nil : newValue }
    }

    public init(id: AgentID, devices: [DeviceID], skills: AgentSkills = AgentSkills()) {
        self.id = id
        self.devices = devices
        self.skills = skills
    }
}
