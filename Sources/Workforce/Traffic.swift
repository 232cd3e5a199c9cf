// What comes in: calls and how long each of them takes.

/// A steady stream of calls that come independently of one another.
public struct Traffic: Hashable, Sendable {
    /// Beyond it a recursion over agents would no longer answer at once.
    public static let loadErlangsMax = 100_000.0
    public static let handleSecondsMax = 604_800.0
    /// Agents or channels that any formula here goes up to.
    public static let serversMax = 200_000
    /// A week: thresholds beyond it have no meaning for those who wait.
    public static let thresholdSecondsMax = 604_800.0
    static let smallest = 1e-9
    public static let formula = "A = calls per hour × AHT / 3600"

    public let callsPerHour: Double
    /// AHT: talk, hold and wrap-up of one call on average, in seconds.
    public let handleSeconds: Double

    /// - Throws: `notFinite`, `outOfRange`; no calls, or no handling time, is out of range.
    public init(callsPerHour: Double, handleSeconds: Double) throws(WorkforceError) {
        self.callsPerHour = try callsPerHour.checked(.callsPerHour, Self.smallest, 1e12)
        self.handleSeconds = try handleSeconds.checked(.handleSeconds, Self.smallest, Self.handleSecondsMax)
        _ = try (callsPerHour * handleSeconds / 3600).checked(.load, Self.smallest, Self.loadErlangsMax)
    }

    /// A, the mean number of agents that would be busy if nobody ever had to wait.
    public var loadErlangs: Double { callsPerHour * handleSeconds / 3600 }
}
