// What an admin says of a queue and of an agent, compiled for the router.

public import Basics

/// What makes one agent a better choice than another; compared in the order in which a queue lists them.
public enum SelectionKey: String, Codable, Hashable, Sendable, CaseIterable {
    /// Lower level of the member first (definitions.md 3.1: always the first key).
    case level
    /// Who has been idle longest.
    case longestIdle = "longest-idle"
    /// Who has answered fewest contacts since signing in.
    case fewestCalls = "fewest-calls"
    /// The order of the members in the configuration.
    case order
}

/// How a queue treats those who wait in it and whom it offers them to.
public struct QueueRules: Codable, Hashable, Sendable {
    public struct Member: Codable, Hashable, Sendable {
        public var agent: AgentID
        public var level: Int

        public init(agent: AgentID, level: Int = 1) {
            self.agent = agent
            self.level = level
        }
    }

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

/// What the router knows of an agent from the configuration.
public struct AgentRules: Codable, Hashable, Sendable {
    public var id: AgentID
    public var devices: [DeviceID]

    public init(id: AgentID, devices: [DeviceID]) {
        self.id = id
        self.devices = devices
    }
}
