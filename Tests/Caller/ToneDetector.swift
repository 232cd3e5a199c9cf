// Tells silence, pure tones and everything else apart in 20 ms of sound.

import Glibc

/// Goertzel filters over one frame of 160 samples at 8 kHz.
struct ToneDetector {
    static let frameSamples = 160
    static let sampleRate = 8000.0
    /// RMS below which a frame is silent: -45 dB of full scale.
    static let silenceLevel = 184.0
    /// Tones are pure if they hold this share of the energy.
    static let purityShare = 0.95
    /// A tone counts if it holds at least this share of the energy.
    static let toneShareMin = 0.08
    static let tonesMax = 3
    /// In Hz. Below it, voiced speech has fundamentals as pure as any tone.
    static let frequencyMin = 300
    static let frequencyMax = 3800

    /// Frequencies in Hz that a test asks for: named exactly where a frame holds them.
    var expected: [Int]

    func classify(_ frame: [Int16]) -> Sound {
        let samples = frame.map(Double.init)
        let energy = samples.reduce(0) { $0 + $1 * $1 }
        guard !samples.isEmpty, (energy / Double(samples.count)).squareRoot() >= Self.silenceLevel else { return .silence }
        var rest = samples
        var tones: [Int] = []
        while tones.count < Self.tonesMax, let tone = strongestTone(in: rest, energy: energy) {
            tones.append(name(of: tone))
            rest = removing(Double(tone), from: rest)
            if rest.reduce(0, { $0 + $1 * $1 }) <= energy * (1 - Self.purityShare) { return .tones(tones.sorted()) }
        }
        return .speech
    }

    /// The frequency that explains most of `samples`; nil if that is less than `toneShareMin` of `energy`.
    private func strongestTone(in samples: [Double], energy: Double) -> Int? {
        let coarse = stride(from: Self.frequencyMin, through: Self.frequencyMax, by: 50).max {
            power(of: $0, in: samples) < power(of: $1, in: samples)
        }
        guard let coarse else { return nil }
        let fine = stride(from: coarse - 50, through: coarse + 50, by: 5)
        guard let best = fine.max(by: { power(of: $0, in: samples) < power(of: $1, in: samples) }) else { return nil }
        return power(of: best, in: samples) >= energy * Self.toneShareMin ? best : nil
    }

    /// The expected frequency that is meant by a measured one, else the measured one.
    private func name(of tone: Int) -> Int {
        let nearest = expected.min { abs($0 - tone) < abs($1 - tone) }
        return nearest.flatMap { abs($0 - tone) <= Sound.toleranceHertz ? $0 : nil } ?? tone
    }

    /// The energy that a sine of that frequency explains, in the unit of the sum of squares.
    private func power(of frequency: Int, in samples: [Double]) -> Double {
        let coefficient = 2 * cos(2 * .pi * Double(frequency) / Self.sampleRate)
        var (last, beforeLast) = (0.0, 0.0)
        for sample in samples { (last, beforeLast) = (sample + coefficient * last - beforeLast, last) }
        let square = last * last + beforeLast * beforeLast - coefficient * last * beforeLast
        return square * 2 / Double(samples.count)
    }

    /// `samples` without their best fit of a sine of that frequency.
    private func removing(_ frequency: Double, from samples: [Double]) -> [Double] {
        let step = 2 * Double.pi * frequency / Self.sampleRate
        // Least squares for a*cos + b*sin: the two are nearly, but not wholly, orthogonal over one frame.
        var (cc, cs, ss, xc, xs) = (0.0, 0.0, 0.0, 0.0, 0.0)
        for (index, sample) in samples.enumerated() {
            let (c, s) = (cos(step * Double(index)), sin(step * Double(index)))
            cc += c * c
            cs += c * s
            ss += s * s
            xc += sample * c
            xs += sample * s
        }
        let determinant = cc * ss - cs * cs
        guard determinant > 0 else { return samples }
        let (a, b) = ((xc * ss - xs * cs) / determinant, (xs * cc - xc * cs) / determinant)
        return samples.enumerated().map { index, sample in
            sample - a * cos(step * Double(index)) - b * sin(step * Double(index))
        }
    }
}
