// What several runs say together, and how sure it is.

internal import Basics
public import KPI

/// The mean of a figure over independent runs, with the band in which the true mean lies with 95 % confidence.
public struct Estimate: Hashable, Sendable, Codable {
    public let mean: Double
    public let low: Double
    public let high: Double
    /// Standard error of the mean; 0 with one run only, where nothing is known of it.
    public let standardError: Double
    public let runs: Int

    /// Student's t for 95 % by degrees of freedom, 1 to 30.
    private static let quantiles = [
        12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120,
        2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
    ]

    /// Student's t for 95 %.
    ///
    /// - Parameter degreesOfFreedom: at least 1.
    static func quantile(degreesOfFreedom: Int) -> Double {
        if degreesOfFreedom <= quantiles.count { return quantiles[degreesOfFreedom - 1] }
        // Cornish and Fisher's expansion about the normal distribution, right to four digits here.
        let z = 1.959964, n = Double(degreesOfFreedom)
        let cube = z * z * z
        return z + (cube + z) / (4 * n) + (5 * cube * z * z + 16 * cube + 3 * z) / (96 * n * n)
    }

    /// - Parameters:
    ///   - values: one of each run; runs in which there was nothing to measure are left out.
    ///   - range: in which a mean can lie.
    /// - Returns: nil without a value.
    public init?(_ values: [Double?], within range: ClosedRange<Double> = 0...Double.greatestFiniteMagnitude) {
        let known = values.compactMap { $0 }
        guard !known.isEmpty else { return nil }
        runs = known.count
        mean = known.reduce(0, +) / Double(runs)
        let center = mean
        let squares = known.reduce(0) { $0 + ($1 - center) * ($1 - center) }
        standardError = runs > 1 ? (squares / Double(runs - 1) / Double(runs)).squareRoot() : 0
        let quantile = runs > 1 ? Self.quantile(degreesOfFreedom: runs - 1) : 0
        low = max(range.lowerBound, mean - quantile * standardError)
        high = min(range.upperBound, mean + quantile * standardError)
    }
}

/// The figures of a workload over several seeds.
public struct WorkloadReport: Hashable, Sendable, Codable {
    public struct Row: Hashable, Sendable, Codable {
        public var offered: Estimate?
        public var serviceLevel: Estimate?
        public var averageSpeedOfAnswer: Estimate?
        public var abandonRate: Estimate?
        public var occupancy: Estimate?
        public var unserved: Estimate?
        public var averageHandleTime: Estimate?
        /// Left the queue for somewhere else.
        public var flowedOut: Estimate?
        public var callbacksRequested: Estimate?
        public var callbacksReached: Estimate?

        init(_ figures: [IntervalFigures]) {
            averageHandleTime = Estimate(figures.map(\.averageHandleTime))
            flowedOut = Estimate(figures.map { Double($0.counts.flowedOut) })
            callbacksRequested = Estimate(figures.map { Double($0.callbacksRequested) })
            callbacksReached = Estimate(figures.map { Double($0.callbacksReached) })
            offered = Estimate(figures.map { Double($0.offered) })
            serviceLevel = Estimate(figures.map(\.serviceLevel), within: 0...1)
            averageSpeedOfAnswer = Estimate(figures.map(\.averageSpeedOfAnswer))
            abandonRate = Estimate(figures.map(\.abandonRate), within: 0...1)
            occupancy = Estimate(figures.map(\.occupancy), within: 0...1)
            unserved = Estimate(figures.map { Double($0.unserved) })
        }
    }

    public struct Queue: Hashable, Sendable, Codable {
        public var id: String
        public var day: Row
        public var intervals: [Row]
        public var figures: [Estimated]
    }

    /// A figure of `KPI` over the day.
    public struct Estimated: Hashable, Sendable, Codable {
        public var name: String
        public var value: Estimate?
        public var unit: Figure.Unit
        public var formula: String

        /// - Parameter runs: of each the same figures.
        static func all(_ runs: [IntervalFigures]) -> [Estimated] {
            let figures = runs.map(\.figures)
            return (figures.first ?? []).indices.map { index in
                let figure = figures[0][index]
                return Estimated(
                    name: figure.name, value: Estimate(figures.map { $0[index].value }, within: figure.unit.range),
                    unit: figure.unit, formula: figure.formula)
            }
        }
    }

    public let runs: Int
    public let intervalSeconds: Int
    public let day: Row
    public let intervals: [Row]
    public let queues: [Queue]
    /// Every figure of the day, of all queues together.
    public let figures: [Estimated]
    /// What is otherwise than in the center itself.
    public let notes: [String]

    /// - Parameters:
    ///   - days: of the same workload, each with a seed of its own.
    ///   - notes: see `Workload.simplifications`.
    public init(_ days: [DayFigures], intervalSeconds: Int, notes: [String] = []) {
        runs = days.count
        self.notes = notes
        figures = Estimated.all(days.map(\.total))
        self.intervalSeconds = intervalSeconds
        day = Row(days.map(\.total))
        intervals = (days.first?.byInterval ?? []).indices.map { interval in Row(days.map { $0.byInterval[interval] }) }
        queues = (days.first?.queues ?? []).enumerated().map { index, id in
            Queue(
                id: id.rawValue, day: Row(days.map { $0.total(of: index) }),
                intervals: (days.first?.byQueue[index] ?? []).indices.map { interval in
                    Row(days.map { $0.byQueue[index][interval] })
                }, figures: Estimated.all(days.map { $0.total(of: index) }))
        }
    }
}

extension Figure.Unit {
    /// In which a mean can lie.
    fileprivate var range: ClosedRange<Double> { self == .share ? 0...1 : 0...Double.greatestFiniteMagnitude }
}
