// How loud a piece of sound is.

internal import func Glibc.log10

/// Measures of linear sound.
public enum Loudness {
    /// Samples up to this are silence: about -41 dB of full scale.
    public static let silenceMax: Int16 = 300
    /// A law's own rounding of nothing: A-law has no zero.
    public static let nothingMax: Int16 = 8

    /// The largest distance from zero; -32768 counts as 32767.
    public static func peak(_ samples: UnsafePointer<Int16>, count: Int) -> Int16 {
        var highest: Int16 = 0, lowest: Int16 = 0
        for index in 0..<count {
            highest = max(highest, samples[index])
            lowest = min(lowest, samples[index])
        }
        return max(highest, lowest == .min ? .max : -lowest)
    }

    /// The sum of the samples' squares.
    public static func energy(_ samples: UnsafePointer<Int16>, count: Int) -> Int64 {
        var sum: Int64 = 0
        for index in 0..<count {
            let sample = Int32(samples[index])
            sum &+= Int64(sample &* sample)
        }
        return sum
    }

    /// Mean level in dB of full scale (dBov: a sine of full scale has -3), from the energy of `count` samples; -127 is
    /// silence, as in RFC 6464.
    public static func decibels(energy: Int64, count: Int) -> Double {
        guard energy > 0, count > 0 else { return -127 }
        return max(-127, 10 * log10(Double(energy) / Double(count)) - 90.309)
    }
}
