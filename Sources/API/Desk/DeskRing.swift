// The frames that a page may have missed.

/// The last frames of one desk, numbered without gaps.
struct DeskRing: Sendable {
    private let framesMax: Int
    private let bytesMax: Int
    /// Without their numbers.
    private var frames: [[UInt8]?] = []
    /// Where the oldest frame stands in `frames`, and how many there are.
    private var first = 0
    private var count = 0
    private(set) var bytes = 0
    /// The number of the newest frame, or the one that the first frame follows.
    private(set) var last: UInt64

    /// `start`: the first frame gets the number behind it. Greater than every number that an earlier ring of this agent gave
    /// out, so that a page that comes back after a restart is not taken for one that has seen our frames.
    init(start: UInt64, framesMax: Int, bytesMax: Int) {
        last = start
        self.framesMax = max(1, framesMax)
        self.bytesMax = bytesMax
    }

    /// Keeps a frame and gives it its number.
    mutating func append(_ frame: [UInt8]) -> UInt64 {
        if count == framesMax { dropFirst() }
        if frames.count < framesMax {
            frames.append(frame)
        } else {
            frames[(first + count) % framesMax] = frame
        }
        count += 1
        bytes += frame.count
        last += 1
        while bytes > bytesMax, count > 1 { dropFirst() }
        return last
    }

    /// The frames behind number `after` with their numbers; nil: some of them are gone, or the number is none of ours.
    func frames(after: UInt64) -> [(number: UInt64, frame: [UInt8])]? {
        let oldest = last - UInt64(count)
        guard after >= oldest, after <= last else { return nil }
        let skipped = Int(after - oldest)
        return (skipped..<count).map { index in
            (oldest + UInt64(index) + 1, frames[(first + index) % frames.count] ?? [])
        }
    }

    private mutating func dropFirst() {
        bytes -= frames[first]?.count ?? 0
        frames[first] = nil
        first = (first + 1) % framesMax
        count -= 1
    }
}
