// Sends one key.

/// The packets of one key: one each 20 ms while it is held, the last one three times (RFC 4733, section 2.5.1.4).
/// All carry the timestamp of the first, which alone carries the marker.
public struct TelephoneEventSender: Hashable, Sendable {
    private static let samplesPerPacket = 160
    private static let ends = 3

    private let code: UInt8
    private let volume: UInt8
    private let packets: Int
    private var sent = 0

    /// `duration` in milliseconds, between 40 ms and 8 s.
    public init(code: UInt8, durationMilliseconds duration: Int = 100, volume: UInt8 = 10) {
        self.code = code
        self.volume = volume
        packets = min(max(duration, 40), 8000) / 20
    }

    /// The next payload and whether it carries the marker; `nil` when the event is over.
    public mutating func next() -> (event: TelephoneEvent, marker: Bool)? {
        guard sent < packets + Self.ends - 1 else { return nil }
        sent += 1
        let held = min(sent, packets)
        let event = TelephoneEvent(
            code: code, isEnd: sent >= packets, volume: volume, duration: UInt16(held * Self.samplesPerPacket))
        return (event, sent == 1)
    }
}
