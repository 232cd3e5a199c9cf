// What customers say of it: three questions, three scales, three directions.

/// Answers to one question, counted by value.
public struct Survey: Hashable, Sendable, Codable {
    public enum Question: String, Hashable, Sendable, Codable, CaseIterable {
        /// 1 to 5, high is good.
        case satisfaction = "CSAT"
        /// 1 to 5, low is good.
        case effort = "CES"
        /// 0 to 10, high is good.
        case recommendation = "NPS"

        public var scale: ClosedRange<Int> {
            switch self {
            case .satisfaction, .effort: 1...5
            case .recommendation: 0...10
            }
        }

        /// The scale's direction is stored with the question, because CES turns it round.
        public var isHighGood: Bool { self != .effort }

        public var formula: String {
            switch self {
            case .satisfaction: "answers ≥ 4 of 5 / answers"
            case .effort: "mean of 1 to 5; low is good"
            case .recommendation: "share of 9–10 − share of 0–6"
            }
        }
    }

    public let question: Question
    /// By value, from the lower end of the scale.
    public private(set) var counts: [Int]

    public init(_ question: Question) {
        self.question = question
        counts = [Int](repeating: 0, count: question.scale.count)
    }

    /// - Throws: `offTheScale`.
    public mutating func note(_ answer: Int) throws(KPIError) {
        let scale = question.scale
        guard scale.contains(answer) else {
            throw .offTheScale(value: answer, min: scale.lowerBound, max: scale.upperBound)
        }
        counts[answer - scale.lowerBound] += 1
    }

    public var answers: Int { counts.reduce(0, +) }

    public var figure: Figure {
        switch question {
        case .satisfaction: Figure("CSAT", ratio(count(4...5), answers), .share, formula: question.formula)
        case .effort:
            Figure(
                "CES", ratio(zip(question.scale, counts).reduce(0) { $0 + $1.0 * $1.1 }, answers), .points,
                formula: question.formula)
        case .recommendation:
            Figure("NPS", ratio(count(9...10) - count(0...6), answers), .share, formula: question.formula)
        }
    }

    private func count(_ values: ClosedRange<Int>) -> Int {
        zip(question.scale, counts).reduce(0) { values.contains($1.0) ? $0 + $1.1 : $0 }
    }
}
