// From any usual rate down to the 8000 samples per second of the telephone.

internal import Glibc

/// A windowed-sinc low-pass that is evaluated only where an output sample is due.
///
/// Everything from 4000 Hz on would come back mirrored below it; the filter is 6 dB down at 3700 Hz and, with a Kaiser
/// window of beta 8 and 10 ms, 80 dB down from 4000 Hz on.
public struct Resampler: Sendable {
    /// Rates that are taken.
    public static let rates = outputRate...48000
    private static let outputRate = 8000
    private static let cutoff = 3700.0
    private static let halfWidth = 0.005
    private static let beta = 8.0

    private let inputRate: Int
    /// One row of weights for each position that an output sample can have between two input samples.
    private let phases: [[Float]]
    private let step: Int
    private let half: Int

    /// `rate`: samples per second; outside `rates` it is brought to the nearest one.
    public init(from rate: Int) {
        let rate = min(max(rate, Self.rates.lowerBound), Self.rates.upperBound)
        inputRate = rate
        let divisor = Self.greatestCommonDivisor(rate, Self.outputRate)
        let phaseCount = Self.outputRate / divisor
        let half = Int((Self.halfWidth * Double(rate)).rounded(.up))
        step = rate / divisor
        self.half = half
        phases = (0..<phaseCount).map { phase in
            let offset = Double(phase) / Double(phaseCount)
            let weights = (-half...half).map { Self.weight(at: (Double($0) - offset) / Double(rate)) }
            // Exactly 1 at 0 Hz in every phase, or the phases would be heard as a tone.
            let sum = weights.reduce(0, +)
            return weights.map { Float($0 / sum) }
        }
    }

    public func resample(_ input: [Int16]) -> [Int16] {
        guard inputRate != Self.outputRate else { return input }
        let samples = input.withUnsafeBufferPointer { resampled($0) }
        return samples.map { Int16(max(-32768, min(32767, $0.rounded()))) }
    }

    /// As `resample`, unrounded, for those who go on reckoning.
    public func resampled(_ input: UnsafeBufferPointer<Int16>) -> [Float] {
        guard inputRate != Self.outputRate else { return input.map { Float($0) } }
        let outputCount = input.count * phases.count / step
        return [Float](unsafeUninitializedCapacity: outputCount) { output, count in
            var position = 0
            var phase = 0
            for index in 0..<outputCount {
                let weights = phases[phase]
                let first = max(0, half - position)
                let end = min(weights.count, input.count - position + half)
                var sum: Float = 0
                weights.withUnsafeBufferPointer { weights in
                    var tap = first
                    while tap < end {
                        sum += weights[tap] * Float(input[position + tap - half])
                        tap += 1
                    }
                }
                output[index] = sum
                phase += step
                position += phase / phases.count
                phase %= phases.count
            }
            count = outputCount
        }
    }

    private static func weight(at seconds: Double) -> Double {
        let place = seconds / halfWidth
        guard abs(place) < 1 else { return 0 }
        let angle = 2 * Double.pi * cutoff * seconds
        let sinc = abs(angle) < 1e-12 ? 1 : sin(angle) / angle
        return sinc * bessel(beta * (1 - place * place).squareRoot())
    }

    /// The modified Bessel function of order 0, by its series.
    private static func bessel(_ x: Double) -> Double {
        var sum = 1.0
        var term = 1.0
        for k in 1...40 as ClosedRange<Int> {
            term *= (x / 2 / Double(k)) * (x / 2 / Double(k))
            sum += term
        }
        return sum
    }

    private static func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : greatestCommonDivisor(b, a % b) }
}
