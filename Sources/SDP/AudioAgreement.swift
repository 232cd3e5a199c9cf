// What both sides agreed on: all that the media plane needs to know.

/// The outcome of an offer and its answer for the one audio stream.
public struct AudioAgreement: Hashable, Sendable {
    /// A payload type and the codec that it stands for.
    public struct Format: Hashable, Sendable {
        public var codec: AudioCodec
        public var payloadType: UInt8

        public init(codec: AudioCodec, payloadType: UInt8) {
            self.codec = codec
            self.payloadType = payloadType
        }
    }

    /// What we send.
    public var sends: Format
    /// What may come in; the number may change from packet to packet (RFC 3264, section 5.1).
    public var receives: [Format]
    /// The payload type of telephone-events that we send, and that come in; `nil`: not agreed (RFC 4733).
    public var telephoneEventSent: UInt8?
    public var telephoneEventReceived: UInt8?
    /// Where our RTP goes.
    public var remote: SessionDescription.Connection
    public var remotePort: UInt16
    /// Where our RTCP goes; with `usesRTCPMux` the same as RTP (RFC 3605, RFC 5761).
    public var remoteRTCP: SessionDescription.Connection
    public var remoteRTCPPort: UInt16
    public var usesRTCPMux: Bool
    /// As seen by us.
    public var direction: MediaDirection
    /// The other side put us on hold: it takes no media, by direction or by address 0.0.0.0.
    public var isOnHold: Bool
    /// Milliseconds per packet that the other side wants to get.
    public var packetMilliseconds: Int

    public var codec: AudioCodec { sends.codec }
    /// Keys may come in as telephone-events.
    public var hasTelephoneEvents: Bool { telephoneEventReceived != nil }
}
