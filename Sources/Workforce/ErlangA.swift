// Erlang A: how long callers wait who hang up when their patience is over.

/// M/M/N+M: patience is exponential (definitions.md 3.5). Time is counted in handling times, so that μ = 1.
public struct ErlangA: Hashable, Sendable {
    public static let formula =
        "birth–death: λ; kμ up to N, then Nμ + (k−N)θ with θ = 1/mean patience; Pw = Σ p(k) for k ≥ N; "
        + "Lq = Σ (k−N)·p(k); P(abandon) = θ·Lq/λ; W = Lq/λ; "
        + "SL(T) of all offered = Σ p(k) for k < N + Σ p(N+j)·S(j,T), "
        + "S'(j) = −(Nμ+(j+1)θ)·S(j) + (Nμ+jθ)·S(j−1), S(−1) = 1, S(j,0) = 0; occupancy = λ(1 − P(abandon))/(Nμ); "
        + "asa_s = W, the mean wait of all callers, answered or not; asa_answered_s = the mean wait of those answered"

    /// Waiting callers for whom the state of the queue is worked out.
    public static let waitingMax = 1_000_000
    /// Additions for one service level: about a second.
    public static let stepsMax = 1_000_000_000
    /// States less likely than this, compared with the likeliest, are left out.
    private static let negligible = 1e-18

    public let traffic: Traffic
    public let agents: Int
    /// After how long a waiting caller hangs up, on average.
    public let patienceSeconds: Double
    /// Pw: the share of callers that do not get an agent at once.
    public let waitProbability: Double
    /// Lq: callers waiting, on average.
    public let meanWaiting: Double
    /// W over answered wait and abandoned wait alike.
    public let meanWaitSeconds: Double
    /// ASA: over those who were answered.
    public let meanWaitOfAnsweredSeconds: Double
    public let abandonProbability: Double
    public let occupancy: Double
    /// θ in units of μ.
    private let impatience: Double
    /// p(N + j): j callers wait.
    private let waitingShares: [Double]

    /// - Throws: `notFinite`, `outOfRange`, `tooManyStates`.
    public init(traffic: Traffic, agents: Int, patienceSeconds: Double) throws(WorkforceError) {
        self.traffic = traffic
        self.agents = try agents.checked(.agents, 1, Traffic.serversMax)
        self.patienceSeconds = try patienceSeconds.checked(.patienceSeconds, 1e-3, 1e9)
        impatience = traffic.handleSeconds / patienceSeconds
        let load = traffic.loadErlangs, servers = Double(agents)
        let states = try Self.states(load: load, agents: agents, impatience: impatience)
        waitingShares = states.waiting
        var waitProbability = 0.0, waiting = 0.0, answered = 1 - states.waiting.reduce(0, +), answeredWait = 0.0
        var isServed = 1.0, wait = 0.0
        for (j, share) in states.waiting.enumerated() {
            // Moving up by one place is as likely as leaving is not; how long it takes does not depend on which of the two.
            let leaving = servers + Double(j + 1) * impatience
            isServed *= (servers + Double(j) * impatience) / leaving
            wait += 1 / leaving
            waitProbability += share
            waiting += Double(j) * share
            answered += share * isServed
            answeredWait += share * isServed * wait
        }
        self.waitProbability = waitProbability
        meanWaiting = waiting
        meanWaitSeconds = waiting / load * traffic.handleSeconds
        meanWaitOfAnsweredSeconds = answered > 0 ? answeredWait / answered * traffic.handleSeconds : 0
        abandonProbability = impatience * waiting / load
        occupancy = states.busy / servers
    }

    /// The share of all offered calls that are answered within so many seconds.
    ///
    /// - Throws: `notFinite`, `outOfRange`, `tooManySteps`.
    public func serviceLevel(within seconds: Double) throws(WorkforceError) -> Double {
        let time = try seconds.checked(.thresholdSeconds, 0, Traffic.thresholdSecondsMax) / traffic.handleSeconds
        let served = try Patience(agents: Double(agents), impatience: impatience, waiting: waitingShares.count)
            .servedShares(within: time, stepsMax: Self.stepsMax)
        return zip(waitingShares, served).reduce(1 - waitProbability) { $0 + $1.0 * $1.1 }
    }

