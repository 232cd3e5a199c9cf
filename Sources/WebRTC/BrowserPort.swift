// The sockets that all browsers share, and who is behind which address.

internal import CLoop
internal import CWebRTC
internal import Glibc
public import MainLoop
public import RTP
public import SDP

/// One UDP socket for each local address, and behind them every browser's session (RFC 7983).
///
/// Nothing but checks is taken from an address over which no check has passed: that proves that whoever sends can also
/// receive there, so nobody can make us send DTLS flights to a third party. Handshakes are worked off a few in a round, so
/// that voices flow on while a whole shift signs in.
@MainActor public final class BrowserPort: LoopMember {
    static let datagramBytesMax = 2048
    /// Bytes of a packet of the media plane that are taken: 120 ms of G.711.
    static let payloadBytesMax = 960
    static let datagramsPerSocketMax = 64
    /// A handshake's datagram can take 1.2 ms.
    static let handshakeDatagramsPerRoundMax = 2
    static let handshakeDatagramsWaitingMax = 512
    /// Of one browser: its flight has two or three.
    static let handshakeDatagramsOfOneMax = 8
    static let refusalsPerSecondMax = 100
    static let beatNanoseconds: UInt64 = 200_000_000
    static let beatsPerSecond = 5
    /// A beat that comes later than this tells of a process that stood still.
    static let awayNanoseconds: UInt64 = 1_000_000_000
    /// Seconds from 1900 to 1970 (RFC 3550, section 4).
    private static let ntpEpoch: UInt64 = 2_208_988_800

    package nonisolated enum Direction: Sendable { case incoming, outgoing }

    struct Waiting {
        let session: BrowserSession
        let path: ICEPath
        let bytes: [UInt8]
    }

    public let settings: BrowserPortSettings
    public let descriptor: Int32
    /// Of our certificate; a new one with every start.
    public var fingerprint: CertificateFingerprint { identity.fingerprint }
    /// What the sockets are bound to, with the ports that the kernel chose.
    public let addresses: [TransportAddress]
    public internal(set) var figures = BrowserPortFigures()
    /// For tests: called with every datagram; `false` drops it.
    package var onDatagram: ((Direction, DatagramKind, UnsafeRawBufferPointer) -> Bool)?

    let identity: DTLSIdentity
    let sockets: [Int32]
    let incoming: UnsafeMutableRawPointer
    /// A packet of our own, while `incoming` may hold a received one.
    let outgoing: UnsafeMutableRawPointer
    var random = SystemRandomNumberGenerator()
    var waiting: [Waiting] = []
    /// Of this round.
    var handshakeDatagramsLeft = BrowserPort.handshakeDatagramsPerRoundMax
    private let loop: MainLoop
    private var sessions: [ObjectIdentifier: BrowserSession] = [:]
    private var byFragment: [String: BrowserSession] = [:]
    private var byPath: [ICEPath: BrowserSession] = [:]
    private var handshaking: [BrowserSession] = []
    private var pending: [(event: BrowserEvent, session: BrowserSession)] = []
    private var nextBeat = UInt64.max
    private var beat = 0
    private var refusalSecond: UInt64 = 0
    private var refusals = 0
    private var firstSocket = 0
    private var isServing = false
    private var isClosed = false
    /// Wall time in microseconds that belongs to monotonic time 0.
    private let wallOffset: Int64

    /// Starts the libraries, which takes some 50 ms once in a process (facts/webrtc.md, 5.4): to be called on a worker
    /// before a port is opened under live calls.
    public nonisolated static func prepare() { _ = cwebrtc_start() }

    /// Binds the sockets and makes a certificate. Starts the libraries if nobody has.
    public init(on loop: MainLoop, settings: BrowserPortSettings) throws(WebRTCError) {
        guard !settings.addresses.isEmpty else { throw .noAddress }
        identity = try DTLSIdentity()
        (sockets, addresses) = try Self.openSockets(settings.addresses, mayLack: settings.mayLack)
        descriptor = Self.watch(sockets)
        self.loop = loop
        self.settings = settings
        incoming = .allocate(byteCount: Self.datagramBytesMax, alignment: 16)
        let outgoingBytes = RTPHeader.bytes + Self.payloadBytesMax + SRTPPair.trailerBytes
        outgoing = .allocate(byteCount: outgoingBytes, alignment: 16)
        var wall = timespec()
        clock_gettime(CLOCK_REALTIME, &wall)
        wallOffset = Int64(wall.tv_sec) * 1_000_000 + Int64(wall.tv_nsec) / 1000 - Int64(cloop_now() / 1000)
        loop.add(self)
    }

    isolated deinit {
        incoming.deallocate()
        outgoing.deallocate()
    }

