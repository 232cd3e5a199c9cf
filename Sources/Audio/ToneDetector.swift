// Finds a tone in sound (Goertzel's algorithm).

internal import Glibc

/// Looks for one frequency.
public struct ToneDetector: Hashable, Sendable {
    /// Hertz.
    public var frequency: Double
    private let coefficient: Double

    public init(_ frequency: Double) {
        self.frequency = frequency
        coefficient = 2 * cos(2 * .pi * frequency / 8000)
    }

    /// The share (0...1) of the sound's power that lies at the frequency; 0 for silence. Precise to about
    /// 8000 / count Hz.
    public func share(in samples: some Collection<Int16>) -> Double {
        var previous = 0.0, before = 0.0, energy = 0.0
        for sample in samples {
            let value = Double(sample)
            (previous, before) = (value + coefficient * previous - before, previous)
            energy += value * value
        }
        // Mean power below about -66 dB of full scale is silence, in which every rounding would look like a tone.
        guard !samples.isEmpty, energy / Double(samples.count) > 256 else { return 0 }
        let power = previous * previous + before * before - coefficient * previous * before
        return min(1, 2 * power / (energy * Double(samples.count)))
    }
}
