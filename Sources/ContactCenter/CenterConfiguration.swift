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

    public init(
        version: String, queues: [QueueRules] = [], agents: [AgentRules] = [], flows: [Flow] = [], numbers: [NumberRules] = [],
        hours: [OpeningHours] = [], featureCodes: FeatureCodes = FeatureCodes(), pauseReasons: [String] = ["break"]
    ) {
        self.version = version
        self.queues = queues
        self.agents = agents
        self.flows = flows
        self.numbers = numbers
        self.hours = hours
        self.featureCodes = featureCodes
        self.pauseReasons = pauseReasons
    }
}