    /// A session for one agent's browser. It stays until its `close()`, or that of the port.
    public func open() throws(WebRTCError) -> BrowserSession {
        guard !isClosed else { throw .sessionClosed }
        guard sessions.count < settings.sessionsMax else { throw .tooManySessions }
        let session = BrowserSession(on: self)
        sessions[ObjectIdentifier(session)] = session
        if nextBeat == .max {
            nextBeat = now + Self.beatNanoseconds
            if !isServing { loop.dueChanged(self) }
        }
        return session
    }

    /// Closes every session and the sockets. Needed, because the loop holds its members.
    public func shutDown() {
        guard !isClosed else { return }
        for session in Array(sessions.values) { session.close() }
        isClosed = true
        pending.removeAll()
        loop.remove(self)
        close(descriptor)
        for socket in sockets { close(socket) }
    }

    /// Where browsers are told to come: what is advertised, then our own.
    var candidates: [TransportAddress] {
        settings.advertised.map { address in
            var address = address
            if address.port == 0 { address.port = addresses[0].port }
            return address
        } + addresses
    }

    // MARK: The loop

    var now: UInt64 { cloop_now() }

    /// NTP time: seconds since 1900 in the upper half, their fraction in the lower.
    func ntp(at now: UInt64) -> UInt64 {
        let wall = UInt64(max(0, wallOffset + Int64(now / 1000)))
        return (wall / 1_000_000 &+ Self.ntpEpoch) << 32 | (wall % 1_000_000) << 32 / 1_000_000
    }

    public var due: UInt64 {
        guard pending.isEmpty, waiting.isEmpty else { return 0 }
        return handshaking.reduce(nextBeat) { min($0, $1.handshakeDue) }
    }

    public func serve(until limit: UInt64) {
        isServing = true
        defer { isServing = false }
        let start = now
        if start >= nextBeat { survey(at: start) }
        for session in handshaking where session.handshakeDue <= start { session.handshakeTimeOut(at: start) }
        workOffHandshakes(until: limit)
        // Another one first each time, or the last would starve when there is too much for one round.
        firstSocket = (firstSocket + 1) % sockets.count
        for offset in sockets.indices where !receive(from: (firstSocket + offset) % sockets.count, until: limit) { break }
        handOut()
    }

    private func survey(at now: UInt64) {
        // We were away, not they: what they sent meanwhile is still to be read.
        if nextBeat != .max, now > nextBeat, now - nextBeat > Self.awayNanoseconds {
            for session in sessions.values { session.excuse(until: now) }
        }
        beat = (beat + 1) % Self.beatsPerSecond
        for session in Array(sessions.values) { session.survey(at: now, isFullSecond: beat == 0) }
        figures.sessions = sessions.count
        figures.connected = sessions.values.count { $0.isConnected }
        nextBeat = sessions.isEmpty ? .max : max(nextBeat + Self.beatNanoseconds, now)
    }

    func post(_ event: BrowserEvent, to session: BrowserSession) {
        guard !session.isClosed else { return }
        pending.append((event, session))
        if pending.count == 1, !isServing, !isClosed { loop.dueChanged(self) }
    }

    private func handOut() {
        guard !pending.isEmpty else { return }
        let events = pending
        // Events that arise meanwhile wait for the next round.
        pending.removeAll(keepingCapacity: true)
        for (event, session) in events where !session.isClosed { session.onEvent(event) }
    }

    // MARK: Who is where

    func session(named fragment: String) -> BrowserSession? { byFragment[fragment] }
    func session(over path: ICEPath) -> BrowserSession? { byPath[path] }

    func find(_ session: BrowserSession, as fragment: String) {
        byFragment[fragment] = session
        session.fragments.append(fragment)
    }

    func find(_ session: BrowserSession, over path: ICEPath) { byPath[path] = session }

    func forget(_ fragment: String, of session: BrowserSession) {
        byFragment[fragment] = nil
        session.fragments.removeAll { $0 == fragment }
    }

    func forgetFragments(of session: BrowserSession) {
        for fragment in session.fragments { byFragment[fragment] = nil }
        session.fragments = []
    }

    func forget(_ paths: [ICEPath], of session: BrowserSession) {
        for path in paths where byPath[path] === session { byPath[path] = nil }
    }

    func forget(_ session: BrowserSession) {
        forgetFragments(of: session)
        stopHandshake(session)
        waiting.removeAll { $0.session === session }
        sessions[ObjectIdentifier(session)] = nil
        figures.sessions = sessions.count
    }

    func startHandshake(_ session: BrowserSession) { handshaking.append(session) }
    func stopHandshake(_ session: BrowserSession) { handshaking.removeAll { $0 === session } }

    /// Answers somebody who did not prove himself, but not as often as he likes.
    func refuse(_ response: [UInt8], over path: ICEPath) {
        let second = now / 1_000_000_000
        if refusalSecond != second {
            refusalSecond = second
            refusals = 0
        }
        refusals += 1
        guard refusals <= Self.refusalsPerSecondMax else {
            figures.refusalsWithheld &+= 1
            return
        }
        response.withUnsafeBytes { _ = send($0, over: path, as: .stun) }
    }
}
