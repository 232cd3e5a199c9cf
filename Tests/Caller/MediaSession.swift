// The phone's audio: sends a packet every 20 ms and listens to what comes in.

/// One RTP socket pair for the life of the program; one stream per call.
final class MediaSession {
    static let frame = Duration.milliseconds(20)
    /// Pairs tried when the kernel chooses the port and the neighbour for RTCP is taken.
    static let pairAttemptsMax = 50
    /// Between two keys, in frames: people let go before they press again.
    static let pauseBetweenKeys = 3

    struct Options {
        var host: UInt32
        /// 0: chosen by the kernel.
        var port: UInt16
        var recordPath: String?
        /// In Hz: what the script listens for.
        var expectedTones: [Int]
        var mouth: Mouth.Source
    }

    let socket: UDPSocket
    let controlSocket: UDPSocket
    var ears: Ears
    var mouth: Mouth
    /// Sends no packets at all.
    var isMuted = false
    private(set) var figures = MediaFigures()
    private let recorder: WAVWriter?

    private var remote: SessionDescription?
    private var nextFrame: Moment?
    private var source = UInt32.random(in: 0...UInt32.max)
    private var sequence = UInt16.random(in: 0...0x7FFF)
    private var timestamp = UInt32.random(in: 0...UInt32.max)
    private var keys: [UInt8] = []
    private var key: (code: UInt8, sentPackets: Int, began: UInt32)?
    private var keyPackets = 5
    private var pausePackets = 0
    private var lastEvent: (timestamp: UInt32, key: Character)?

    init(_ options: Options) throws {
        var pair: (UDPSocket, UDPSocket)?
        for _ in 0..<Self.pairAttemptsMax where pair == nil {
            let data = try UDPSocket(bindingTo: SocketAddress(address: options.host, port: options.port))
            let next = SocketAddress(address: options.host, port: data.local.port &+ 1)
            if options.port != 0 || data.local.port % 2 == 0, let control = try? UDPSocket(bindingTo: next) {
                pair = (data, control)
            } else if options.port != 0 {
                throw UDPSocket.Failure(description: "cannot bind \(next) for RTCP")
            }
        }
        guard let pair else { throw UDPSocket.Failure(description: "no free pair of ports for RTP") }
        (socket, controlSocket) = pair
        recorder = try options.recordPath.map { path in
            guard let writer = WAVWriter(path: path) else { throw UDPSocket.Failure(description: "cannot write \(path)") }
            return writer
        }
        ears = Ears(expecting: options.expectedTones)
        mouth = Mouth(options.mouth)
    }

    /// Whether all keys have been pressed and let go.
    var keysAreSent: Bool { keys.isEmpty && key == nil && pausePackets == 0 }

    /// Begins or changes the stream towards `description`. A new call has a new source, a re-INVITE has not.
    func connect(to description: SessionDescription, isNewCall: Bool, at now: Moment) {
        if isNewCall {
            source = UInt32.random(in: 0...UInt32.max)
            figures = MediaFigures()
            ears.digits = ""
            lastEvent = nil
        }
        remote = description
        if nextFrame == nil { nextFrame = now }
    }

    func disconnect() {
        guard remote != nil else { return }
        remote = nil
        nextFrame = nil
        keys = []
        key = nil
        figures.report()
    }

    func close() { recorder?.finish() }

    func press(_ digits: String, each duration: Duration) {
        keyPackets = max(1, Int(duration.nanoseconds / Self.frame.nanoseconds))
        keys += digits.uppercased().compactMap { TelephoneEvent.keys.firstIndex(of: $0).map { UInt8($0) } }
    }

    var deadline: Moment? { [nextFrame, ears.deadline].compactMap { $0 }.min() }

    func tick(at now: Moment) {
        ears.listenForNothing(at: now)
        while let due = nextFrame, due <= now, let remote {
            if remote.direction.receives, !isMuted { sendFrame(to: remote) }
            timestamp &+= UInt32(ToneDetector.frameSamples)
            nextFrame = due + Self.frame
        }
    }

    private func sendFrame(to remote: SessionDescription) {
        if key == nil, !keys.isEmpty, pausePackets == 0 { key = (keys.removeFirst(), 0, timestamp) }
        if key != nil, let payloadType = remote.telephoneEvent { return sendKey(payloadType, to: remote.address) }
        pausePackets = max(0, pausePackets - 1)
        let samples = mouth.nextFrame()
        let codec = remote.codecs[0]
        transmit(
            RTPPacket(
                payloadType: codec.rawValue, sequence: sequence, timestamp: timestamp, source: source,
                payload: samples.map(codec.encode)), to: remote.address)
    }

    /// All packets of one event carry the time at which it began (RFC 4733 section 2.5.1.2).
    private func sendKey(_ payloadType: UInt8, to address: SocketAddress) {
        guard let (code, sentPackets, began) = key else { return }
        let isEnd = sentPackets >= keyPackets
        let duration = (min(sentPackets, keyPackets - 1) + 1) * ToneDetector.frameSamples
        for _ in 0..<(isEnd ? TelephoneEvent.endPackets : 1) {
            let payload = TelephoneEvent.payload(code: code, isEnd: isEnd, durationSamples: duration)
            transmit(
                RTPPacket(
                    isMarked: sentPackets == 0, payloadType: payloadType, sequence: sequence, timestamp: began, source: source,
                    payload: payload), to: address)
        }
        key = isEnd ? nil : (code, sentPackets + 1, began)
        if isEnd { pausePackets = Self.pauseBetweenKeys }
    }

    private func transmit(_ packet: RTPPacket, to address: SocketAddress) {
        socket.send(packet.bytes, to: address)
        sequence &+= 1
        figures.sent += 1
    }

    func receive(at now: Moment) {
        while let (bytes, sender) = socket.receive() {
            guard remote != nil, let packet = RTPPacket(parsing: bytes) else { continue }
            figures.arrived(packet, from: sender, at: now)
            ears.packetArrived(at: now)
            if let codec = G711(rawValue: packet.payloadType) {
                let samples = packet.payload.map(codec.decode)
                recorder?.append(samples)
                ears.hear(samples, at: now)
            } else if packet.payloadType == remote?.telephoneEvent ?? 101 {
                hearKey(packet)
            }
        }
        while controlSocket.receive() != nil { figures.controlPackets += 1 }
    }

    private func hearKey(_ packet: RTPPacket) {
        guard let key = TelephoneEvent.key(of: packet.payload) else { return }
        if let lastEvent, lastEvent.timestamp == packet.timestamp, lastEvent.key == key { return }
        lastEvent = (packet.timestamp, key)
        ears.digits.append(key)
        Report.line("digit", ["key": .text(String(key))])
    }
}
