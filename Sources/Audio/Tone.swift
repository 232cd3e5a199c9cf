// Tones that a line makes.

internal import Glibc

/// One or more frequencies at once, switched on and off.
public struct Tone: Hashable, Sendable {
    /// Hertz.
    public var frequencies: [Double]
    /// Of each frequency, in dB below full scale.
    public var level: Double
    /// Seconds on and off; `offSeconds` 0: without a pause.
    public var onSeconds: Double
    public var offSeconds: Double

    public init(_ frequencies: [Double], level: Double = -16, onSeconds: Double, offSeconds: Double = 0) {
        self.frequencies = frequencies
        self.level = level
        self.onSeconds = onSeconds
        self.offSeconds = offSeconds
    }

    /// Europe's ringing tone (ITU-T E.180, supplement 2).
    public static let ringback = Tone([425], onSeconds: 1, offSeconds: 4)
    /// Between a recording's announcement and the speech.
    public static let beep = Tone([1400], onSeconds: 0.3)

    /// One period of the tone, with edges of 5 ms that keep it from clicking.
    public var clip: AudioClip {
        let on = Int(min(max(0, onSeconds), 60) * 8000), off = Int(min(max(0, offSeconds), 60) * 8000)
        let amplitude = 32767 * pow(10, level / 20)
        var samples = [Int16](repeating: 0, count: on + off)
        for index in 0..<on {
            let edge = min(1, Double(min(index, on - 1 - index)) / 40)
            var sum = 0.0
            for frequency in frequencies { sum += sin(2 * .pi * frequency * Double(index) / 8000) }
            samples[index] = Int16(max(-32767, min(32767, sum * amplitude * edge)))
        }
        return AudioClip(samples: samples)
    }
}
