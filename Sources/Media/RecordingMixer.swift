// Lays the frames of both sides beside one another.

internal import Audio

/// Caller left, agent right, gaps as silence. Holds eight seconds of sound; what is older is handed out.
nonisolated struct RecordingMixer {
    private static let windowFrames = 8 * 8000
    /// How far behind the latest arrival the window begins when it moves: no frame belongs earlier, see
    /// `RecordingTimeline.jumpMax`, which can count twice.
    private static let historyFrames = 5 * 8000

    private var timeline: RecordingTimeline
    /// Frames handed out so far; the window begins here.
    private(set) var done = 0
    private var window = [Int16](repeating: 0, count: windowFrames * 2)
    private var end = 0
    private let muTable = G711.decodingTable(.mu)
    private let aTable = G711.decodingTable(.a)

    init(_ timeline: RecordingTimeline) {
        self.timeline = timeline
        self.timeline.rewind()
    }

    /// Places a frame; older sound goes to `out`, as bytes of 16-bit stereo.
    mutating func take(_ record: RecordingFormat.Record, _ payload: ArraySlice<UInt8>, into out: inout [UInt8]) {
        let arrival = record.arrivalFrame
        if arrival + RecordingFormat.payloadBytesMax >= done + Self.windowFrames {
            handOut(until: arrival - Self.historyFrames, into: &out)
        }
        let start = timeline.place(record)
        switch record.kind {
        case .sound: put(payload, record.frame, at: start)
        case .pause, .resume: break
        // The recording lasts until here although nobody may have spoken.
        case .end: end = max(end, arrival)
        }
    }

    /// Hands out the rest.
    mutating func finish(into out: inout [UInt8]) { handOut(until: end, into: &out) }

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

    private mutating func put(_ payload: ArraySlice<UInt8>, _ frame: RecordingFormat.Frame, at start: Int) {
        let side = Int(frame.side.rawValue), table = frame.law == .mu ? muTable : aTable
        for (index, byte) in payload.enumerated() {
            let at = start + index
            if at < done || at >= done + Self.windowFrames { continue }
            window[at % Self.windowFrames * 2 + side] = table[Int(byte)]
        }
        end = max(end, min(start + payload.count, done + Self.windowFrames))
    }
}
