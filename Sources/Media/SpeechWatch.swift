// Who speaks, and how loud.

internal import Audio

/// What one leg is heard to do: speech begins after 60 ms of sound and ends 600 ms behind its last, so that a click is none
/// and a breath doesn't end it.
struct SpeechWatch {
    private static let beginNanoseconds: UInt64 = 60_000_000
    /// Counted in beats of 100 ms rather than in time: while the process stands still, packets wait unread.
    private static let endBeats = 6
    private static let samplesInMean = 1600

    private(set) var isSpeaking = false
    private var soundBegan: UInt64?
    private var quietBeats = 0
    /// Mean energy of a sample over about 200 ms, times 256.
    private var mean: Int64 = 0

    /// In dB of full scale (dBov); -127: silence.
    var decibels: Double { Loudness.decibels(energy: mean, count: 256) }

    /// A packet that came; `true`: speech begins with it.
    mutating func take(isSilent: Bool, energy: Int64, count: Int, at now: UInt64) -> Bool {
        if count > 0 {
            let share = Int64(min(count, Self.samplesInMean))
            mean += (energy * 256 / Int64(count) - mean) * share / Int64(Self.samplesInMean)
        }
        guard !isSilent else {
            soundBegan = nil
            return false
        }
        quietBeats = 0
        let began = soundBegan ?? now
        soundBegan = began
        guard !isSpeaking, now - began >= Self.beginNanoseconds else { return false }
        isSpeaking = true
        return true
    }

    /// Ten times a second; `true`: speech has ended.
    mutating func end() -> Bool {
        quietBeats = min(quietBeats + 1, Self.endBeats)
        guard quietBeats == Self.endBeats else { return false }
        mean = 0
        guard isSpeaking else { return false }
        isSpeaking = false
        soundBegan = nil
        return true
    }
}
