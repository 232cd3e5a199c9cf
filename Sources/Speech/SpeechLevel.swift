// All prompts equally loud, without dead time at their ends.

internal import Foundation

/// Trims and levels rendered speech.
nonisolated enum SpeechLevel {
    /// Left before the first and behind the last sound.
    static let marginSamples = 800
    private static let frame = 80
    /// Frames this far below the loudest are pauses: they count neither as sound nor in the level.
    private static let pauseDecibels: Float = -35
    /// What is quieter than this altogether is no speech.
    private static let silencePeak: Float = 30

    static let wantedRMS: Float = 3277  // -20 dBFS
    static let peakMax: Float = 23_198  // -3 dBFS

    /// Samples as they are to be played; empty if there is no sound in them.
    static func finished(_ samples: [Float]) -> [Int16] {
        let energies = stride(from: 0, to: samples.count, by: frame).map { start in
            let part = samples[start..<min(start + frame, samples.count)]
            return part.reduce(0) { $0 + $1 * $1 } / Float(part.count)
        }
        let peak = samples.reduce(0) { max($0, abs($1)) }
        guard peak >= silencePeak, let loudest = energies.max() else { return [] }
        let threshold = loudest * pow(10, pauseDecibels / 10)
        guard let first = energies.firstIndex(where: { $0 >= threshold }),
            let last = energies.lastIndex(where: { $0 >= threshold })
        else { return [] }
        let sounding = energies.filter { $0 >= threshold }
        let rms = (sounding.reduce(0, +) / Float(sounding.count)).squareRoot()
        let gain = min(wantedRMS / rms, peakMax / peak)
        let start = first * frame - marginSamples
        let end = (last + 1) * frame + marginSamples
        return (start..<end).map { index in
            guard samples.indices.contains(index) else { return 0 }
            return Int16((samples[index] * gain * fade(min(index - start, end - 1 - index))).rounded())
        }
    }

    /// Over the first and last 5 ms, so that no cut is heard as a click.
    private static func fade(_ distance: Int) -> Float { min(1, Float(distance) / 40) }
}
