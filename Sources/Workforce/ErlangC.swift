// Erlang C: how long callers wait who never hang up.

internal import func Glibc.exp

/// M/M/N: everybody waits until an agent is free (definitions.md 3.5).
public struct ErlangC: Hashable, Sendable {
    public static let formula =
        "A = calls per hour × AHT / 3600; Pw = B / (1 − (A/N)(1 − B)) with Erlang B of A and N; "
        + "SL(T) = 1 − Pw·e^(−(N−A)·T/AHT); ASA = Pw·AHT/(N−A); occupancy = A/N"

    public let traffic: Traffic
    public let agents: Int
    /// Pw: the share of callers that do not get an agent at once.
    public let waitProbability: Double

    /// - Throws: `outOfRange`; `overloaded` unless there are more agents than load.
    public init(traffic: Traffic, agents: Int) throws(WorkforceError) {
        _ = try agents.checked(.agents, 1, Traffic.serversMax)
        guard Double(agents) > traffic.loadErlangs else {
            throw .overloaded(loadErlangs: traffic.loadErlangs, agents: agents)
        }
        let blocking = try ErlangB.blocking(loadErlangs: traffic.loadErlangs, channels: agents)
        self.init(traffic: traffic, agents: agents, blocking: blocking)
    }

    private init(traffic: Traffic, agents: Int, blocking: Double) {
        self.traffic = traffic
        self.agents = agents
        waitProbability = blocking / (1 - traffic.loadErlangs / Double(agents) * (1 - blocking))
    }

    /// The share of callers answered within so many seconds.
    ///
    /// - Throws: `notFinite`, `outOfRange`.
    public func serviceLevel(within seconds: Double) throws(WorkforceError) -> Double {
        let seconds = try seconds.checked(.thresholdSeconds, 0, Traffic.thresholdSecondsMax)
        return 1 - waitProbability * exp(-spareAgents * seconds / traffic.handleSeconds)
    }

    /// ASA over all callers, in seconds.
    public var meanWaitSeconds: Double { waitProbability * traffic.handleSeconds / spareAgents }
    /// Share of the agents' time that is spent on calls.
    public var occupancy: Double { traffic.loadErlangs / Double(agents) }
    private var spareAgents: Double { Double(agents) - traffic.loadErlangs }

    /// The smallest team that answers `target` of the callers within the threshold.
    ///
    /// - Throws: `notFinite`, `outOfRange`, `targetNotReached`.
    public static func smallestTeam(
        for traffic: Traffic, target: Double, within seconds: Double
    ) throws(WorkforceError) -> ErlangC {
        let target = try target.checked(.target, 0, Staffing.targetMax)
        var blocking = 1.0
        for agents in 1...Traffic.serversMax {
            // One recursion serves every size of team on the way up.
            blocking = ErlangB.next(blocking, load: traffic.loadErlangs, servers: agents)
            guard Double(agents) > traffic.loadErlangs else { continue }
            let team = ErlangC(traffic: traffic, agents: agents, blocking: blocking)
            if try team.serviceLevel(within: seconds) >= target { return team }
        }
        throw .targetNotReached(agentsMax: Traffic.serversMax)
    }
}
