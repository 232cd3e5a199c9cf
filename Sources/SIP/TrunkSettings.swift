// What an endpoint knows of a carrier or of another telephone system.

public import Basics

/// A peer that is known by its address, with channels that are counted.
public nonisolated struct TrunkSettings: Sendable, Equatable {
    public var id: TrunkID
    /// Where calls to this trunk are sent: a numeric address, so that no name is ever looked up on the loop.
    public var peer: SocketAddress
    /// Where calls of this trunk come from.
    public var inboundAddresses: [AddressRange]
    /// Answers the trunk's challenges.
    public var credentials: DigestCredentials?
    /// Whether INVITEs from the trunk are challenged with the same credentials.
    public var challengesInbound: Bool
    /// Calls at once in both directions; channels are numbered from 1.
    public var channelsMax: Int

    public init(
        id: TrunkID, peer: SocketAddress, inboundAddresses: [AddressRange], credentials: DigestCredentials? = nil,
        challengesInbound: Bool = true, channelsMax: Int
    ) {
        self.id = id
        self.peer = peer
        self.inboundAddresses = inboundAddresses
        self.credentials = credentials
        self.challengesInbound = challengesInbound
        self.channelsMax = channelsMax
    }
}
