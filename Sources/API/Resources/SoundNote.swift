// A line of a contact's story about how it sounded.

/// The body of `sound.dead`, `sound.back` and `sound.jitter`, which decide nothing, so that the rules have no line of them.
public struct SoundNote: Codable, Sendable {
    /// Whose leg it was measured on: `caller`, `agent` or `other`.
    public var party: String
    /// For how long neither side had been heard.
    public var seconds: Int?
    /// Of what came in (RFC 3550).
    public var jitterMs: Int?

    public init(party: String, seconds: Int? = nil, jitterMs: Int? = nil) {
        self.party = party
        self.seconds = seconds
        self.jitterMs = jitterMs
    }
}
