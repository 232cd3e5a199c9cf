// By what people reach the center.

/// A way to reach the center. Each kind of work comes over one of them, and an agent can close one for a while.
public enum Channel: String, Codable, Hashable, Sendable, CaseIterable, Comparable {
    case voice
    case chat
    /// SMS and messengers: a conversation with pauses of hours.
    case message
    case email
    case ticket

    public static func < (a: Channel, b: Channel) -> Bool { a.place < b.place }

    private var place: Int {
        switch self {
        case .voice: 0
        case .chat: 1
        case .message: 2
        case .email: 3
        case .ticket: 4
        }
    }
}
