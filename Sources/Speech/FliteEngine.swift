// The voice that comes with every Debian: flite's "slt".

internal import Audio
internal import CFlite
public import MainLoop

/// English, plainly robotic, 0.02 s of processor time for a second of speech (facts/speech-and-channels.md, 2).
public nonisolated struct FliteEngine: SpeechEngine {
    /// flite keeps global state and promises nothing about threads: all of the process's flite work happens here.
    public static let worker = WorkerQueue(label: "flite", serial: true)

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    public init() {}

    /// The last part counts what happens to the samples and the text on their way here.
    public let identity = "flite-2.2/cmu_us_slt/8000/1"

    public func synthesise(_ text: String) throws -> [Int16] {
        guard cflite_start() == 0 else { throw Failure(description: "the voice could not be loaded") }
        let cleaned = FliteText.cleaned(text)
        // flite gives a fifth of a second of noise floor for "...".
        guard cleaned.utf8.contains(where: { $0 >= 0x30 && $0 <= 0x39 || $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A }) else {
            return []
        }
        var count: Int32 = 0
        var rate: Int32 = 0
        guard let samples = cflite_speak(cleaned, &count, &rate) else { throw Failure(description: "no sound came back") }
        defer { cflite_free(samples) }
        guard count > 0, rate >= 8000 else { throw Failure(description: "\(count) samples at \(rate) per second came back") }
        let raw = UnsafeBufferPointer(start: samples, count: Int(count))
        return SpeechLevel.finished(Resampler(from: Int(rate)).resampled(raw))
    }
}
