// How browsers reach us.

public import Audio
public import RTP
public import SDP

/// Where the browser port listens and what it agrees to.
public nonisolated struct BrowserPortSettings: Hashable, Sendable {
    /// One socket for each; a port of 0 lets the kernel choose. None may be unspecified: a socket on all addresses would
    /// answer from whichever the kernel likes, and the browser would not know it again (facts/webrtc.md, 5.3).
    public var addresses: [TransportAddress]
    /// Addresses that nobody asked for by name: one that cannot be bound, such as an IPv6 address that is still tentative, is
    /// left out as long as another one can.
    public var mayLack = false
    /// Addresses by which others know us behind a static NAT. They are offered before our own; with port 0 they stand for
    /// the first socket's port.
    public var advertised: [TransportAddress] = []
    public var codecPolicy = BrowserCodecPolicy.auto
    /// G.711 of the house: what `auto` asks for, and as what Opus reaches the media plane.
    public var law = G711.Law.a
    public var sessionsMax = 512
    /// Seconds without any packet while talking after which a browser counts as gone.
    public var silenceMaxSeconds = 2
    /// Seconds between two RTCP reports, on average.
    public var reportSeconds = 5

    public init(addresses: [TransportAddress]) { self.addresses = addresses }
}
