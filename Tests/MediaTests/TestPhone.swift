// The other end of the wire: a phone on a real socket.

import Audio
@preconcurrency import Dispatch
import Foundation
import Glibc
import RTP
import SDP

/// Sends G.711 every 20 ms from its own socket and keeps what it hears.
final class TestPhone {
    struct Heard {
        var header: RTPHeader
        var payload: [UInt8]
    }

    let port: UInt16
    let law: G711.Law
    let eventType: UInt8
    private let descriptor: Int32
    private let reader: any DispatchSourceRead
    private var clock: (any DispatchSourceTimer)?
    private(set) var heard: [Heard] = []
    private(set) var reports: [[UInt8]] = []
    private(set) var sent = 0
    var source = UInt32.random(in: 1...UInt32.max)
    var sequence = UInt16.random(in: 0...UInt16.max)
    var timestamp = UInt32.random(in: 0...UInt32.max)
    /// Where packets go.
    var target: UInt16 = 0
    private var sound: [UInt8] = []
    private var offset = 0
    private var beat: (TestPhone) -> Void = { _ in }
    private var began = ContinuousClock.now
    private var framesSpoken = 0
    /// The most frames that ever were late because the main thread was busy: by their time they may be missing anywhere.
    private(set) var owedMax = 0

    let isV6: Bool

