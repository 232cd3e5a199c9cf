// Where each frame of a recording belongs in time.

/// The time lines of both sides, made in a first pass over the records and asked in a second one.
///
/// A stream is cut into segments of at most a minute; in each, the fastest packet tells when the sender's clock began, and
/// all others follow by their timestamps. So neither jitter nor a stall of ours is heard, and clocks that differ stay
/// within a few milliseconds. A new source, a pause and a jump of more than two seconds begin a new segment.
nonisolated struct RecordingTimeline {
    private static let segmentFrames = 60 * 8000
    static let jumpMax = 2 * 8000

    private struct Segment {
        var source: UInt32
        var timestamp: UInt32
        var arrival: Int
        /// The frame at which `timestamp` belongs: never after the arrival of any frame of the segment.
        var base: Int

        func elapsed(_ frame: RecordingFormat.Frame) -> Int { Int(Int32(bitPattern: frame.timestamp &- timestamp)) }

        func covers(_ frame: RecordingFormat.Frame, arrival now: Int) -> Bool {
            frame.source == source && now - arrival < segmentFrames && abs(elapsed(frame) - (now - arrival)) <= jumpMax
        }
    }

    private var segments: [[Segment]] = [[], []]
    private var isBroken = [true, true]
    /// The second pass stands in this segment.
    private var cursor = [-1, -1]

    /// First pass.
    mutating func note(_ record: RecordingFormat.Record) {
        guard record.kind == .sound else {
            isBroken = [true, true]
            return
        }
        let side = Int(record.frame.side.rawValue), arrival = record.arrivalFrame
        if !isBroken[side], let last = segments[side].last, last.covers(record.frame, arrival: arrival) {
            segments[side][segments[side].count - 1].base = min(last.base, arrival - last.elapsed(record.frame))
        } else {
            isBroken[side] = false
            segments[side].append(
                Segment(
                    source: record.frame.source, timestamp: record.frame.timestamp, arrival: arrival, base: arrival))
        }
    }

    /// Between the passes.
    mutating func rewind() { isBroken = [true, true] }

    /// Second pass, with the same records in the same order: the frame at which the sound of `record` begins.
    mutating func place(_ record: RecordingFormat.Record) -> Int {
        guard record.kind == .sound else {
            isBroken = [true, true]
            return record.arrivalFrame
        }
        let side = Int(record.frame.side.rawValue), arrival = record.arrivalFrame
        if isBroken[side] || cursor[side] < 0 || !segments[side][cursor[side]].covers(record.frame, arrival: arrival) {
            isBroken[side] = false
            cursor[side] += 1
        }
        guard cursor[side] < segments[side].count else { return arrival }
        let segment = segments[side][cursor[side]]
        return segment.base + segment.elapsed(record.frame)
    }
}

nonisolated extension RecordingFormat.Record {
    /// The arrival in samples of 125 µs since the start.
    var arrivalFrame: Int { Int(clamping: arrival) / 125 }
}
