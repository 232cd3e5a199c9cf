// Erlang B: how often a call finds every channel taken and is lost.

/// M/M/N/N: calls that find no channel go away at once (definitions.md 3.5).
public enum ErlangB {
    public static let formula = "B(0) = 1, B(k) = A·B(k−1) / (k + A·B(k−1))"

    /// The share of calls that find all `channels` taken.
    ///
    /// By recursion, never by factorials, which overflow beyond 170.
    /// - Throws: `notFinite`, `outOfRange`.
    public static func blocking(loadErlangs: Double, channels: Int) throws(WorkforceError) -> Double {
        let load = try loadErlangs.checked(.load, Traffic.smallest, Traffic.loadErlangsMax)
        let channels = try channels.checked(.channels, 0, Traffic.serversMax)
        var blocking = 1.0
        for k in 0..<channels { blocking = next(blocking, load: load, servers: k + 1) }
        return blocking
    }

    /// The fewest channels at which no more than `blockingMax` of the calls are lost.
    ///
    /// - Throws: `notFinite`, `outOfRange`, `blockingNotReached`.
    public static func channels(loadErlangs: Double, blockingMax: Double) throws(WorkforceError) -> Int {
        let load = try loadErlangs.checked(.load, Traffic.smallest, Traffic.loadErlangsMax)
        let wanted = try blockingMax.checked(.blocking, 1e-12, 1)
        var blocking = 1.0
        for channels in 0...Traffic.serversMax {
            if blocking <= wanted { return channels }
            blocking = next(blocking, load: load, servers: channels + 1)
        }
        throw .blockingNotReached(channelsMax: Traffic.serversMax)
    }

    /// B(servers) from B(servers − 1).
    static func next(_ blocking: Double, load: Double, servers: Int) -> Double {
        load * blocking / (Double(servers) + load * blocking)
    }
}
