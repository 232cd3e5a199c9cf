// What somebody may do over the API.

/// Roles in order of their rights; each may do what those before it may.
public enum Role: String, Hashable, Sendable, CaseIterable, Comparable {
    /// Figures without personal data: status and metrics.
    case reader
    /// The own state and the own contacts.
    case agent
    /// All agents, queues and contacts.
    case supervisor
    /// Everything, the configuration included.
    case admin

    public static func < (a: Role, b: Role) -> Bool { a.rank < b.rank }

    private var rank: Int {
        switch self {
        case .reader: 0
        case .agent: 1
        case .supervisor: 2
        case .admin: 3
        }
    }
}
