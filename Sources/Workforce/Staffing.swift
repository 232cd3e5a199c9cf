// How many agents a service level takes, or what a given number of them gives.

/// The answer of `switchboard staff`, with the formula by which it came about.
public struct Staffing: Hashable, Sendable {
    /// A service level of 1 would take endlessly many agents.
    public static let targetMax = 0.999999
    public static let shrinkageMax = 0.99
    public static let shrinkageFormula = "positions = ⌈agents / (1 − shrinkage)⌉"

    public enum Model: String, Hashable, Sendable {
        case erlangC = "Erlang C"
        case erlangA = "Erlang A"

        public var formula: String {
            switch self {
            case .erlangC: ErlangC.formula
            case .erlangA: ErlangA.formula
            }
        }
    }

    public let model: Model
    public let traffic: Traffic
    public let agents: Int
    /// Pw.
    public let waitProbability: Double
    /// Of all offered calls.
    public let serviceLevel: Double
    /// Mean wait over all callers, answered or not.
    public let meanWaitSeconds: Double
    /// Mean wait of those who were answered; by Erlang C all of them are.
    public let meanWaitOfAnsweredSeconds: Double
    public let occupancy: Double
    public let abandonProbability: Double
    /// Agents to be employed so that the required ones are there.
    public let positions: Int

    /// - Parameters:
    ///   - target: share of calls to be answered within `thresholdSeconds`, for example 0.8; 0 to 0.999999.
    ///   - agents: nil: the fewest that reach the target.
    ///   - patienceSeconds: mean time after which a waiting caller hangs up; nil: nobody does, Erlang C.
    ///   - shrinkage: share of paid time in which an agent takes no calls, 0 to 0.99.
    /// - Throws: every error of `ErlangC` and `ErlangA`.
    public init(
        traffic: Traffic, target: Double, within thresholdSeconds: Double, agents: Int? = nil,
        patienceSeconds: Double? = nil, shrinkage: Double = 0
    ) throws(WorkforceError) {
        self.traffic = traffic
        if let patienceSeconds {
            let team =
                if let agents {
                    try ErlangA(traffic: traffic, agents: agents, patienceSeconds: patienceSeconds)
                } else {
                    try ErlangA.smallestTeam(
                        for: traffic, patienceSeconds: patienceSeconds, target: target, within: thresholdSeconds)
                }
            model = .erlangA
            self.agents = team.agents
            waitProbability = team.waitProbability
            serviceLevel = try team.serviceLevel(within: thresholdSeconds)
            meanWaitSeconds = team.meanWaitSeconds
            meanWaitOfAnsweredSeconds = team.meanWaitOfAnsweredSeconds
            occupancy = team.occupancy
            abandonProbability = team.abandonProbability
        } else {
            let team =
                if let agents {
                    try ErlangC(traffic: traffic, agents: agents)
                } else {
                    try ErlangC.smallestTeam(for: traffic, target: target, within: thresholdSeconds)
                }
            model = .erlangC
            self.agents = team.agents
            waitProbability = team.waitProbability
            serviceLevel = try team.serviceLevel(within: thresholdSeconds)
            meanWaitSeconds = team.meanWaitSeconds
            meanWaitOfAnsweredSeconds = team.meanWaitSeconds
            occupancy = team.occupancy
            abandonProbability = 0
        }
        _ = try target.checked(.target, 0, Self.targetMax)
        positions = try Self.positions(for: self.agents, shrinkage: shrinkage)
    }

    /// The agents to be employed, by `shrinkageFormula`.
    ///
    /// - Throws: `notFinite`, `outOfRange`.
    public static func positions(for agents: Int, shrinkage: Double) throws(WorkforceError) -> Int {
        let agents = try agents.checked(.agents, 1, Traffic.serversMax)
        let shrinkage = try shrinkage.checked(.shrinkage, 0, shrinkageMax)
        // 14/(1 − 0.3) is 20 and a rounding error; nobody employs a twenty-first for that.
        return Int((Double(agents) / (1 - shrinkage) - 1e-9).rounded(.up))
    }
}
