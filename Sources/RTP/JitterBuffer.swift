// Evens out what the network did to a stream of voice.

/// Holds the samples of one incoming stream of G.711 until they are due, as short as possible and as long as needed.
///
/// Packets go in as they come: in any order, of any length, twice, late or never. Out come frames on the listener's clock of
/// 20 ms. What counts is the RTP timestamp alone, so reordered and doubled packets need no care; the sequence number only
/// tells a pause of the sender (RFC 3551, section 4.1) from a loss.
///
/// The delay adapts. It grows when the buffer runs empty: the missing samples are made up and the clock waits for the late
/// packet. It shrinks by a frame of silence at a time when more was waiting all the last second than the jitter (RFC 3550,
/// section 6.4.1, measured elsewhere and handed in) calls for, and it begins anew after each pause. It never exceeds
/// `delaySamplesMax`. Samples are of 125 µs. Nothing here allocates after `init`.
public struct JitterBuffer: Sendable {
    /// What waits to be heard, at most: 300 ms. Beyond it the oldest is dropped.
    public static let delaySamplesMax = 2400
    /// Samples in one packet, at most: 200 ms.
    public static let packetSamplesMax = 1600
    public static let frame = 160
    static let targetMax = 1600
    /// A timestamp further away than this from what is due begins a new time line: 2 s.
    static let jumpMax: Int64 = 16000
    /// Newer packets in a row that all came too late: the sender's clock was set back.
    static let lateRowMax = 3
    /// Samples that are made up before the stream counts as paused: 100 ms.
    static let pauseSamples = 800
    /// Frames of the window in which the least delay is looked for: 1 s.
    static let windowFrames = 50
    /// Frames without a late packet after which one frame of the allowance for them is given up: 10 s.
    static let lateMemoryFrames = 500

    /// What `take` wrote, and how many samples.
    public enum Run: Hashable, Sendable {
        case sound(Int)
        /// Lost: what comes behind it is there. Nothing was written.
        case lost(Int)
        /// Nothing is there. Nothing was written, and the clock waits.
        case starved(Int)
    }

    /// What was done since the start.
    public struct Figures: Hashable, Sendable {
        /// In samples.
        public var played: UInt64 = 0
        public var lost: UInt64 = 0
        public var starved: UInt64 = 0
        public var stretched: UInt64 = 0
        public var shrunk: UInt64 = 0
        /// Dropped because more than `delaySamplesMax` waited.
        public var overflown: UInt64 = 0
        /// In packets.
        public var late: UInt64 = 0
        public var duplicates: UInt64 = 0
        /// New time lines: another source, or a jump of the timestamp.
        public var restarts: UInt64 = 0

        public init() {}
    }

    private enum Phase { case empty, playing, paused }

    public private(set) var figures = Figures()
    private var ring: SampleRing
    private var phase = Phase.empty
    private var source: UInt32 = 0
    private var newest: UInt16 = 0
    /// The newest 64 sequence numbers: bit 0 is `newest`.
    private var seen: UInt64 = 0
    /// Extended timestamps: of the next sample that is due, and behind the newest one that is there.
    private var next: Int64 = 0
    private var end: Int64 = 0
    /// Samples made up since the buffer ran empty.
    private var concealed = 0
    private var lateRow = 0
    private var lateMargin = 0
    private var framesSinceLate = 0
    private var jitter = 0
    private var slackMin = Int.max
    private var slackMinBefore = 0
    private var windowLeft = windowFrames

    public init() { ring = SampleRing() }

    /// Samples that wait.
    public var delay: Int { Int(max(0, end - next)) }

    /// The delay to strive for, in samples: a frame, twice the mean jitter, and what late packets have taught.
    public var target: Int { min(Self.targetMax, Self.frame + 2 * jitter + lateMargin) }

    /// Nothing is there and nothing is expected at once: nobody need ask until the next packet.
    public var isPaused: Bool { phase != .playing }

    // MARK: In

    /// Takes a packet of `header.payloadCount` bytes, of which each is one sample of `table` (256 entries). `jitter` is the
    /// stream's interarrival jitter in samples.
    public mutating func insert(
        _ header: RTPHeader, _ payload: UnsafePointer<UInt8>, decoding table: UnsafePointer<Int16>, jitter: UInt32
    ) {
        let count = header.payloadCount
        guard (1...Self.packetSamplesMax).contains(count) else { return }
        self.jitter = Int(min(jitter, UInt32(Self.targetMax)))
        if phase == .empty || header.source != source {
            begin(header)
            newest = header.sequence &- 1
            seen = 0
        }
        let ahead = Int16(bitPattern: header.sequence &- newest)
        guard note(ahead, header.sequence) else {
            figures.duplicates &+= 1
            return
        }
        var start = extended(header.timestamp)
        if start - next > Self.jumpMax || next - start > Self.jumpMax {
            begin(header)
            start = extended(header.timestamp)
        } else if start + Int64(count) <= next {
            guard isSetBack(by: next - start, isNewer: ahead > 0) else { return }
            begin(header)
            start = extended(header.timestamp)
        }
        lateRow = 0
        if phase == .paused { resume(at: start) }
        skipConcealed(until: start)
        if start + Int64(count) - next > Int64(Self.delaySamplesMax) {
            let kept = min(start, start + Int64(count - target))
            figures.overflown &+= UInt64(max(0, min(kept, end) - next))
            advance(to: kept)
        }
        // Between two packets that followed one another the sender was silent: that is no loss.
        if ahead == 1, start > max(end, next) { ring.silence(from: max(end, next), to: start) }
        let cut = Int(max(0, next - start))
        ring.write(payload + cut, count: count - cut, decoding: table, at: start + Int64(cut))
        end = max(end, start + Int64(count))
        phase = .playing
    }

