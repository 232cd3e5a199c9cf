// The device that nobody configures.

public import Basics

extension AgentID {
    /// The agent's browser, among the agent's devices when there is a password to sign in with. To the rules it is a phone
    /// like any other: registered while the desk's connection and its media both stand.
    public var browser: DeviceID { DeviceID(rawValue + "-browser") }
}
