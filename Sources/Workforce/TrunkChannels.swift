// How many channels the trunks need for the calls of the busiest hour.

/// S0-11: by a factor on the mean, and by Erlang B for those who name a blocking.
public struct TrunkChannels: Hashable, Sendable {
    public static let headroomUsual = 1.2
    public static let formula =
        "concurrent = calls per hour × AHT / 3600; channels = ⌈concurrent × headroom⌉; "
        + "by Erlang B: the fewest channels with B ≤ blocking, " + ErlangB.formula

    /// A, the calls that are up at once on average.
    public let concurrent: Double
    public let channels: Int
    /// Blocking that `channels` leave, by Erlang B.
    public let blocking: Double
    /// By Erlang B; nil: no blocking was named.
    public let channelsForBlocking: Int?

    /// - Parameters:
    ///   - headroom: from 1, usually 1.2.
    ///   - blockingMax: for example 0.001.
    /// - Throws: `notFinite`, `outOfRange`, `blockingNotReached`.
    public init(
        traffic: Traffic, headroom: Double = TrunkChannels.headroomUsual, blockingMax: Double? = nil
    ) throws(WorkforceError) {
        concurrent = traffic.loadErlangs
        let headroom = try headroom.checked(.headroom, 1, 2)
        // 1,200 × 1.2 is 1,440 and a rounding error.
        channels = Int((concurrent * headroom - 1e-9).rounded(.up))
        blocking = try ErlangB.blocking(loadErlangs: concurrent, channels: channels)
        if let blockingMax {
            channelsForBlocking = try ErlangB.channels(loadErlangs: concurrent, blockingMax: blockingMax)
        } else {
            channelsForBlocking = nil
        }
    }
}
