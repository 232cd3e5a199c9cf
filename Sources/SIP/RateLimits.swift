// What the filter in front of the parser lets through.

/// Limits per source address and for all together, in datagrams. IPv6 sources count by their /64.
public nonisolated struct RateLimits: Sendable, Equatable {
    /// Datagrams per second from one address, in the long run.
    public var perSecond = 50.0
    /// Datagrams at once from one address.
    public var burst = 150.0
    /// The same for an address of a trunk, which is rated but never banned.
    public var trunkPerSecond = 5_000.0
    public var trunkBurst = 10_000.0
    /// The same for an address that has authenticated lately: behind it may be one phone or all phones of an office.
    public var knownPerSecond = 200.0
    public var knownBurst = 1_000.0
    /// For all sources together that are neither a trunk nor have authenticated lately. Each refused INVITE is remembered
    /// by its transaction for 32 s, so this is what bounds the memory that strangers can take.
    public var totalPerSecond = 500.0
    public var totalBurst = 2_000.0
    /// Datagrams that are malformed or over the rate, or wrong passwords, from one address until it is banned; 0: never.
    public var strikes = 20
    public var banSeconds = 300.0
    /// After so long one strike is forgiven.
    public var forgivenessSeconds = 30.0
    /// For at least so long after a successful authentication an address is neither part of the total nor banned for
    /// datagrams, which may be forged.
    public var knownSeconds = 3_700.0

    public init() {}
}