    /// The smallest team that answers `target` of all offered calls within the threshold.
    ///
    /// - Throws: `notFinite`, `outOfRange`, `tooManyStates`, `tooManySteps`, `targetNotReached`.
    public static func smallestTeam(
        for traffic: Traffic, patienceSeconds: Double, target: Double, within seconds: Double
    ) throws(WorkforceError) -> ErlangA {
        let target = try target.checked(.target, 0, Staffing.targetMax)
        func team(_ agents: Int) throws(WorkforceError) -> ErlangA? {
            let team = try ErlangA(traffic: traffic, agents: agents, patienceSeconds: patienceSeconds)
            return try team.serviceLevel(within: seconds) >= target ? team : nil
        }
        /// A team with whom the queue grows beyond what can be worked out is too small, and no reason to give up the search.
        func teamIfEnough(_ agents: Int) throws(WorkforceError) -> ErlangA? {
            do throws(WorkforceError) {
                return try team(agents)
            } catch {
                if case .tooManyStates = error { return nil }
                throw error
            }
        }
        // From as many agents as load both ways: far below it the queue is long and costs most to work out.
        let start = min(max(1, Int(traffic.loadErlangs.rounded(.up))), Traffic.serversMax)
        var found = try teamIfEnough(start), tooFew = found == nil ? start : 0, step = 1
        while found == nil {
            guard tooFew < Traffic.serversMax else { throw .targetNotReached(agentsMax: Traffic.serversMax) }
            let agents = min(tooFew + step, Traffic.serversMax)
            found = try teamIfEnough(agents)
            if found == nil { tooFew = agents }
            step *= 2
        }
        while tooFew == 0, let enough = found, enough.agents > step {
            if let smaller = try teamIfEnough(enough.agents - step) { found = smaller } else { tooFew = enough.agents - step }
            step *= 2
        }
        while let enough = found, enough.agents - tooFew > 1 {
            let middle = (enough.agents + tooFew) / 2
            if let smaller = try teamIfEnough(middle) { found = smaller } else { tooFew = middle }
        }
        guard let found else { throw .targetNotReached(agentsMax: Traffic.serversMax) }
        return found
    }

    // MARK: The states

    private struct States {
        /// p(N + j).
        var waiting: [Double]
        /// Agents busy on average.
        var busy: Double
    }

    /// Goes both ways from the likeliest state, so that nothing overflows and what cannot be seen is not worked out.
    private static func states(load: Double, agents: Int, impatience: Double) throws(WorkforceError) -> States {
        let servers = Double(agents)
        func deaths(_ state: Int) -> Double {
            state <= agents ? Double(state) : servers + Double(state - agents) * impatience
        }
        let likeliest = load <= servers ? load : servers + (load - servers) / impatience
        guard likeliest < servers + Double(waitingMax) else { throw .tooManyStates(max: waitingMax) }
        let middle = Int(likeliest)
        var below: [Double] = [], above: [Double] = []
        var weight = 1.0, state = middle
        while state > 0, weight > negligible {
            weight *= deaths(state) / load
            state -= 1
            below.append(weight)
        }
        weight = 1
        state = middle
        while weight > negligible {
            guard state < agents + waitingMax else { throw .tooManyStates(max: waitingMax) }
            state += 1
            weight *= load / deaths(state)
            above.append(weight)
        }
        let shares = below.reversed() + [1] + above
        let first = middle - below.count
        let all = shares.reduce(0, +)
        var waiting = [Double](repeating: 0, count: max(0, first - agents)), busy = 0.0
        for (index, share) in shares.enumerated() {
            let state = first + index
            busy += Double(min(state, agents)) * share / all
            if state >= agents { waiting.append(share / all) }
        }
        return States(waiting: waiting, busy: busy)
    }
}
