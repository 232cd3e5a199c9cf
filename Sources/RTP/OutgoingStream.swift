// One continuous stream to one listener, whatever feeds it.

/// Numbers the packets that go to one listener: one source id for the whole call, sequence and timestamp without a break
/// while prompts, music and a bridged party take turns (RFC 3550, section 7.1 for the translator's duty).
public struct OutgoingStream: Hashable, Sendable {
    /// What a packet is to carry.
    public struct Stamp: Hashable, Sendable {
        public var marker: Bool
        public var sequence: UInt16
        public var timestamp: UInt32
    }

    private enum Feed: Hashable, Sendable { case none, own, relay }

    /// A packet further away than this from the last one begins a new numbering.
    private static let jumpMax: Int16 = 3000
    /// How long a packet from before the switch may still come in.
    private static let lateMax: UInt16 = 1000

    public let source: UInt32
    public private(set) var packets: UInt32 = 0
    public private(set) var payloadBytes: UInt32 = 0
    public private(set) var lastTimestamp: UInt32
    public private(set) var lastSequence: UInt16
    /// Monotonic nanoseconds at which the last packet went out; 0: none yet.
    public private(set) var lastSent: UInt64 = 0
    private var feed = Feed.none
    private var relayedSource: UInt32 = 0
    private var relayedSequence: UInt16 = 0
    private var firstSequence: UInt16 = 0
    private var sinceFirst: UInt16 = 0
    private var sequenceOffset: UInt16 = 0
    private var timestampOffset: UInt32 = 0

    /// The three start values should be random (RFC 3550, section 5.1).
    public init(source: UInt32, sequence: UInt16, timestamp: UInt32) {
        self.source = source
        lastSequence = sequence
        lastTimestamp = timestamp
    }

    /// The next packet comes from elsewhere than the last one: it continues the numbers and carries the marker.
    public mutating func interrupt() { feed = .none }

    /// Numbers a packet of our own that carries `samples` samples.
    public mutating func next(samples: UInt32, payloadBytes count: Int, at now: UInt64) -> Stamp {
        let switched = feed != .own
        let step = switched ? max(samples, elapsed(at: now)) : samples
        feed = .own
        let stamp = Stamp(marker: switched, sequence: lastSequence &+ 1, timestamp: lastTimestamp &+ step)
        note(stamp, count: count, at: now)
        return stamp
    }

    /// Numbers a packet of a bridged party; `nil`: it is from before the switch and must not be sent.
    public mutating func relay(_ header: RTPHeader, at now: UInt64) -> Stamp? {
        var marker = header.marker
        if isContinuation(header) {
            if sinceFirst < Self.lateMax {
                sinceFirst += 1
                guard Int16(bitPattern: header.sequence &- firstSequence) >= 0 else { return nil }
            }
        } else {
            begin(header, at: now)
            marker = true
        }
        if Int16(bitPattern: header.sequence &- relayedSequence) > 0 { relayedSequence = header.sequence }
        let stamp = Stamp(
            marker: marker, sequence: header.sequence &+ sequenceOffset, timestamp: header.timestamp &+ timestampOffset)
        note(stamp, count: header.payloadCount, at: now)
        return stamp
    }

    /// A packet of the bridged party is kept back: the numbers close over it, so that the listener sees no loss.
    public mutating func withhold(_ header: RTPHeader) {
        guard isContinuation(header), Int16(bitPattern: header.sequence &- relayedSequence) > 0 else { return }
        relayedSequence = header.sequence
        sequenceOffset &-= 1
    }

    private func isContinuation(_ header: RTPHeader) -> Bool {
        let jump = Int16(bitPattern: header.sequence &- relayedSequence)
        return feed == .relay && header.source == relayedSource && jump > -Self.jumpMax && jump < Self.jumpMax
    }

    private mutating func begin(_ header: RTPHeader, at now: UInt64) {
        feed = .relay
        relayedSource = header.source
        relayedSequence = header.sequence
        firstSequence = header.sequence
        sinceFirst = 0
        sequenceOffset = lastSequence &+ 1 &- header.sequence
        timestampOffset = lastTimestamp &+ max(160, elapsed(at: now)) &- header.timestamp
    }

    /// Samples of 125 µs since the last packet; at most an hour.
    private func elapsed(at now: UInt64) -> UInt32 {
        guard lastSent != 0, now > lastSent else { return 0 }
        return UInt32(min((now - lastSent) / 125_000, 3600 * 8000))
    }

    private mutating func note(_ stamp: Stamp, count: Int, at now: UInt64) {
        packets &+= 1
        payloadBytes &+= UInt32(truncatingIfNeeded: count)
        if Int16(bitPattern: stamp.sequence &- lastSequence) > 0 {
            lastSequence = stamp.sequence
            lastTimestamp = stamp.timestamp
            lastSent = now
        }
    }
}
