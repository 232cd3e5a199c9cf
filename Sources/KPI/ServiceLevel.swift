// Service level: one name, a dozen sums. All of them, side by side.

/// How a service level is reckoned. T is the threshold within which the counts count as in time, S that of a short abandon.
public enum ServiceLevel: Hashable, Sendable, Codable {
    /// The five variants that ICMI and callcentrehelper tell apart.
    case a1, a2, a3, a4, a5
    /// Cisco's three ways with abandons, over service level events: answered in T, abandoned in T, or T passed.
    case ciscoAbandonsIgnored, ciscoAbandonsNegative, ciscoAbandonsPositive
    case genesys(GenesysSwitches)
    /// Asterisk's `ServicelevelPerf` over completed calls. Ours counts at the answer, where Asterisk lags until the end.
    case asterisk
    /// Asterisk's `ServicelevelPerf2`.
    case asterisk2
    /// Wazo's quality of service.
    case wazo
    case switchboard

    /// What Genesys leaves out of, or takes into, the denominator; the switches act on the past as well.
    public struct GenesysSwitches: Hashable, Sendable, Codable {
        public var includesFlowOuts: Bool
        public var excludesShortAbandons: Bool
        public var excludesAbandons: Bool

        public init(includesFlowOuts: Bool = false, excludesShortAbandons: Bool = false, excludesAbandons: Bool = false) {
            self.includesFlowOuts = includesFlowOuts
            self.excludesShortAbandons = excludesShortAbandons
            self.excludesAbandons = excludesAbandons
        }
    }

    /// Every way there is; Genesys with its switches off.
    public static let all: [ServiceLevel] = [
        .switchboard, .a1, .a2, .a3, .a4, .a5, .ciscoAbandonsIgnored, .ciscoAbandonsNegative, .ciscoAbandonsPositive,
        .genesys(GenesysSwitches()), .asterisk, .asterisk2, .wazo,
    ]

    /// From 0 to 1; nil where nothing counts.
    public func value(of counts: QueueCounts) -> Double? {
        let (answered, abandoned) = (counts.answered, counts.abandoned)
        switch self {
        case .a1, .asterisk2: return ratio(counts.answeredInTime + counts.abandonedInTime, answered + abandoned)
        case .a2, .asterisk, .wazo: return ratio(counts.answeredInTime, answered)
        case .a3: return ratio(counts.answeredInTime, answered + abandoned)
        case .a4: return ratio(counts.answeredInTime, answered + abandoned - counts.abandonedInTime)
        case .a5: return ratio(counts.answeredInTime + counts.abandonedShort, answered + abandoned)
        case .ciscoAbandonsIgnored: return ratio(counts.answeredInTime, counts.events - counts.abandonedInTime)
        case .ciscoAbandonsNegative: return ratio(counts.answeredInTime, counts.events)
        case .ciscoAbandonsPositive: return ratio(counts.answeredInTime + counts.abandonedInTime, counts.events)
        case .genesys(let switches):
            let counted =
                switches.excludesAbandons ? 0 : abandoned - (switches.excludesShortAbandons ? counts.abandonedShort : 0)
            return ratio(
                counts.answeredInTime, answered + counted + (switches.includesFlowOuts ? counts.flowedOut : 0))
        case .switchboard: return ratio(counts.answeredInTime, answered + abandoned - counts.abandonedShort)
        }
    }

    public func figure(of counts: QueueCounts) -> Figure { Figure(name, value(of: counts), .share, formula: formula) }

    public var name: String {
        switch self {
        case .a1: "service level A1"
        case .a2: "service level A2"
        case .a3: "service level A3"
        case .a4: "service level A4"
        case .a5: "service level A5"
        case .ciscoAbandonsIgnored: "service level (Cisco, abandons ignored)"
        case .ciscoAbandonsNegative: "service level (Cisco, abandons negative)"
        case .ciscoAbandonsPositive: "service level (Cisco, abandons positive)"
        case .genesys: "service level (Genesys)"
        case .asterisk: "service level (Asterisk)"
        case .asterisk2: "service level 2 (Asterisk)"
        case .wazo: "quality of service (Wazo)"
        case .switchboard: "service level"
        }
    }

    public var formula: String {
        switch self {
        case .a1, .asterisk2: "(answered ≤ T + abandoned ≤ T) / (answered + abandoned)"
        case .a2, .asterisk, .wazo: "answered ≤ T / answered"
        case .a3: "answered ≤ T / (answered + abandoned)"
        case .a4: "answered ≤ T / (answered + abandoned > T)"
        case .a5: "(answered ≤ T + abandoned ≤ S) / (answered + abandoned)"
        case .ciscoAbandonsIgnored: "a/(n − b): a answered ≤ T, b abandoned ≤ T, n = a + b + those for whom T passed"
        case .ciscoAbandonsNegative: "a/n: a answered ≤ T, b abandoned ≤ T, n = a + b + those for whom T passed"
        case .ciscoAbandonsPositive: "(a + b)/n: a answered ≤ T, b abandoned ≤ T, n = a + b + those for whom T passed"
        case .genesys(let switches):
            "(answered − answered late) / (answered"
                + (switches.excludesAbandons
                    ? "" : switches.excludesShortAbandons ? " + abandoned − short abandons" : " + abandoned")
                + (switches.includesFlowOuts ? " + flow-outs)" : ")")
        case .switchboard: "answered ≤ T / (answered + abandoned > S)"
        }
    }
}

extension QueueCounts {
    /// Cisco's service level events.
    var events: Int { answered + abandoned + waitingBeyondThreshold }
}
