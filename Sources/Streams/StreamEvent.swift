// What a stream channel tells its pipeline beyond NIO's own events.

/// An inbound user event of a `StreamChannel`.
public nonisolated enum StreamEvent: Sendable, Equatable {
    /// The peer has closed its side, and nobody reads at the moment: bytes may still wait before the end, but none will
    /// follow. Sent once. A server that holds back reads while it works on a request learns by it that the client may be gone.
    case peerFinished
}
