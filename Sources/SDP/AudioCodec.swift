// The codecs that can be agreed.

/// G.711 in its two laws (RFC 3551, section 4.5.14) and G.722, whose clock counts 8000 although it has 16000 samples in a
/// second (section 4.5.2); one channel.
public enum AudioCodec: String, Hashable, Sendable, CaseIterable {
    case pcmu = "PCMU"
    case pcma = "PCMA"
    case g722 = "G722"

    /// The static payload type (RFC 3551, table 4).
    public var staticPayloadType: UInt8 {
        switch self {
        case .pcmu: 0
        case .pcma: 8
        case .g722: 9
        }
    }
}
