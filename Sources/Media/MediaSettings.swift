// What an admin decides about media.

public import SDP

/// Addresses, ports and limits of the media plane.
public nonisolated struct MediaSettings: Hashable, Sendable {
    /// The IPv4 address (a literal) that our session descriptions name.
    public var address: String
    /// Where sockets are bound if that is another address, as behind a one-to-one NAT.
    public var bindAddress: String?
    /// The IPv6 address for callers that speak IPv6 only; `nil`: they are refused.
    public var addressV6: String?
    /// RTP takes the even ports, RTCP the odd ones above them.
    public var ports: ClosedRange<UInt16>
    /// Legs at a time, at most 65536.
    public var legsMax: Int
    /// Recordings at a time.
    public var recordingsMax: Int
    /// Seconds without RTP and RTCP after which `noRTP` is reported; 0: never.
    public var noRTPSeconds: Int
    /// Seconds between two RTCP reports of a leg.
    public var reportSeconds: Int
    /// Jitter over which `jitter` is reported; once it is under three quarters of that, it may be again.
    public var jitterMillisecondsMax = 100
    /// Keys are listened for as sound where the other side has no telephone-events.
    public var detectsDigitTones: Bool
    /// In order of preference for calls that we make.
    public var codecs: [AudioCodec]

    public init(
        address: String = "127.0.0.1", bindAddress: String? = nil, addressV6: String? = nil,
        ports: ClosedRange<UInt16> = 16384...32767, legsMax: Int = 4096, recordingsMax: Int = 2048,
        noRTPSeconds: Int = 20, reportSeconds: Int = 5, detectsDigitTones: Bool = true,
        codecs: [AudioCodec] = [.pcma, .pcmu]
    ) {
        self.address = address
        self.bindAddress = bindAddress
        self.addressV6 = addressV6
        self.ports = ports
        self.legsMax = min(max(1, legsMax), 65536)
        self.recordingsMax = min(max(1, recordingsMax), 65536)
        self.noRTPSeconds = noRTPSeconds
        self.reportSeconds = max(1, reportSeconds)
        self.detectsDigitTones = detectsDigitTones
        self.codecs = codecs.isEmpty ? [.pcma, .pcmu] : codecs
    }
}
