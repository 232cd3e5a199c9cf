// A supervisor on somebody else's call (definitions.md 3.9).

public import Basics

/// What a supervisor wants of a call: to begin, or another mode.
public struct Supervision: Codable, Hashable, Sendable {
    public enum Mode: String, Codable, Hashable, Sendable, CaseIterable {
        /// Hears all; nobody hears the supervisor.
        case monitor
        /// Hears all; only the agent hears the supervisor.
        case whisper
        /// Hears only the agent; only the agent hears the supervisor.
        case privateWhisper = "private-whisper"
        /// Hears all and is heard by all.
        case barge
        /// The caller is with the supervisor, and the agent is out of it.
        case takeOver = "take-over"
    }

    public var supervisor: AgentID
    public var contact: ContactID
    public var mode: Mode

    public init(supervisor: AgentID, contact: ContactID, mode: Mode) {
        self.supervisor = supervisor
        self.contact = contact
        self.mode = mode
    }
}
