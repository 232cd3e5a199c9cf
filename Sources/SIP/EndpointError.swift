// What an endpoint can fail with.

public import Basics

public nonisolated enum EndpointError: Error, Equatable {
    /// `address` is not a numeric address.
    case addressInvalid(String)
    /// The library is not as this module needs it; the text says what is missing.
    case libraryUnfit(String)
    /// The UDP socket could not be bound.
    case bindFailed(SocketAddress)
    case trunkUnknown(TrunkID)
    /// Every channel of the trunk has a call.
    case noChannelFree(TrunkID)
    /// The library did not take the INVITE, or the endpoint shuts down.
    case inviteRefused
}
