// How good an estimate of a time was, kept in a few dozen counters.

internal import Basics

/// The absolute errors of estimates: their mean, and a bound under which nine of ten were.
public struct EstimateAccuracy: Codable, Hashable, Sendable {
    /// Upper borders of the classes in which errors are counted, in seconds. What is greater than the last has a class, too.
    public static let borders = [
        2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 300, 420, 600, 900, 1200, 1800, 2700, 3600,
    ]

    public private(set) var count = 0
    private var sum = Duration.zero
    private var greatest = Duration.zero
    private var classes = [Int](repeating: 0, count: Self.borders.count + 1)

    public init() {}

    public mutating func note(error: Duration) {
        let size = error < .zero ? .zero - error : error
        count += 1
        sum += size
        greatest = max(greatest, size)
        classes[Self.borders.firstIndex { size <= .seconds($0) } ?? Self.borders.count] += 1
    }

    /// nil before the first.
    public var meanSeconds: Double? { count > 0 ? sum.inSeconds / Double(count) : nil }

    /// The least border of a class, or the greatest error, that so large a share of the errors does not exceed; nil before
    /// the first.
    public func secondsAtMost(share: Double) -> Double? {
        guard count > 0 else { return nil }
        let wanted = (share * Double(count)).rounded(.up)
        var passed = 0
        for (border, number) in zip(Self.borders, classes) {
            passed += number
            if Double(passed) >= wanted { return min(Double(border), greatest.inSeconds) }
        }
        return greatest.inSeconds
    }

    /// Nine of ten errors are not greater.
    public var p90Seconds: Double? { secondsAtMost(share: 0.9) }
}
