// What can be chosen about a demo.

/// The settings of `switchboard demo`.
public nonisolated struct DemoOptions: Sendable {
    /// Kept between starts; what an earlier demo left in it is removed.
    public var folder: String
    public var sipPort: Int
    public var httpPort: Int
    /// The first of two thousand ports for RTP; even.
    public var rtpPort: Int
    /// The same seed gives the same callers.
    public var seed: UInt64
    /// Mean time between two calls.
    public var secondsBetweenCalls: Double
    /// nil: until somebody ends it.
    public var seconds: Int?

    public init(
        folder: String, sipPort: Int = 5060, httpPort: Int = 8080, rtpPort: Int = 20_000, seed: UInt64 = 1,
        secondsBetweenCalls: Double = 6.5, seconds: Int? = nil
    ) {
        self.folder = folder
        self.sipPort = sipPort
        self.httpPort = httpPort
        self.rtpPort = rtpPort
        self.seed = seed
        self.secondsBetweenCalls = secondsBetweenCalls
        self.seconds = seconds
    }

    /// SIP ports of the agents' phones stand behind the daemon's own.
    func agentPort(_ index: Int) -> Int { sipPort + 20 + 2 * index }
}
