// How a supervisor takes part in somebody else's call.

/// The modes of supervision (definitions 3.9). Whether somebody may do so, and who is told of it, is the rules' affair.
public enum SupervisionMode: String, Hashable, Sendable, CaseIterable {
    /// Hears all; nobody hears the supervisor.
    case monitor
    /// Hears all; only the agent hears the supervisor.
    case whisper
    /// Hears only the agent; only the agent hears the supervisor.
    case privateWhisper
    /// Hears all and is heard by all.
    case barge
    /// Takes the agent's place: the agent neither hears nor is heard any more.
    case takeOver
}
