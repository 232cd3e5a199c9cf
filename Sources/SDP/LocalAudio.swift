// Our side of a negotiation.

/// Where and how we take audio, and how our descriptions are numbered.
public struct LocalAudio: Hashable, Sendable {
    public var connection: SessionDescription.Connection
    /// The RTP port; RTCP is one above.
    public var port: UInt16
    /// The same for all descriptions of one leg.
    public var sessionID: UInt64
    /// Of the last description sent; the next one that differs gets the next number (RFC 3264, section 8).
    public var version: UInt64
    /// In order of preference.
    public var codecs: [AudioCodec]
    /// What we allow.
    public var direction: MediaDirection
    /// The payload type under which we offer telephone-events.
    public var telephoneEvent: UInt8

    public init(
        connection: SessionDescription.Connection, port: UInt16, sessionID: UInt64, version: UInt64 = 1,
        codecs: [AudioCodec] = [.pcma, .pcmu], direction: MediaDirection = .sendReceive, telephoneEvent: UInt8 = 101
    ) {
        self.connection = connection
        self.port = port
        self.sessionID = sessionID
        self.version = version
        self.codecs = codecs
        self.direction = direction
        self.telephoneEvent = telephoneEvent
    }

    var origin: SessionDescription.Origin {
        SessionDescription.Origin(sessionID: String(sessionID), version: String(version), address: connection)
    }
}
