// Lays the frames of both sides along one time line.

internal import Audio

/// Places frames by time, caller left and agent right, gaps as silence. Holds eight seconds; what is older is handed out.
///
/// A stream is anchored at the arrival of its first frame and goes on by its own timestamps, so that network jitter isn't
/// heard. It is anchored anew when a frame arrives before its place on the time line, because then the anchor itself was
/// late or the sender's clock runs fast, and when it arrives later than any jitter would explain.
nonisolated struct RecordingMixer {
    private static let windowFrames = 8 * 8000
    /// How far behind the latest arrival the window begins when it moves.
    private static let historyFrames = 3 * 8000
    /// 30 ms.
    private static let aheadMax = 240
    /// Half a second.
    private static let behindMax = 4000
    /// The longest frame.
    private static let frameMax = RecordingFormat.payloadBytesMax

    private struct Anchor {
        var source: UInt32
        var timestamp: UInt32
        var frame: Int
    }

    /// Frames handed out so far; the window begins here.
    private(set) var done = 0
    private var window = [Int16](repeating: 0, count: windowFrames * 2)
    private var end = 0
    private var anchors: [Anchor?] = [nil, nil]
    private let muTable = G711.decodingTable(.mu)
    private let aTable = G711.decodingTable(.a)

    /// Places a frame; older sound goes to `out`, as bytes of 16-bit stereo.
    mutating func take(_ record: RecordingFormat.Record, _ payload: ArraySlice<UInt8>, into out: inout [UInt8]) {
        let arrival = Int(clamping: record.arrival) / 125
        advance(to: arrival, into: &out)
        switch record.kind {
        case .sound: place(record.frame, payload, arrival: arrival)
        case .pause, .resume: anchors = [nil, nil]
        // The recording lasts until here although nobody may have spoken.
        case .end: end = max(end, arrival)
        }
    }

    /// Hands out the rest.
    mutating func finish(into out: inout [UInt8]) { handOut(until: end, into: &out) }

    private mutating func advance(to arrival: Int, into out: inout [UInt8]) {
        guard arrival + Self.aheadMax + Self.frameMax >= done + Self.windowFrames else { return }
        handOut(until: arrival - Self.historyFrames, into: &out)
    }

    private mutating func handOut(until frame: Int, into out: inout [UInt8]) {
        while done < frame {
            let at = done % Self.windowFrames * 2
            for index in at...at + 1 {
                let sample = UInt16(bitPattern: window[index])
                out.append(UInt8(truncatingIfNeeded: sample))
                out.append(UInt8(truncatingIfNeeded: sample >> 8))
                window[index] = 0
            }
            done += 1
        }
    }

    private mutating func place(_ frame: RecordingFormat.Frame, _ payload: ArraySlice<UInt8>, arrival: Int) {
        let side = Int(frame.side.rawValue)
        let start = position(frame, arrival: arrival, side: side)
        let table = frame.law == .mu ? muTable : aTable
        for (index, byte) in payload.enumerated() {
            let at = start + index
            if at < done || at >= done + Self.windowFrames { continue }
            window[at % Self.windowFrames * 2 + side] = table[Int(byte)]
        }
        end = max(end, min(start + payload.count, done + Self.windowFrames))
    }

    private mutating func position(_ frame: RecordingFormat.Frame, arrival: Int, side: Int) -> Int {
        if let anchor = anchors[side], anchor.source == frame.source {
            let position = anchor.frame + Int(Int32(bitPattern: frame.timestamp &- anchor.timestamp))
            if position - arrival <= Self.aheadMax, arrival - position <= Self.behindMax { return position }
        }
        anchors[side] = Anchor(source: frame.source, timestamp: frame.timestamp, frame: arrival)
        return arrival
    }
}
