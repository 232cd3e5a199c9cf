// What can be wrong with a browser's offer, in words.

/// Why a browser's offer was refused.
public enum BrowserOfferError: Error, Hashable, Sendable, CustomStringConvertible {
    /// It is no session description.
    case malformed(SDPError)
    /// No `m=audio` over DTLS-SRTP with a port.
    case noAudio
    /// RTP and RTCP would come on two ports (RFC 8834, section 4.5 demands one).
    case noRTCPMux
    /// `a=ice-ufrag` or `a=ice-pwd` is missing or breaks RFC 8839, section 5.4.
    case noICE
    /// No SHA-256 fingerprint; browsers always send one.
    case noFingerprint
    /// Several SHA-256 fingerprints that differ, or one that isn't 32 bytes.
    case malformedFingerprint
    /// The browser wants to be the DTLS server, as we do.
    case wrongSetup
    case noCommonCodec

    public var description: String {
        switch self {
        case .malformed(let error): error.description
        case .noAudio: "no audio line over UDP/TLS/RTP/SAVPF"
        case .noRTCPMux: "no a=rtcp-mux"
        case .noICE: "no usable a=ice-ufrag and a=ice-pwd"
        case .noFingerprint: "no a=fingerprint with sha-256"
        case .malformedFingerprint: "the sha-256 fingerprint is not one of 32 bytes"
        case .wrongSetup: "a=setup is neither actpass nor active"
        case .noCommonCodec: "none of Opus, PCMA and PCMU is offered"
        }
    }
}
