// Samples by their time, each there or not.

/// The last half second of one stream, addressed by extended timestamps. Whoever uses it keeps all that is there within
/// `count` samples.
struct SampleRing: Sendable {
    static let count = 4096
    private static let words = count / 64

    private var samples = [Int16](repeating: 0, count: count)
    /// A bit for each sample that is there.
    private var there = [UInt64](repeating: 0, count: words)

    mutating func write(_ bytes: UnsafePointer<UInt8>, count: Int, decoding table: UnsafePointer<Int16>, at start: Int64) {
        guard count > 0, count <= Self.count else { return }
        let first = Self.index(start)
        let head = min(count, Self.count - first)
        samples.withUnsafeMutableBufferPointer { ring in
            for index in 0..<head { ring[first + index] = table[Int(bytes[index])] }
            for index in head..<count { ring[index - head] = table[Int(bytes[index])] }
        }
        mark(start, count, true)
    }

    mutating func silence(from start: Int64, to end: Int64) {
        let count = Int(min(max(0, end - start), Int64(Self.count)))
        guard count > 0 else { return }
        for index in 0..<count { samples[Self.index(start + Int64(index))] = 0 }
        mark(start, count, true)
    }

    mutating func clear(from start: Int64, to end: Int64) {
        mark(start, Int(min(max(0, end - start), Int64(Self.count))), false)
    }

    /// Copies what is there from `start` on without a gap, and forgets it; the number of samples.
    mutating func read(from start: Int64, atMost count: Int, into target: UnsafeMutablePointer<Int16>) -> Int {
        let count = run(from: start, atMost: count, are: true)
        guard count > 0 else { return 0 }
        let first = Self.index(start)
        let head = min(count, Self.count - first)
        samples.withUnsafeBufferPointer { ring in
            for index in 0..<head { target[index] = ring[first + index] }
            for index in head..<count { target[index] = ring[index - head] }
        }
        mark(start, count, false)
        return count
    }

    /// How many samples from `start` on are missing.
    func gap(from start: Int64, atMost count: Int) -> Int { run(from: start, atMost: count, are: false) }

    private static func index(_ position: Int64) -> Int { Int(truncatingIfNeeded: position) & (count - 1) }

    private mutating func mark(_ start: Int64, _ count: Int, _ isThere: Bool) {
        var position = Self.index(start), left = min(count, Self.count)
        while left > 0 {
            let bit = position & 63, part = min(left, 64 - bit)
            let mask = (part == 64 ? UInt64.max : (1 << UInt64(part)) - 1) << UInt64(bit)
            if isThere { there[position >> 6] |= mask } else { there[position >> 6] &= ~mask }
            left -= part
            position = (position + part) & (Self.count - 1)
        }
    }

    private func run(from start: Int64, atMost count: Int, are isThere: Bool) -> Int {
        var position = Self.index(start), found = 0
        while found < count {
            let bit = position & 63
            let word = (isThere ? ~there[position >> 6] : there[position >> 6]) >> UInt64(bit)
            let part = min(word.trailingZeroBitCount, 64 - bit)
            found += part
            if part < 64 - bit { break }
            position = (position + part) & (Self.count - 1)
        }
        return min(found, count)
    }
}
