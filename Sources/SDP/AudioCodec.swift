// The codecs that can be agreed.

/// G.711 in its two laws, 8000 Hz, one channel (RFC 3551, section 4.5.14).
public enum AudioCodec: String, Hashable, Sendable, CaseIterable {
    case pcmu = "PCMU"
    case pcma = "PCMA"

    /// The static payload type (RFC 3551, table 4).
    public var staticPayloadType: UInt8 { self == .pcmu ? 0 : 8 }
}
