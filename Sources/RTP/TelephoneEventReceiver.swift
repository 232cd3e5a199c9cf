// Makes one key out of many packets.

/// Reports each event once, at its first packet: retransmitted ends don't repeat it, and a lost end doesn't hide it.
///
/// An event is told by its timestamp (RFC 4733, section 2.5.1.2). Two kinds of sender are forgiven: those that cut long
/// events into segments (section 2.5.1.3), and those that wrongly move the timestamp on with each packet.
public struct TelephoneEventReceiver: Hashable, Sendable {
    /// Steps of the timestamp below this, without marker, belong to the same press, its repeated ends included: nobody
    /// presses a key again within 50 ms.
    private static let creepMax: UInt32 = 400
    /// A segment's duration at which the next segment is to be expected.
    private static let segmentDuration: UInt16 = 0xFF00

    private var active = false
    private var code: UInt8 = 0
    private var timestamp: UInt32 = 0
    private var duration: UInt16 = 0
    private var ended = false

    public init() {}

    /// The event's code if this packet is the first of it.
    public mutating func receive(_ event: TelephoneEvent, timestamp now: UInt32, marker: Bool) -> UInt8? {
        defer { if active, timestamp == now { note(event) } }
        guard active else { return begin(event, timestamp: now) }
        let step = now &- timestamp
        if step == 0 {
            // Another code under the same timestamp is a broken sender's next key.
            return event.code == code ? nil : begin(event, timestamp: now)
        }
        // From before the present event: reordered, or a late retransmission of an end.
        if Int32(bitPattern: step) < 0, Int32(bitPattern: step) > -80_000 { return nil }
        if event.code == code, !marker, step < Self.creepMax || (!ended && duration >= Self.segmentDuration) {
            timestamp = now
            return nil
        }
        return begin(event, timestamp: now)
    }

    /// Forgets what came before, for a new source.
    public mutating func reset() { active = false }

    private mutating func begin(_ event: TelephoneEvent, timestamp now: UInt32) -> UInt8 {
        active = true
        code = event.code
        timestamp = now
        duration = 0
        ended = false
        return event.code
    }

    private mutating func note(_ event: TelephoneEvent) {
        duration = max(duration, event.duration)
        if event.isEnd { ended = true }
    }
}
