// Why datagrams are dropped, and how often.

/// Every datagram that is not taken has one of these causes.
public nonisolated enum BrowserDrop: String, Sendable, CaseIterable {
    /// Neither STUN nor DTLS nor RTP.
    case foreign
    /// Longer than a network packet.
    case oversized
    /// STUN of a broken form.
    case malformedCheck
    /// A check for a session that there isn't.
    case unknownUser
    /// A check of a session with a wrong password, a missing attribute or the wrong role.
    case refusedCheck
    /// DTLS or RTP from an address over which no check has passed.
    case unvalidated
    /// DTLS that came in faster than handshakes can be worked off.
    case handshakeBacklog
    /// DTLS for a session whose association has ended.
    case staleHandshake
    /// RTP before there are keys.
    case early
    case replayed
    case notAuthentic
    case malformedPacket
    /// More packets in a second than any voice has.
    case flood
    /// A payload type that was not agreed.
    case unknownPayload
    /// Voice against the agreed direction.
    case unexpected
    /// Too late to be of use.
    case late
    /// Opus that doesn't decode.
    case undecodable
    /// Dropped by the hook of a test.
    case test
}

/// How often each cause occurred.
public nonisolated struct BrowserDrops: Hashable, Sendable {
    private var counts = [UInt64](repeating: 0, count: BrowserDrop.allCases.count)
    private static let places = Dictionary(uniqueKeysWithValues: BrowserDrop.allCases.enumerated().map { ($1, $0) })

    public init() {}

    public subscript(cause: BrowserDrop) -> UInt64 { counts[Self.places[cause] ?? 0] }

    /// Of all causes.
    public var total: UInt64 { counts.reduce(0, &+) }

    mutating func count(_ cause: BrowserDrop) { counts[Self.places[cause] ?? 0] &+= 1 }
}
