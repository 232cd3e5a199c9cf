// What the phone says: one 20 ms frame after the other.

import Glibc

/// Makes samples, endlessly.
struct Mouth {
    enum Source: Hashable {
        case silence
        /// In Hz.
        case tone(Int)
        /// Noise in the rhythm of syllables: no tone detector takes it for a tone.
        case speech
        /// Samples at 8 kHz, then silence.
        case recording([Int16])
    }

    /// -12 dB of full scale.
    static let amplitude = 8192.0

    var source = Source.silence {
        didSet { if source != oldValue { position = 0 } }
    }
    private var position = 0
    private var noise = SystemRandomNumberGenerator()

    init(_ source: Source) { self.source = source }

    mutating func nextFrame() -> [Int16] {
        defer { position += ToneDetector.frameSamples }
        return (position..<position + ToneDetector.frameSamples).map { index in sample(at: index) }
    }

    private mutating func sample(at index: Int) -> Int16 {
        let seconds = Double(index) / ToneDetector.sampleRate
        switch source {
        case .silence: return 0
        case .tone(let frequency): return Int16(Self.amplitude * sin(2 * .pi * Double(frequency) * seconds))
        case .speech:
            let syllable = 0.6 + 0.4 * sin(2 * .pi * 4 * seconds)
            return Int16(Double.random(in: -Self.amplitude...Self.amplitude, using: &noise) * syllable)
        case .recording(let samples): return index < samples.count ? samples[index] : 0
        }
    }
}
