// What a browser and we can speak.

/// A codec between a browser and us (RFC 7874, section 3).
public enum BrowserCodec: String, Hashable, Sendable, CaseIterable {
    case opus, pcmu, pcma

    /// As in `a=rtpmap` (RFC 7587, section 7; RFC 3551, section 4.5.14), in capitals.
    var encodings: [String] {
        switch self {
        case .opus: ["OPUS/48000/2"]
        case .pcmu: ["PCMU/8000", "PCMU/8000/1"]
        case .pcma: ["PCMA/8000", "PCMA/8000/1"]
        }
    }

    /// As we write it.
    var name: String {
        switch self {
        case .opus: "opus/48000/2"
        case .pcmu: "PCMU/8000"
        case .pcma: "PCMA/8000"
        }
    }

    /// Steps of its RTP timestamp for each of a telephone's 125 µs (RFC 7587, section 4.1: Opus always counts 48 kHz).
    public var stepsPerSample: UInt32 { self == .opus ? 6 : 1 }
}
