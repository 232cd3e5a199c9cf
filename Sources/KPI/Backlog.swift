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
