// Cases that are not done yet, by how long they have been waiting.

/// Open cases by age.
public struct Backlog: Hashable, Sendable, Codable {
    /// Upper borders of the buckets in hours; the last bucket has none.
    public static let bordersUsual = [4.0, 24, 72, 168]

    public let borders: [Double]
    /// One more than `borders`.
    public private(set) var counts: [Int]
    private var overDay = 0

    /// - Parameter agesInHours: of the open cases.
    /// - Throws: `KPIError` for an age that is negative or not finite.
    public init(agesInHours: [Double], borders: [Double] = Backlog.bordersUsual) throws(KPIError) {
        self.borders = borders.sorted()
        counts = [Int](repeating: 0, count: borders.count + 1)
        for age in agesInHours {
            let age = try age.checked("the age of a case")
            counts[self.borders.firstIndex { age <= $0 } ?? borders.count] += 1
            if age > 24 { overDay += 1 }
        }
    }

    public var open: Int { counts.reduce(0, +) }

    public var overDayShare: Figure {
        Figure("backlog > 24 h", ratio(overDay, open), .share, formula: "open cases older than 24 h / open cases")
    }

    /// Opened − closed, summed from interval to interval: rising is a growing pile.
    public static func burnDown(opened: [Int], closed: [Int]) -> [Int] {
        var pile = 0
        return zip(opened, closed).map { opened, closed in
            pile = pile &+ opened &- closed
            return pile
        }
    }
}

/// How true the expected wait was that callers were told; nobody else publishes it.
public struct WaitForecastCounts: Hashable, Sendable, Codable {
    public private(set) var told = 0
    private var error = 0.0
    private var signedError = 0.0

    public init() {}

    /// - Throws: `KPIError` for a negative or not finite time.
    public mutating func note(toldSeconds: Double, waitedSeconds: Double) throws(KPIError) {
        let difference = try toldSeconds.checked("the wait told") - (try waitedSeconds.checked("the wait"))
        told += 1
        error += abs(difference)
        signedError += difference
    }

    public var meanError: Figure {
        Figure("expected wait, error", ratio(error, Double(told)), .seconds, formula: "Σ |told − waited| / told")
    }

    /// Above zero: callers were told too much.
    public var bias: Figure {
        Figure("expected wait, bias", ratio(signedError, Double(told)), .seconds, formula: "Σ (told − waited) / told")
    }
}