    init(_ law: G711.Law = .a, eventType: UInt8 = 101, isV6: Bool = false) {
        self.law = law
        self.eventType = eventType
        self.isV6 = isV6
        descriptor = socket(isV6 ? AF_INET6 : AF_INET, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        let made = descriptor
        Self.withLoopback(0, isV6: isV6) { _ = bind(made, $0, $1) }
        var address = sockaddr_in6()
        var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = getsockname(made, $0, &length) }
        }
        // The port stands at the same place in both families.
        port = UInt16(bigEndian: address.sin6_port)
        reader = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: .main)
        reader.setEventHandler { [weak self] in MainActor.assumeIsolated { self?.receive() } }
        reader.setCancelHandler { close(made) }
        reader.resume()
    }

    isolated deinit {
        clock?.cancel()
        reader.cancel()
    }

    private static func withLoopback(
        _ port: UInt16, isV6: Bool, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Void
    ) {
        if isV6 {
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = port.bigEndian
            address.sin6_addr = in6addr_loopback
            withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in6>.size)) }
            }
        } else {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
            }
        }
    }

    /// Whether it has telephone-events.
    var hasEvents = true

    /// What this phone offers or answers.
    func description(_ direction: MediaDirection = .sendReceive, port announced: UInt16? = nil, mux: Bool = false) -> String {
        """
        v=0
        o=phone 1 1 IN IP4 127.0.0.1
        s=-
        c=IN \(isV6 ? "IP6 ::1" : "IP4 127.0.0.1")
        t=0 0
        m=audio \(announced ?? port) RTP/AVP \(law == .mu ? 0 : 8)\(hasEvents ? " \(eventType)" : "")
        a=\(hasEvents ? "rtpmap:\(eventType) telephone-event/8000" : "maxptime:60")
        a=\(direction.rawValue)
        a=\(mux ? "rtcp-mux" : "ptime:20")

        """
    }

    /// Sends to the port that `description` names.
    func aim(at description: String) throws {
        target = try SessionDescription.parse(description).media.first?.port ?? 0
    }

    /// Sends a tone, or nothing but silence, from now on.
    func speak(_ frequency: Double?, level: Double = -16) {
        let clip = frequency.map { Tone([$0], level: level, onSeconds: 1).clip } ?? AudioClip.silence(seconds: 1)
        sound = clip.encoded(law)
        every20Milliseconds { $0.sendFrame() }
    }

    /// Does something every 20 ms from now on, in place of what it did before.
    func every20Milliseconds(_ act: @escaping (TestPhone) -> Void) {
        beat = act
        guard clock == nil else { return }
        let timer = DispatchSource.makeTimerSource(queue: .main)
        timer.schedule(deadline: .now(), repeating: .milliseconds(20), leeway: .nanoseconds(0))
        began = ContinuousClock.now
        framesSpoken = 0
        timer.setEventHandler { [weak self] in MainActor.assumeIsolated { self?.sendDueFrames() } }
        clock = timer
        timer.resume()
    }

    func hush() {
        clock?.cancel()
        clock = nil
    }

    /// A main thread that was busy owes the frames of its missed beats.
    private func sendDueFrames() {
        let due = Int((ContinuousClock.now - began) / .milliseconds(20)) + 1
        owedMax = max(owedMax, due - framesSpoken - 1)
        while framesSpoken < due {
            framesSpoken += 1
            beat(self)
        }
    }

    func sendFrame() {
        if sound.isEmpty { sound = AudioClip.silence(seconds: 1).encoded(law) }
        let payload = (0..<160).map { sound[(offset + $0) % sound.count] }
        offset = (offset + 160) % sound.count
        sendPacket(payload, type: law == .mu ? 0 : 8)
        timestamp &+= 160
    }

    /// Presses a key for 100 ms, all packets at once; `losing`: places of packets that never leave.
    func press(_ key: Character, losing lost: Set<Int> = []) {
        var sender = TelephoneEventSender(code: TelephoneEvent.code(for: key) ?? 0)
        var index = 0
        while let (event, marker) = sender.next() {
            var payload = [UInt8](repeating: 0, count: 4)
            payload.withUnsafeMutableBytes { event.write(to: $0.baseAddress!) }
            if lost.contains(index) { sequence &+= 1 } else { sendPacket(payload, type: eventType, marker: marker) }
            index += 1
        }
        timestamp &+= 1600
    }

    /// Presses keys as sound, 80 ms each with as long a pause, all packets at once.
    func pressTones(_ keys: String) {
        for key in keys {
            let sound = TestPhone.tone(of: key).encoded(law) + [UInt8](repeating: law.silence, count: 640)
            for start in stride(from: 0, to: sound.count, by: 160) {
                sendPacket(Array(sound[start..<start + 160]), type: law == .mu ? 0 : 8)
                timestamp &+= 160
            }
        }
    }

    /// The key's pair of tones (ITU-T Q.23).
    static func tone(of key: Character) -> AudioClip {
        let place = Array("123A456B789C*0#D").firstIndex(of: key) ?? 0
        let frequencies = [[697.0, 770, 852, 941][place / 4], [1209.0, 1336, 1477, 1633][place % 4]]
        return Tone(frequencies, level: -12, onSeconds: 0.08).clip
    }

    /// A receiver report about nothing.
    func sendReport() {
        var bytes = [UInt8](repeating: 0, count: RTCPReport.bytesMax)
        let count = bytes.withUnsafeMutableBytes {
            RTCPReport(source: source, name: 1, sender: nil, block: nil).write(to: $0.baseAddress!)
        }
        sendRaw(Array(bytes[..<count]))
    }

    func sendPacket(_ payload: [UInt8], type: UInt8, marker: Bool = false) {
        var bytes = [UInt8](repeating: 0, count: RTPHeader.bytes)
        bytes.withUnsafeMutableBytes {
            RTPHeader(marker: marker, payloadType: type, sequence: sequence, timestamp: timestamp, source: source)
                .write(to: $0.baseAddress!)
        }
        sequence &+= 1
        sendRaw(bytes + payload)
    }

    func sendRaw(_ bytes: [UInt8], to port: UInt16? = nil) {
        Self.withLoopback(port ?? target, isV6: isV6) { _ = sendto(descriptor, bytes, bytes.count, 0, $0, $1) }
        sent += 1
    }

    private func receive() {
        var bytes = [UInt8](repeating: 0, count: 2048)
        while true {
            let count = recv(descriptor, &bytes, bytes.count, 0)
            guard count > 0 else { return }
            bytes.withUnsafeBytes { all in
                let packet = UnsafeRawBufferPointer(rebasing: all[..<count])
                if RTPHeader.isRTCP(packet) {
                    reports.append(Array(packet))
                } else if let header = RTPHeader(packet) {
                    let end = header.payloadOffset + header.payloadCount
                    heard.append(Heard(header: header, payload: Array(packet[header.payloadOffset..<end])))
                }
            }
        }
    }

    // MARK: What was heard

    func forget() { heard = [] }

    /// The sound of the last `count` packets, decoded.
    func samples(last count: Int = .max) -> [Int16] {
        // Read from the end: there may be minutes of it.
        let sound = heard.reversed().lazy.filter { [law] in $0.header.payloadType == (law == .mu ? 0 : 8) }
        return G711.decode(sound.prefix(count).reversed().flatMap(\.payload), law)
    }

    /// Whether the last 100 ms are this tone and nothing else; a wrong law still leaves 0.8 of it.
    func hears(_ frequency: Double) -> Bool {
        let samples = samples(last: 5)
        return samples.count >= 800 && ToneDetector(frequency).share(in: samples) > 0.97
    }

    /// One source, and numbers and times that only rise, by one packet each.
    var isContinuous: Bool {
        let headers = heard.map(\.header)
        return Set(headers.map(\.source)).count == 1
            && zip(headers, headers.dropFirst()).allSatisfy { before, after in
                after.sequence == before.sequence &+ 1 && Int32(bitPattern: after.timestamp &- before.timestamp) > 0
            }
    }
}
