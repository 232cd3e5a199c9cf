// Who asks.

internal import Basics
internal import SiteConfiguration

/// Somebody who has proved who they are, and what they may do.
struct Principal: Sendable, Hashable {
    /// The name of the token, or of the page's session. An agent's token bears the agent's name.
    let name: String
    let role: Role
    /// Set if a cookie brought the request: then it could have been forged by another site.
    var session: SecretDigest?

    /// The role `agent` covers the own state and the own contacts only; those above it cover everybody's.
    func mayAct(for agent: AgentID?) -> Bool {
        role > .agent || (role == .agent && agent?.rawValue == name)
    }
}
