// A key figure as it is shown: never a number without the formula that it came from.

/// A number with its name and its formula. Peers use the same names for different sums, so the formula is always printed.
public struct Figure: Hashable, Sendable, Codable {
    public enum Unit: String, Hashable, Sendable, Codable {
        /// 0 to 1, shown as per cent; conformance may exceed 1.
        case share
        case seconds
        /// The mean of a survey's scale.
        case points
        case count
    }

    public var name: String
    /// nil: there was nothing to count yet; never zero without data.
    public var value: Double?
    public var unit: Unit
    public var formula: String

    public init(_ name: String, _ value: Double?, _ unit: Unit, formula: String) {
        self.name = name
        self.value = value
        self.unit = unit
        self.formula = formula
    }
}

/// Counts that contradict one another; whoever hands them in has counted wrongly.
public enum KPIError: Error, Hashable, Sendable, CustomStringConvertible {
    case negative(String)
    case notFinite(String)
    /// More than `max`: sums of a few such counts would overflow.
    case tooLarge(String, max: Int)
    /// A part is greater than the whole that it is a part of.
    case partExceedsWhole(part: String, whole: String)
    /// Something ends before it begins.
    case endsBeforeItBegins(String)
    /// An answer beside the scale of its question.
    case offTheScale(value: Int, min: Int, max: Int)

    public var description: String {
        switch self {
        case .negative(let name): "\(name) is negative; count it again"
        case .tooLarge(let name, let max): "\(name) is greater than \(max); count it again"
        case .notFinite(let name): "\(name) is not a finite number; count it again"
        case .partExceedsWhole(let part, let whole): "\(part) is greater than \(whole), of which it is a part; count again"
        case .endsBeforeItBegins(let name): "\(name) ends before it begins; exchange the two"
        case .offTheScale(let value, let min, let max): "the answer \(value) is not from \(min) to \(max); leave it out"
        }
    }
}

/// nil without a whole.
func ratio(_ part: Double, _ whole: Double) -> Double? { whole > 0 ? part / whole : nil }
func ratio(_ part: Int, _ whole: Int) -> Double? { ratio(Double(part), Double(whole)) }

extension Int {
    func checked(_ name: String, partOf whole: Int? = nil, _ wholeName: String = "") throws(KPIError) -> Int {
        guard self >= 0 else { throw .negative(name) }
        if let whole, self > whole { throw .partExceedsWhole(part: name, whole: wholeName) }
        guard self <= 1 << 50 else { throw .tooLarge(name, max: 1 << 50) }
        return self
    }
}

extension Double {
    func checked(_ name: String) throws(KPIError) -> Double {
        guard isFinite else { throw .notFinite(name) }
        guard self >= 0 else { throw .negative(name) }
        return self
    }
}
