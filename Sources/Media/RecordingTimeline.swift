// Where each frame of a recording belongs in time.

/// The time lines of all tracks, made in a first pass over the records and asked in a second one.
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

    private var segments: [[Segment]] = Array(repeating: [], count: RecordingFormat.tracksMax)
    private var isBroken = Array(repeating: true, count: RecordingFormat.tracksMax)
    /// The second pass stands in this segment.
    private var cursor = Array(repeating: -1, count: RecordingFormat.tracksMax)
    /// Tracks that somebody came to; the caller's and one more there are always.
    private(set) var tracks = 2
    /// The latest arrival.
    private var last = 0

    /// What the finished file has: a channel for each track, but no more than there may be, and than fit into the 32 bits of a
    /// WAV file's length.
    var channels: Int {
        let frames = last + 2 * Self.jumpMax + RecordingFormat.payloadBytesMax
        return max(2, min(tracks, RecordingFormat.channelsMax, Int(UInt32.max) / (2 * frames)))
    }

    /// First pass.
    mutating func note(_ record: RecordingFormat.Record) {
        tracks = max(tracks, record.frame.track.number + 1)
        last = max(last, record.arrivalFrame)
        guard record.kind == .sound else { return interrupt(record) }
        let track = record.frame.track.number, arrival = record.arrivalFrame
        if !isBroken[track], let last = segments[track].last, last.covers(record.frame, arrival: arrival) {
            segments[track][segments[track].count - 1].base = min(last.base, arrival - last.elapsed(record.frame))
        } else {
            isBroken[track] = false
            segments[track].append(
                Segment(
                    source: record.frame.source, timestamp: record.frame.timestamp, arrival: arrival, base: arrival))
        }
    }

    /// Between the passes.
    mutating func rewind() { isBroken = Array(repeating: true, count: RecordingFormat.tracksMax) }

    /// The end of a pause begins all streams anew; somebody who comes disturbs nobody.
    private mutating func interrupt(_ record: RecordingFormat.Record) {
        if record.kind != .entry { rewind() }
    }

    /// Second pass, with the same records in the same order: the frame at which the sound of `record` begins.
    mutating func place(_ record: RecordingFormat.Record) -> Int {
        guard record.kind == .sound else {
            interrupt(record)
            return record.arrivalFrame
        }
        let track = record.frame.track.number, arrival = record.arrivalFrame
        if isBroken[track] || cursor[track] < 0 || !segments[track][cursor[track]].covers(record.frame, arrival: arrival) {
            isBroken[track] = false
            cursor[track] += 1
        }
        guard cursor[track] < segments[track].count else { return arrival }
        let segment = segments[track][cursor[track]]
        return segment.base + segment.elapsed(record.frame)
    }
}

nonisolated extension RecordingFormat.Record {
    /// The arrival in samples of 125 µs since the start.
    var arrivalFrame: Int { Int(clamping: arrival) / 125 }
}
