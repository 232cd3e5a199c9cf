// A browser as far as a voice needs one: full ICE's checks, a DTLS client, SRTP, and a tone to speak.

import Audio
import Dispatch
import Glibc
import RTP
import SDP
@testable import WebRTC

/// Speaks to a browser port over a real socket, with our own building blocks in the client's role.
final class TestBrowser {
    let codec: BrowserCodec
    let law: G711.Law
    let socket: Int32
    let identity: DTLSIdentity
    /// Stands in the offer in place of our own.
    var claimedFingerprint: String?
    var fragment = "theirs"
    /// How the offer begins another page's session or goes on with the same.
    var direction = MediaDirection.sendReceive
    var eventClock: UInt32 = 8000
    var sendsChecks = true

    private(set) var dtls: DTLSEndpoint?
    private(set) var srtp: SRTPPair?
    private(set) var heard: [(header: RTPHeader, payload: [UInt8])] = []
    private(set) var reports: [RTCPSummary] = []
    private(set) var checkResponses: [STUNMessage] = []
    private(set) var sawCloseNotify = false
    private(set) var dtlsDatagramsReceived = 0
    private(set) var lastProtected: [UInt8] = []
    private(set) var target: TransportAddress?
    private var ours = ICECredentials(fragment: "", password: "")
    private var port: UInt16 = 0
    private var reader: (any DispatchSourceRead)?
    private var clock: (any DispatchSourceTimer)?
    private var sound: [UInt8] = []
    private var place = 0
    private var sequence: UInt16 = 65530
    private var timestamp: UInt32 = .max - 4000
    let source = UInt32.random(in: 1...UInt32.max)
    private var encoder: OpusEncoder?
    private var decoder: OpusDecoder?
    private var beats = 0
    private let buffer = UnsafeMutableRawPointer.allocate(byteCount: 4096, alignment: 16)

