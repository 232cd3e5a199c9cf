// Loss and jitter of what comes in (RFC 3550, appendices A.1, A.3 and A.8).

/// Counts one incoming stream. A new source starts anew and keeps what was counted before.
public struct ReceptionStatistics: Hashable, Sendable {
    /// A jump of more than this many packets is taken for a restart once a second packet confirms it (A.1).
    private static let dropoutMax: UInt16 = 3000
    /// How far behind the highest number a packet may come in late (A.1).
    private static let misorderMax: UInt16 = 100

    public private(set) var source: UInt32 = 0
    public private(set) var received: UInt64 = 0
    /// How often the source id changed.
    public private(set) var sourceChanges: UInt32 = 0
    private var started = false
    private var base: UInt16 = 0
    private var highest: UInt16 = 0
    private var cycles: UInt32 = 0
    private var bad: UInt32 = 0
    /// Of the present source only.
    private var receivedNow: UInt32 = 0
    private var expectedPrior: UInt32 = 0
    private var receivedPrior: UInt32 = 0
    private var lostBefore: Int64 = 0
    private var transit: UInt32 = 0
    private var hasTransit = false
    /// Interarrival jitter times 16, in timestamp units (A.8).
    private var scaledJitter: UInt32 = 0

    public init() {}

    /// Takes a packet that arrived at `arrival`, in units of the stream's clock (8000 Hz). `timed`: its timestamp tells
    /// when it was sent; a telephone-event's doesn't. Returns whether the packet belongs to the stream.
    @discardableResult
    public mutating func receive(_ header: RTPHeader, arrival: UInt32, timed: Bool = true) -> Bool {
        if !started || header.source != source {
            if started {
                sourceChanges &+= 1
                lostBefore += lostNow
            }
            started = true
            source = header.source
            restart(at: header.sequence)
        } else if !advance(to: header.sequence) {
            return false
        }
        received &+= 1
        receivedNow &+= 1
        if timed { noteTransit(arrival &- header.timestamp) }
        return true
    }

    /// A.1 without the probation: the source was checked by its address before.
    private mutating func advance(to sequence: UInt16) -> Bool {
        let delta = sequence &- highest
        if delta < Self.dropoutMax {
            if sequence < highest { cycles &+= 1 << 16 }
            highest = sequence
        } else if delta <= UInt16.max - Self.misorderMax {
            if UInt32(sequence) == bad {
                lostBefore += lostNow
                restart(at: sequence)
            } else {
                bad = (UInt32(sequence) + 1) & 0xFFFF
                return false
            }
        }
        return true
    }

    private mutating func restart(at sequence: UInt16) {
        base = sequence
        highest = sequence
        cycles = 0
        bad = 1 << 16
        receivedNow = 0
        receivedPrior = 0
        expectedPrior = 0
        hasTransit = false
    }

    private mutating func noteTransit(_ now: UInt32) {
        defer { transit = now }
        guard hasTransit else {
            hasTransit = true
            return
        }
        // A sender that jumps in time says nothing about the network: at most a second counts.
        let difference = min(Int32(bitPattern: now &- transit).magnitude, 8000)
        scaledJitter = scaledJitter &+ difference &- ((scaledJitter &+ 8) >> 4)
    }

    /// The highest sequence number with its wraps (RFC 3550, section 6.4.1).
    public var extendedHighest: UInt32 { cycles &+ UInt32(highest) }
    private var expectedNow: UInt32 { started ? extendedHighest &- UInt32(base) &+ 1 : 0 }
    private var lostNow: Int64 { Int64(expectedNow) - Int64(receivedNow) }

    /// Packets lost since the start, over all sources; never negative although duplicates count against it.
    public var lost: UInt64 { UInt64(max(0, lostBefore + lostNow)) }
    /// In units of the stream's clock.
    public var jitter: UInt32 { scaledJitter >> 4 }
    public var jitterMilliseconds: Double { Double(scaledJitter) / 16 / 8 }

    /// The block for the next report; the fraction counts from the last call (A.3).
    public mutating func report(lastReport: UInt32, delay: UInt32) -> ReportBlock? {
        guard started else { return nil }
        let expected = expectedNow &- expectedPrior
        let received = receivedNow &- receivedPrior
        expectedPrior = expectedNow
        receivedPrior = receivedNow
        let missing = Int64(expected) - Int64(received)
        let fraction = expected == 0 || missing <= 0 ? 0 : UInt8(min(255, missing * 256 / Int64(expected)))
        let cumulative = Int32(max(-0x80_0000, min(0x7F_FFFF, lostNow)))
        return ReportBlock(
            source: source, fractionLost: fraction, cumulativeLost: cumulative, extendedHighest: extendedHighest,
            jitter: jitter, lastReport: lastReport, delaySinceLastReport: delay)
    }
}