    /// Forgets what waits, for a stream that goes on elsewhere.
    public mutating func reset() {
        ring.clear(from: next, to: end)
        phase = .empty
        concealed = 0
    }

    private func extended(_ timestamp: UInt32) -> Int64 {
        next &+ Int64(Int32(bitPattern: timestamp &- UInt32(truncatingIfNeeded: next)))
    }

    /// `false`: this packet was here before.
    private mutating func note(_ ahead: Int16, _ sequence: UInt16) -> Bool {
        if ahead > 0 {
            seen = ahead >= 64 ? 1 : seen << UInt64(ahead) | 1
            newest = sequence
            return true
        }
        let behind = UInt64(ahead.magnitude)
        guard behind < 64 else { return true }
        defer { seen |= 1 << behind }
        return seen & (1 << behind) == 0
    }

    /// A new time line.
    private mutating func begin(_ header: RTPHeader) {
        if phase != .empty {
            figures.restarts &+= 1
            ring.clear(from: next, to: end)
        }
        source = header.source
        next = Int64(header.timestamp) + 1 << 33
        // Half a frame of patience; what is more is learnt, and the listener isn't kept waiting.
        let patience = Int64(min(2 * jitter, Self.frame / 2))
        end = next
        next -= patience
        ring.silence(from: next, to: end)
        concealed = 0
        lateRow = 0
        forgetWindow()
        phase = .playing
    }

    /// Speech begins again: nobody notices how much later.
    private mutating func resume(at start: Int64) {
        if start > next {
            next = start - Int64(target - Self.frame)
            ring.silence(from: next, to: start)
        }
        end = max(start, next)
        concealed = 0
        forgetWindow()
    }

    /// What was made up while the buffer was empty stands for what was lost meanwhile.
    private mutating func skipConcealed(until start: Int64) {
        if concealed > 0, start > next {
            next = min(start, next + Int64(concealed))
            end = max(end, next)
        }
        concealed = 0
    }

    /// The packet comes too late. `true`: so do all others, so the clock is set back to it.
    private mutating func isSetBack(by lateness: Int64, isNewer: Bool) -> Bool {
        figures.late &+= 1
        framesSinceLate = 0
        lateMargin = min(Self.targetMax / 2, max(lateMargin, Int(lateness)))
        guard isNewer else { return false }
        lateRow += 1
        return lateRow >= Self.lateRowMax
    }

    private mutating func advance(to position: Int64) {
        guard position > next else { return }
        ring.clear(from: next, to: min(position, end))
        next = position
        end = max(end, next)
    }

    // MARK: Out

    /// Once before each frame. `isQuiet`: the frame before had no speech in it, so nobody hears whether a frame is left out
    /// or put in. `true`: put in a frame of silence; `take` isn't called for this one.
    public mutating func adapt(isQuiet: Bool) -> Bool {
        guard phase == .playing else { return false }
        if lateMargin > 0 {
            framesSinceLate += 1
            if framesSinceLate >= Self.lateMemoryFrames {
                lateMargin = max(0, lateMargin - Self.frame)
                framesSinceLate = 0
            }
        }
        slackMin = min(slackMin, delay - Self.frame)
        windowLeft -= 1
        if windowLeft == 0 {
            slackMinBefore = slackMin
            slackMin = .max
            windowLeft = Self.windowFrames
        }
        guard isQuiet, concealed == 0, delay >= Self.frame else { return false }
        if min(slackMin, slackMinBefore) >= Self.frame, delay - Self.frame >= target {
            figures.shrunk &+= UInt64(Self.frame)
            advance(to: next + Int64(Self.frame))
            slackMinBefore -= Self.frame
            if slackMin != .max { slackMin -= Self.frame }
            return false
        }
        guard lateMargin > 0, delay + Self.frame <= target else { return false }
        figures.stretched &+= UInt64(Self.frame)
        forgetWindow()
        return true
    }

    /// Writes at most `count` samples that are due to `target`; to be called until the frame is full.
    public mutating func take(_ count: Int, into target: UnsafeMutablePointer<Int16>) -> Run {
        guard phase == .playing, next < end else {
            concealed = min(concealed + count, Int(Self.jumpMax))
            figures.starved &+= UInt64(count)
            if concealed >= Self.pauseSamples, phase == .playing { phase = .paused }
            return .starved(count)
        }
        let limit = min(count, Int(end - next))
        let there = ring.read(from: next, atMost: limit, into: target)
        if there > 0 {
            next += Int64(there)
            figures.played &+= UInt64(there)
            return .sound(there)
        }
        let missing = ring.gap(from: next, atMost: limit)
        next += Int64(missing)
        figures.lost &+= UInt64(missing)
        return .lost(missing)
    }

    private mutating func forgetWindow() {
        slackMin = .max
        slackMinBefore = 0
        windowLeft = Self.windowFrames
    }
}
