// What agents do with a second party on a call.

public import Basics

/// Whom an agent consults.
public enum ConsultTarget: Codable, Hashable, Sendable {
    case agent(AgentID)
    /// A number that the edge knows under that key: no numbers come into the rules.
    case outside(TrunkID, CallerKey)
}

/// The steps from asking somebody to handing the caller on, or to a conference.
public enum ConsultStep: Codable, Hashable, Sendable {
    /// The caller hears music, and the other one is called.
    case begin(ConsultTarget)
    /// The agent talks with the other one of the two.
    case swap
    /// Attended transfer: the caller is with whom the agent has asked, and the agent is out of it.
    case complete
    /// Whom the agent has asked goes, and the caller is back with the agent.
    case backOut
    /// All talk with one another.
    case merge
    /// The agent goes, and the others talk on.
    case leave
}
