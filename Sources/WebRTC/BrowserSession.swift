// One browser: its signalling, its transport and its voice.

public import Audio
internal import Glibc
public import RTP
internal import SDP

/// A voice connection with one page, kept from sign-in to sign-out and over reloads of the page.
///
/// Offers go into `answer(_:)`. Voice comes out of `onPacket` and goes into `send(_:_:)` as telephone RTP, whatever is
/// spoken with the browser: payload types are always `BrowserSession.muType`, `aType` and `eventType`, the clock is always
/// 8000 Hz. The RTP header and its numbers towards the browser are the session's own affair.
public final class BrowserSession {
    /// Payload types of PCMU, PCMA and telephone-event on the side of the media plane.
    public nonisolated static let muType: UInt8 = 0
    public nonisolated static let aType: UInt8 = 8
    public nonisolated static let eventType: UInt8 = 101

    struct Link {
        let dtls: DTLSEndpoint
        let srtp: SRTPPair
    }

    /// The transport. Whether the browser is there is another matter: `absence`.
    enum Transport {
        /// An offer was answered, or none came; no DTLS yet.
        case idle
        case handshaking(DTLSEndpoint)
        case connected(Link)
        /// Came to an end: only a new offer begins anew.
        case ended
    }

    /// What offer and answer agreed.
    struct Agreement {
        var fingerprint: CertificateFingerprint
        var iceFragment: String
        /// As the browser sees it: what it sends, we receive.
        var direction: MediaDirection
        var events: [BrowserOffer.TelephoneEvent]
        var codec: BrowserOffer.Codec
        /// The one whose packets we send: of the voice's clock if there is one.
        var event: BrowserOffer.TelephoneEvent?
    }

    /// Called on the loop after the packets of a round; may call everything.
    public var onEvent: (BrowserEvent) -> Void = { _ in }
    /// Called for each packet while it lies in our buffer: the header as for a telephone, and its `payloadCount` bytes,
    /// before which `RTPHeader.bytes` may be written over. Not to be kept; may call `send` of any session, nothing else.
    public var onPacket: (RTPHeader, UnsafeMutableRawPointer) -> Void = { _, _ in }
    /// The browser is expected to send all the time: then its silence is told by `gone(.silent)`.
    public var isTalking = false {
        didSet { if isTalking, !oldValue { talkingSince = port.now } }
    }
    /// Packets of this session that were dropped, by cause.
    public internal(set) var drops = BrowserDrops()

    let port: BrowserPort
    var transport = Transport.idle
    /// Why the browser isn't there, `nil`: it is. Before the first connection there is nothing to be told of.
    var absence: BrowserGone?
    var hasConnected = false
    var ice: ICELiteAgent?
    var agreement: Agreement?
    var version: UInt64 = 0
    let sessionID: UInt64
    /// Under which names the port finds us.
    var fragments: [String] = []
    /// Monotonic nanoseconds, `.max`: none.
    var handshakeDue = UInt64.max
    var isClosed = false

    // What comes in
    var reception = ReceptionStatistics()
    var opusIn: OpusReceiver?
    var lastReceived: UInt64 = 0
    var talkingSince: UInt64 = 0
    var offeredAt: UInt64 = 0
    var floodSecond: UInt64 = 0
    var floodPackets = 0
    var floodAttempts = 0
    var losses = LossWindow()

    // What goes out
    var out: OutgoingStream
    var opusOut: OpusEncoder?
    /// Opus packets that a single packet of the media plane became, besides the first ones.
    var extraPackets: UInt16 = 0
    var sentPackets: UInt32 = 0
    var sentBytes: UInt32 = 0
    var reportedPackets: UInt32 = 0
    var nextReport: UInt64 = 0
    var lastReportMiddle: UInt32 = 0
    var lastReportAt: UInt64 = 0
    var remoteLoss: Double?
    var remoteJitter: Double?
    var roundTrip: Double?
    let reportName: UInt64

    init(on port: BrowserPort) {
        self.port = port
        sessionID = UInt64.random(in: 1...UInt64(Int64.max), using: &port.random)
        reportName = UInt64.random(in: 0...UInt64.max, using: &port.random)
        out = Self.stream(using: &port.random)
    }

    static func stream(using random: inout SystemRandomNumberGenerator) -> OutgoingStream {
        OutgoingStream(
            source: UInt32.random(in: 1...UInt32.max, using: &random),
            sequence: UInt16.random(in: 0...0x7FFF, using: &random),
            timestamp: UInt32.random(in: 0...UInt32.max, using: &random))
    }

    /// The law in which the browser's voice comes and in which `send` wants it; `nil`: no offer was answered.
    public var law: G711.Law? {
        switch agreement?.codec.codec {
        case .pcmu: .mu
        case .pcma: .a
        case .opus: port.settings.law
        case nil: nil
        }
    }

    /// Whether the voice is transcoded.
    public var isOpus: Bool { agreement?.codec.codec == .opus }

    /// Voice can flow now.
    public var isConnected: Bool {
        guard case .connected = transport else { return false }
        return absence == nil
    }

    /// Ends the session: the browser is told by RTCP and DTLS. Also to be called when the session isn't wanted any more
    /// after `gone`.
    public func close() {
        guard !isClosed else { return }
        isClosed = true
        endTransport()
        port.forget(self)
    }

    /// Says goodbye over what there is, and lets go of it.
    func endTransport() {
        switch transport {
        case .connected(let link):
            report(over: link, isBye: true, at: port.now)
            link.dtls.close()
            flush(link.dtls)
        case .idle, .handshaking, .ended: break
        }
        transport = .ended
        handshakeDue = .max
        port.stopHandshake(self)
        if let removed = ice?.forgetPaths() { port.forget(removed, of: self) }
    }

    func drop(_ cause: BrowserDrop) {
        drops.count(cause)
        port.figures.drops.count(cause)
    }

    func becomePresent() {
        guard case .connected = transport, !hasConnected || absence != nil else { return }
        hasConnected = true
        absence = nil
        port.post(.connected, to: self)
    }

    func becomeAbsent(_ reason: BrowserGone) {
        guard absence == nil else { return }
        absence = reason
        port.post(.gone(reason), to: self)
    }
}
