// How long things take, when they do not always take the same.

public import Basics
internal import func Glibc.cos
internal import func Glibc.exp
internal import func Glibc.log

/// A random time in seconds.
public enum Distribution: Hashable, Sendable, Codable {
    case fixed(Double)
    /// What Erlang's formulas assume of calls, handling times and patience.
    case exponential(mean: Double)
    /// What handling times look like in practice: few are short, some are very long.
    ///
    /// - Parameter variation: standard deviation / mean.
    case logNormal(mean: Double, variation: Double)

    public var mean: Double {
        switch self {
        case .fixed(let seconds): seconds
        case .exponential(let mean), .logNormal(let mean, _): mean
        }
    }

    /// Draws one.
    public func sample(using random: inout SeededRandom) -> Double {
        switch self {
        case .fixed(let seconds): return seconds
        case .exponential(let mean): return -mean * log(1 - random.unit())
        case .logNormal(let mean, let variation):
            let variance = log(1 + variation * variation)
            // Box and Muller.
            let normal = (-2 * log(1 - random.unit())).squareRoot() * cos(2 * Double.pi * random.unit())
            return exp(log(mean) - variance / 2 + variance.squareRoot() * normal)
        }
    }

    /// A random time of at most `max` seconds on average that can be drawn.
    func isUsable(meanMax: Double) -> Bool {
        switch self {
        case .fixed(let seconds): seconds.isFinite && seconds >= 0 && seconds <= meanMax
        case .exponential(let mean): mean.isFinite && mean > 0 && mean <= meanMax
        case .logNormal(let mean, let variation):
            mean.isFinite && mean > 0 && mean <= meanMax && variation.isFinite && variation >= 0 && variation <= 100
        }
    }
}
