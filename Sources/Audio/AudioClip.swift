// A piece of sound, ready to be sent.

/// Sound at 8000 Hz, one channel, with its two encoded forms made once. Making one is work for a worker queue.
public final class AudioClip: Sendable {
    public static let sampleRate = 8000
    /// The longest clip: one hour.
    public static let samplesMax = 3600 * sampleRate

    public let samples: [Int16]
    public let muLaw: [UInt8]
    public let aLaw: [UInt8]

    /// Samples beyond `samplesMax` are cut off.
    public init(samples: [Int16]) {
        self.samples = samples.count > Self.samplesMax ? Array(samples.prefix(Self.samplesMax)) : samples
        muLaw = G711.encode(self.samples, .mu)
        aLaw = G711.encode(self.samples, .a)
    }

    public var seconds: Double { Double(samples.count) / Double(Self.sampleRate) }

    public func encoded(_ law: G711.Law) -> [UInt8] { law == .mu ? muLaw : aLaw }

    /// Reads a WAV file; two channels are mixed, other rates are converted.
    public convenience init(wav bytes: [UInt8]) throws(WAVError) {
        let file = try WAVFile(bytes)
        self.init(samples: Resampler(from: file.sampleRate).resample(file.mixed))
    }

    /// Nothing to be heard.
    public static func silence(seconds: Double) -> AudioClip {
        AudioClip(samples: [Int16](repeating: 0, count: Int(min(max(0, seconds), 3600) * Double(sampleRate))))
    }
}
