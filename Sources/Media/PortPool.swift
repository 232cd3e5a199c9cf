// Which ports are free.

/// The even ports of a range, each of which stands for itself and the odd one above it, given out in turn: whoever was free
/// for longest goes first, so that a late packet of an old call seldom meets a new one.
struct PortPool {
    private var ring: [UInt16]
    private var head = 0
    private(set) var count: Int

    /// `start`: which pair is given out first, counted around the range.
    init(_ range: ClosedRange<UInt16>, from start: UInt32) {
        let first = (UInt32(range.lowerBound) + 1) & ~1
        let pairs = UInt32(range.upperBound) >= first ? (UInt32(range.upperBound) + 1 - first) / 2 : 0
        ring = (0..<pairs).map { UInt16(truncatingIfNeeded: first + ($0 + start % pairs) % pairs * 2) }
        count = ring.count
    }

    mutating func take() -> UInt16? {
        guard count > 0 else { return nil }
        defer {
            head = (head + 1) % ring.count
            count -= 1
        }
        return ring[head]
    }

    /// Puts a port that `take` gave out to the end.
    mutating func give(_ port: UInt16) {
        guard count < ring.count else { return }
        ring[(head + count) % ring.count] = port
        count += 1
    }
}
