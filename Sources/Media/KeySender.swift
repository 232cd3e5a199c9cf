// Keys on their way to one listener.

internal import RTP

/// The packets of keys that were pressed at a desk, one each 20 ms, with a pause behind each key.
struct KeySender {
    static let keysMax = 32
    private static let pausePackets = 3

    enum Packet {
        /// `samples`: by how much the clock goes on from the packet before.
        case event(TelephoneEvent, marker: Bool, samples: UInt32)
        case silence(samples: UInt32)
    }

    private var codes: [UInt8] = []
    private var event: TelephoneEventSender?
    /// Packets since the key began.
    private var elapsed: UInt32 = 0
    private var pauseLeft = 0

    var room: Int { Self.keysMax - codes.count }

    /// `false`: too many wait already.
    mutating func append(_ code: UInt8) -> Bool {
        guard codes.count < Self.keysMax else { return false }
        codes.append(code)
        return true
    }

    /// `nil`: all keys are sent.
    mutating func next() -> Packet? {
        if pauseLeft > 0 { return pause() }
        if event == nil {
            guard !codes.isEmpty else { return nil }
            event = TelephoneEventSender(code: codes.removeFirst())
            elapsed = 0
        }
        guard let packet = event?.next() else {
            event = nil
            pauseLeft = Self.pausePackets
            return pause()
        }
        // A key's packets all carry the time at which it was pressed (RFC 4733, section 2.5.1.2).
        let samples: UInt32 = elapsed == 0 ? Self.frame : 0
        elapsed += 1
        return .event(packet.event, marker: packet.marker, samples: samples)
    }

    /// The first silence stands where the key's last packet ended.
    private mutating func pause() -> Packet {
        let samples = elapsed > 0 ? elapsed * Self.frame : Self.frame
        elapsed = 0
        pauseLeft -= 1
        return .silence(samples: samples)
    }

    private static let frame: UInt32 = 160
}
