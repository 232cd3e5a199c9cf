// Brings sound of any usual rate to 8000 Hz.

internal import Glibc

/// A windowed-sinc filter in as many phases as the two rates need; the edge lies at 3600 Hz, so nothing folds back.
public struct Resampler: Sendable {
    /// Rates that are taken.
    public static let rates = 8000...48000
    private static let target = 8000
    /// Zero crossings of the kernel on each side: 24 give more than 60 dB from 4400 Hz on.
    private static let crossings = 24

    private let rate: Int
    private let phases: Int
    /// How far the input moves with each output sample, in 1/phases.
    private let step: Int
    private let half: Int
    private let kernel: [Float]

    /// `rate` outside `rates` is brought to the nearest one.
    public init(from rate: Int) {
        let rate = min(max(rate, Self.rates.lowerBound), Self.rates.upperBound)
        self.rate = rate
        var (a, b) = (rate, Self.target)
        while b != 0 { (a, b) = (b, a % b) }
        phases = Self.target / a
        step = rate / a
        let ratio = Double(rate) / Double(Self.target)
        half = Int((Double(Self.crossings) * ratio).rounded(.up))
        kernel = rate == Self.target ? [] : Self.kernel(phases: phases, half: half, ratio: ratio)
    }

    /// All phases behind one another, each of `2 * half` weights whose sum is 1.
    private static func kernel(phases: Int, half: Int, ratio: Double) -> [Float] {
        let cutoff = 0.9 / ratio
        var kernel: [Float] = []
        kernel.reserveCapacity(phases * half * 2)
        for phase in 0..<phases {
            var weights: [Double] = []
            for tap in 0..<half * 2 {
                let distance = Double(tap - half + 1) - Double(phase) / Double(phases)
                let x = distance * cutoff * .pi
                let sinc = abs(x) < 1e-9 ? 1 : sin(x) / x
                let turn = distance / Double(half)
                let window = abs(turn) >= 1 ? 0 : 0.42 + 0.5 * cos(.pi * turn) + 0.08 * cos(2 * .pi * turn)
                weights.append(sinc * window)
            }
            let sum = weights.reduce(0, +)
            kernel += weights.map { Float($0 / sum) }
        }
        return kernel
    }

    public func resample(_ input: [Int16]) -> [Int16] {
        guard rate != Self.target, !input.isEmpty else { return input }
        let count = input.count * phases / step
        var output: [Int16] = []
        output.reserveCapacity(count)
        let taps = half * 2
        for index in 0..<count {
            let position = index * step
            let (start, phase) = (position / phases - half + 1, position % phases)
            var sum: Float = 0
            for tap in max(0, -start)..<max(0, -start, min(taps, input.count - start)) {
                sum += kernel[phase * taps + tap] * Float(input[start + tap])
            }
            output.append(Int16(max(-32768, min(32767, sum.rounded()))))
        }
        return output
    }
}
