// Music for waiting callers, made here and so nobody's property.

internal import Glibc

/// A quiet piece of sixteen seconds that ends where it begins: four chords, broken upwards over a soft bass.
public enum HoldMusic {
    /// Semitones above A3 (220 Hz): F, C, D minor, B flat, each with its sixth or ninth to keep it friendly.
    private static let chords: [[Int]] = [[-4, 0, 3, 10], [-9, -5, -2, 5], [-7, -4, 0, 9], [-11, -7, -4, 3]]
    private static let pattern = [0, 1, 2, 3, 2, 1, 2, 1]
    private static let chordSeconds = 4.0

    /// Work for a worker queue: about 0.1 s.
    public static func clip() -> AudioClip {
        let count = Int(chordSeconds * 8000) * chords.count
        var mix = [Double](repeating: 0, count: count)
        for (index, chord) in chords.enumerated() {
            let start = Double(index) * chordSeconds
            add(note: chord[0] - 12, at: start, seconds: 4.2, level: 0.30, into: &mix)
            for (step, tone) in pattern.enumerated() {
                add(note: chord[tone], at: start + Double(step) * 0.5, seconds: 1.6, level: 0.22, into: &mix)
            }
        }
        let peak = max(1e-9, mix.lazy.map { abs($0) }.max() ?? 1)
        // A third of full scale: loud enough to hear, far from the level of a voice.
        return AudioClip(samples: mix.map { Int16($0 / peak * 11000) })
    }

    /// A plucked note: three partials that die away, wrapped around the end so that the loop has no seam.
    private static func add(note: Int, at start: Double, seconds: Double, level: Double, into mix: inout [Double]) {
        let frequency = 220 * pow(2, Double(note) / 12)
        let first = Int(start * 8000)
        for index in 0..<Int(seconds * 8000) {
            let time = Double(index) / 8000
            let attack = min(1, time / 0.02), release = min(1, (seconds - time) / 0.1)
            let envelope = level * attack * release * exp(-time * 1.8)
            let turn = 2 * .pi * frequency * time
            let sound = sin(turn) + 0.35 * sin(2 * turn) * exp(-time * 2) + 0.12 * sin(3 * turn) * exp(-time * 4)
            mix[(first + index) % mix.count] += envelope * sound
        }
    }
}
