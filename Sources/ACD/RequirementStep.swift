// How long a queue insists: requirements that relax, levels that open, agents that are waited for first.

public import Basics

/// One step of what a queue requires; the first one holds from the beginning.
public struct RequirementStep: Codable, Hashable, Sendable {
    public enum Condition: Codable, Hashable, Sendable {
        /// The expected wait of the contact.
        case expectedWaitOver(seconds: Int)
        /// Agents signed in, pauses included, who meet the step before.
        case staffedUnder(Int)
    }

    /// Steps of one queue.
    public static let stepsMax = 10

    public var requirement: Requirement
    /// Since the contact has entered the queue; nil: not by time.
    public var afterSeconds: Int?
    /// Takes effect before its time as soon as this holds; nil: by time alone.
    public var condition: Condition?

    public init(_ requirement: Requirement, afterSeconds: Int? = nil, when condition: Condition? = nil) {
        self.requirement = requirement
        self.afterSeconds = afterSeconds
        self.condition = condition
    }
}

/// A level whose agents are offered a contact only after it has waited for a time.
public struct LevelOpening: Codable, Hashable, Sendable {
    public var level: Int
    /// Since the contact has entered the queue.
    public var afterSeconds: Int

    public init(level: Int, afterSeconds: Int) {
        self.level = level
        self.afterSeconds = afterSeconds
    }
}

/// Agents who are asked before all others.
public struct PreferenceRules: Codable, Hashable, Sendable {
    public struct Agent: Codable, Hashable, Sendable {
        public var agent: AgentID
        /// Higher first.
        public var weight: Int

        public init(agent: AgentID, weight: Int = 1) {
            self.agent = agent
            self.weight = weight
        }
    }

    /// The agent that has talked with the caller last.
    public struct LastAgent: Codable, Hashable, Sendable {
        /// A talk that is longer ago does not count.
        public var withinSeconds: Int
        /// How long the contact waits for that agent before anybody else may have it.
        public var waitSeconds: Int

        public init(withinSeconds: Int, waitSeconds: Int) {
            self.withinSeconds = withinSeconds
            self.waitSeconds = waitSeconds
        }
    }

    /// Agents of one list.
    public static let agentsMax = 20

    public var agents: [Agent]
    /// How long the contact waits for the agents of the list before anybody else may have it.
    public var waitSeconds: Int
    public var lastAgent: LastAgent?

    public init(agents: [Agent] = [], waitSeconds: Int = 30, lastAgent: LastAgent? = nil) {
        self.agents = agents
        self.waitSeconds = waitSeconds
        self.lastAgent = lastAgent
    }
}
