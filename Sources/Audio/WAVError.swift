// What can be wrong with a WAV file, and how to mend it.

/// Why a WAV file was refused.
public enum WAVError: Error, Hashable, Sendable, CustomStringConvertible {
    case notWAV
    case tooLarge(megabytesMax: Int)
    case truncated(chunk: String)
    case missingChunk(String)
    /// The format's number in the file, for example 6 for A-law, 85 for MP3.
    case notPCM(format: Int)
    case bits(Int)
    case channels(Int)
    case sampleRate(Int)
    case empty

    public var description: String {
        let convert = "convert it with: sox in.wav -r 8000 -c 1 -b 16 -e signed out.wav"
        return switch self {
        case .notWAV: "not a WAV file (no RIFF/WAVE at its start); \(convert)"
        case .tooLarge(let megabytes): "larger than \(megabytes) MB; cut it"
        case .truncated(let chunk): "the file ends inside its '\(chunk)' chunk; copy it again"
        case .missingChunk(let chunk): "no '\(chunk)' chunk; \(convert)"
        case .notPCM(let format): "encoded as format \(format), only linear PCM is read; \(convert)"
        case .bits(let bits): "\(bits) bits per sample, 8 and 16 are read; \(convert)"
        case .channels(let channels): "\(channels) channels, one and two are read; \(convert)"
        case .sampleRate(let rate): "\(rate) samples per second, 8000 to 48000 are read; \(convert)"
        case .empty: "no sound in it; record it again"
        }
    }
}
