// Lays the frames of all tracks beside one another.

internal import Audio

/// A channel for each track, gaps as silence. Holds eight seconds of sound; what is older is handed out.
nonisolated struct RecordingMixer {
    private static let windowFrames = 8 * 8000
    /// How far behind the latest arrival the window begins when it moves: no frame belongs earlier, see
    /// `RecordingTimeline.jumpMax`, which can count twice.
    private static let historyFrames = 5 * 8000

    private static let blockBytes = 1 << 18

    private var timeline: RecordingTimeline
    /// Frames handed out so far; the window begins here.
    private(set) var done = 0
    /// Of the finished file.
    let channels: Int
    /// The last channel has several tracks, which are added.
    private let isLastShared: Bool
    private let frameBytes: Int
    private var window: [Int16]
    private var end = 0
    private var block: [UInt8] = []
    private let write: ([UInt8]) throws(RecordingFailure) -> Void
    private let muTable = G711.decodingTable(.mu)
    private let aTable = G711.decodingTable(.a)

    /// `write` takes the sound in blocks, in order, as bytes of 16 bits, channel by channel.
    init(_ timeline: RecordingTimeline, write: @escaping ([UInt8]) throws(RecordingFailure) -> Void) {
        self.timeline = timeline
        self.timeline.rewind()
        channels = timeline.channels
        isLastShared = timeline.tracks > timeline.channels
        frameBytes = channels * 2
        window = [Int16](repeating: 0, count: Self.windowFrames * channels)
        self.write = write
        block.reserveCapacity(Self.blockBytes)
    }

    /// Places a frame; older sound is handed out.
    mutating func take(_ record: RecordingFormat.Record, _ payload: ArraySlice<UInt8>) throws(RecordingFailure) {
        let arrival = record.arrivalFrame
        if arrival + RecordingFormat.payloadBytesMax >= done + Self.windowFrames {
            try handOut(until: arrival - Self.historyFrames)
        }
        let start = timeline.place(record)
        switch record.kind {
        case .sound: put(payload, record.frame, at: start)
        case .pause, .resume, .entry: break
        // The recording lasts until here although nobody may have spoken.
        case .end: end = max(end, arrival)
        }
    }

    /// Hands out the rest.
    mutating func finish() throws(RecordingFailure) {
        try handOut(until: end)
        if !block.isEmpty { try write(block) }
        block = []
    }

    private mutating func handOut(until frame: Int) throws(RecordingFailure) {
        while done < frame {
            // As much as lies in one piece: up to the window's end, or to a block's.
            let at = done % Self.windowFrames
            let count = min(frame - done, Self.windowFrames - at, (Self.blockBytes - block.count + frameBytes - 1) / frameBytes)
            window.withUnsafeMutableBytes { bytes in
                let piece = UnsafeMutableRawBufferPointer(rebasing: bytes[at * frameBytes..<(at + count) * frameBytes])
                block.append(contentsOf: piece)
                piece.initializeMemory(as: UInt8.self, repeating: 0)
            }
            done += count
            guard block.count >= Self.blockBytes else { continue }
            // A gap of hours is never in memory as a whole.
            try write(block)
            block.removeAll(keepingCapacity: true)
        }
    }

    private mutating func put(_ payload: ArraySlice<UInt8>, _ frame: RecordingFormat.Frame, at start: Int) {
        let channel = RecordingFormat.channel(ofTrack: frame.track.number, of: channels),
            table = frame.law == .mu ? muTable : aTable
        // What would stand before or behind the window is left out.
        let first = max(start, done), last = min(start + payload.count, done + Self.windowFrames)
        if first < last {
            var place = first % Self.windowFrames * channels + channel
            let step = channels, isAdded = isLastShared && channel == channels - 1
            payload.withUnsafeBufferPointer { bytes in
                for byte in bytes[first - start..<last - start] {
                    // As it stands in the file, so that handing out is copying.
                    let sample = table[Int(byte)]
                    window[place] = (isAdded ? Self.sum(sample, Int16(littleEndian: window[place])) : sample).littleEndian
                    place += step
                    if place >= window.count { place = channel }
                }
            }
        }
        end = max(end, min(start + payload.count, done + Self.windowFrames))
    }

    private static func sum(_ a: Int16, _ b: Int16) -> Int16 { Int16(clamping: Int(a) + Int(b)) }
}
