// A call that came in and waits for an answer.

public import Basics

/// An INVITE that passed all checks.
public nonisolated struct Invitation: Sendable {
    public enum Source: Sendable, Hashable {
        /// The channel is kept until the call's end.
        case trunk(TrunkID, channel: Int)
        case device(DeviceID)
    }

    public let call: CallID
    public let source: Source
    /// The user part of the request URI, unescaped.
    public let dialled: String
    /// The user part of From, unescaped; for a device what it claims, while `source` is what it proved. `anonymous` if the
    /// caller asks for privacy (RFC 3323).
    public let fromUser: String
    public let fromDisplay: String
    /// The offer. Never empty: an INVITE without an offer is answered 488.
    public let sdp: String
}