    init(_ codec: BrowserCodec = .pcma, isV6: Bool = false, profiles: String = DTLSIdentity.profiles) throws {
        self.codec = codec
        law = codec == .pcmu ? .mu : .a
        identity = try DTLSIdentity(profiles: profiles)
        socket = Glibc.socket(
            isV6 ? AF_INET6 : AF_INET, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        let own = TransportAddress(literal: isV6 ? "::1" : "127.0.0.1", port: 0)
        _ = own?.withSocketAddress { bind(socket, $0, $1) }
        if codec == .opus {
            encoder = try OpusEncoder()
            decoder = try OpusDecoder()
        }
        let source = DispatchSource.makeReadSource(fileDescriptor: socket, queue: .main)
        source.setEventHandler { [weak self] in MainActor.assumeIsolated { self?.receiveAll() } }
        reader = source
        source.resume()
        let timer = DispatchSource.makeTimerSource(queue: .main)
        timer.schedule(deadline: .now(), repeating: .milliseconds(20), leeway: .nanoseconds(0))
        timer.setEventHandler { [weak self] in MainActor.assumeIsolated { self?.beat() } }
        clock = timer
        timer.resume()
    }

    isolated deinit {
        reader?.cancel()
        clock?.cancel()
        close(socket)
        buffer.deallocate()
    }

    var payloadType: UInt8 { codec == .opus ? 111 : codec == .pcmu ? 0 : 8 }

    var offer: String {
        let rtpmap = codec == .opus ? "opus/48000/2" : codec == .pcmu ? "PCMU/8000" : "PCMA/8000"
        return """
            v=0
            o=- 1 1 IN IP4 127.0.0.1
            s=-
            t=0 0
            a=group:BUNDLE 0
            m=audio 9 UDP/TLS/RTP/SAVPF \(payloadType) 126
            c=IN IP4 0.0.0.0
            a=ice-ufrag:\(fragment)
            a=ice-pwd:aaaaaaaaaaaaaaaaaaaaaaaa
            a=fingerprint:sha-256 \(claimedFingerprint ?? identity.fingerprint.text)
            a=setup:actpass
            a=mid:0
            a=\(direction.rawValue)
            a=rtcp-mux
            a=rtpmap:\(payloadType) \(rtpmap)
            a=rtpmap:126 telephone-event/\(eventClock)

            """
    }

    /// Reads our answer: where to send, and what to prove ourselves with.
    func take(_ answer: String) throws {
        let description = try SessionDescription.parse(answer)
        guard let media = description.media.first else { return }
        func value(_ name: String) -> String { media.attributes.first { $0.name == name }?.value ?? "" }
        ours = ICECredentials(fragment: value("ice-ufrag"), password: value("ice-pwd"))
        let fields = value("candidate").split(separator: " ")
        if fields.count > 5, let port = UInt16(fields[5]) {
            target = TransportAddress(literal: String(fields[4]), port: port)
        }
    }

    /// Signals with `session`, and lets checks and DTLS begin.
    func connect(_ session: BrowserSession) throws {
        try take(session.answer(offer))
        check(nominates: true)
    }

    func check(nominates: Bool, password: String? = nil, user: String? = nil) {
        var writer = STUNWriter(.request, transaction: (0..<12).map { _ in UInt8.random(in: 0...255) })
        writer.append(STUNAttribute.username, Array((user ?? "\(ours.fragment):\(fragment)").utf8))
        writer.append(STUNAttribute.controlling, [UInt8](repeating: 9, count: 8))
        writer.append(0xC057, [0, 0, 0, 1])
        if nominates { writer.append(STUNAttribute.useCandidate, []) }
        send(writer.finish(password: Array((password ?? ours.password).utf8)))
    }

    func send(_ bytes: [UInt8]) {
        guard let target else { return }
        _ = target.withSocketAddress { sendto(socket, bytes, bytes.count, 0, $0, $1) }
    }

    /// Begins DTLS, whether a check has passed or not.
    func beginDTLS() throws {
        dtls = try DTLSEndpoint(identity, role: .client)
        flush()
    }

    func leave() {
        dtls?.close()
        flush()
    }

    /// Speaks a tone, or nothing at all, from now on.
    func speak(_ frequency: Double?) {
        sound = frequency.map { Tone([$0], onSeconds: 1).clip.encoded(law) } ?? []
        place = 0
    }

    func hears(_ frequency: Double) -> Bool {
        let recent = heard.suffix(25).filter { $0.header.payloadType == payloadType }
        guard recent.count == 25 else { return false }
        let samples =
            codec == .opus ? opusHeard.suffix(4000) : ArraySlice(G711.decode(recent.flatMap(\.payload), law))
        return samples.count >= 2000 && ToneDetector(frequency).share(in: samples) > 0.9
    }

    /// All voice that was heard, decoded.
    var samples: [Int16] {
        guard codec != .opus else { return opusHeard }
        return G711.decode(heard.filter { $0.header.payloadType == payloadType }.flatMap(\.payload), law)
    }

    /// Protects and sends one packet with the next numbers.
    func sendPacket(_ payload: [UInt8], type: UInt8? = nil, samples: UInt32 = 160, skipping lost: UInt16 = 0) {
        guard let srtp else { return }
        sequence &+= 1 &+ lost
        let steps = codec == .opus ? samples * 6 : samples
        timestamp &+= steps &* (1 + UInt32(lost))
        let header = RTPHeader(
            payloadType: type ?? payloadType, sequence: sequence, timestamp: timestamp, source: source)
        header.write(to: buffer)
        (buffer + RTPHeader.bytes).copyMemory(from: payload, byteCount: payload.count)
        guard let count = try? srtp.protect(buffer, count: RTPHeader.bytes + payload.count, isRTCP: false) else { return }
        lastProtected = Array(UnsafeRawBufferPointer(start: buffer, count: count))
        send(lastProtected)
    }

    /// A sender report with a block about `about`.
    func sendReport(about block: ReportBlock?) {
        guard let srtp else { return }
        let times = RTCPSummary.SenderTimes(ntp: 1 << 32, rtp: 0, packets: 1, payloadBytes: 1)
        let count = RTCPReport(source: source, name: 7, sender: times, block: block).write(to: buffer)
        guard let protected = try? srtp.protect(buffer, count: count, isRTCP: true) else { return }
        send(Array(UnsafeRawBufferPointer(start: buffer, count: protected)))
    }

    private var opusHeard: [Int16] = []

    private func beat() {
        beats += 1
        if sendsChecks, beats % 25 == 0, srtp != nil { check(nominates: false) }
        if dtls?.state == .handshaking, beats % 5 == 0 {
            dtls?.timeOut()
            flush()
        }
        guard srtp != nil, !sound.isEmpty else { return }
        let frame = (0..<160).map { sound[(place + $0) % sound.count] }
        place = (place + 160) % sound.count
        guard let encoder else { return sendPacket(frame) }
        var encoded = [UInt8](repeating: 0, count: OpusEncoder.payloadBytesMax)
        let count = encoder.encode(frame, samples: 160, law: law, into: &encoded)
        sendPacket(Array(encoded[..<count]))
    }

    private func receiveAll() {
        var bytes = [UInt8](repeating: 0, count: 4096)
        while case let count = recv(socket, &bytes, bytes.count, 0), count > 0 {
            bytes.withUnsafeMutableBytes { take(UnsafeMutableRawBufferPointer(rebasing: $0[..<count])) }
        }
    }

    private func take(_ datagram: UnsafeMutableRawBufferPointer) {
        let bytes = UnsafeRawBufferPointer(datagram)
        switch DatagramKind(bytes) {
        case .stun:
            guard let message = try? STUNMessage(bytes) else { return }
            checkResponses.append(message)
            if message.kind == .success, dtls == nil { try? beginDTLS() }
        case .dtls:
            dtlsDatagramsReceived += 1
            dtls?.receive(bytes)
            flush()
            if dtls?.state == .closed { sawCloseNotify = true }
            if srtp == nil, dtls?.state == .connected { srtp = try? dtls?.keys(of: portFingerprint ?? identity.fingerprint) }
        case .rtp:
            guard let start = datagram.baseAddress,
                let count = try? srtp?.unprotect(start, count: datagram.count, isRTCP: false),
                let header = RTPHeader(UnsafeRawBufferPointer(start: start, count: count))
            else { return }
            let payload = Array(datagram[header.payloadOffset..<header.payloadOffset + header.payloadCount])
            heard.append((header, payload))
            if codec == .opus, header.payloadType == payloadType { decode(payload) }
        case .rtcp:
            guard let start = datagram.baseAddress,
                let count = try? srtp?.unprotect(start, count: datagram.count, isRTCP: true),
                let summary = RTCPSummary(UnsafeRawBufferPointer(start: start, count: count), about: source)
            else { return }
            reports.append(summary)
        case .foreign: break
        }
    }

    private func decode(_ payload: [UInt8]) {
        var samples = [UInt8](repeating: 0, count: OpusDecoder.samplesMax)
        let count = payload.withUnsafeBytes { decoder?.decode(.packet, $0, law: .a, into: &samples) ?? 0 }
        opusHeard += G711.decode(samples[..<count], .a)
    }

    /// What the answer said of the port's certificate.
    var portFingerprint: CertificateFingerprint?

    private func flush() {
        while dtls?.withNextDatagram({ send(Array($0)) }) == true {}
    }
}
