// How long somebody at a place of a queue can be expected to wait.

/// Expected wait: the mean of the p-th service completion over the agents that serve the queue (definitions.md 3.3).
public enum ExpectedWait {
    /// Nobody waits as long as this; what is said to be more is no better known.
    public static let secondsMax = 1e9

    /// Whoever stands further behind is told the wait of this position.
    public static let positionsMax = 10_000

    /// Mean and spread of a wait in stages, one after the other, each ending at its rate.
    public struct Stages: Hashable, Sendable {
        public var seconds = 0.0
        public var variance = 0.0

        public init() {}

        public mutating func add(rate: Double, count: Double = 1) {
            seconds += count / rate
            variance += count / (rate * rate)
        }

        /// Nine of ten wait no longer. The sum of such stages is taken for a gamma distribution of the same mean and variance
        /// (of p equal stages it is one, with p stages), and its quantile after Wilson and Hilferty, which is within 1 %.
        public var p90Seconds: Double {
            guard seconds > 0, variance > 0 else { return seconds }
            let shape = seconds * seconds / variance
            let root = 1 - 1 / (9 * shape) + 1.281_551_6 * (1 / (9 * shape)).squareRoot()
            return seconds * root * root * root
        }
    }

    /// The wait behind so many, with its spread.
    ///
    /// - Parameters:
    ///   - ahead: contacts, some of which count in part.
    ///   - serviceRate: completions per second of all signed-in agents together, each with its share for this queue.
    ///   - abandonRate: θ, abandons per second of waiting, for each one who waits.
    /// - Returns: nil without data, never of no time.
    public static func stages(ahead: Double, serviceRate: Double, abandonRate: Double) -> Stages? {
        stages(ahead: ahead, serviceRate: serviceRate, abandonRate: abandonRate, enough: .infinity)
    }

    /// Whether the mean wait behind so many is longer; false without data.
    public static func isOver(_ seconds: Double, ahead: Double, serviceRate: Double, abandonRate: Double) -> Bool {
        stages(ahead: ahead, serviceRate: serviceRate, abandonRate: abandonRate, enough: seconds).map { $0.seconds > seconds }
            ?? false
    }

    /// - Parameter enough: nobody asks how much longer than so many seconds it is.
    private static func stages(ahead: Double, serviceRate: Double, abandonRate: Double, enough: Double) -> Stages? {
        guard ahead >= 0, serviceRate > 0 else { return nil }
        let known = min(ahead, Double(positionsMax - 1)), whole = Int(known), leaving = max(0, abandonRate)
        var stages = Stages()
        if leaving == 0 {
            stages.add(rate: serviceRate, count: Double(whole) + 1)
        } else {
            for k in 0...whole {
                stages.add(rate: serviceRate + Double(k) * leaving)
                if stages.seconds > enough { return stages }
            }
        }
        let part = known - Double(whole)
        if part > 0 { stages.add(rate: serviceRate + Double(whole + 1) * leaving, count: part) }
        return stages
    }

    /// The first position whose expected wait is longer; nil: none of `count`, or without data. With the position the wait only
    /// grows.
    public static func firstPosition(
        waitingOver seconds: Double, of count: Int, serviceRate: Double, abandonRate: Double
    ) -> Int? {
        guard serviceRate > 0 else { return nil }
        let leaving = max(0, abandonRate)
        var sum = 0.0
        for k in 0..<max(0, min(count, positionsMax)) {
            // As `isOver` reckons, to the last digit.
            sum = leaving == 0 ? (Double(k) + 1) / serviceRate : sum + 1 / (serviceRate + Double(k) * leaving)
            if sum > seconds { return k + 1 }
        }
        return nil
    }
}
