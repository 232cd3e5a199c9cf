// The data plane of voice: every RTP and RTCP socket behind one descriptor.

internal import Audio
internal import Basics
internal import CLoop
internal import Glibc
public import MainLoop
internal import RTP
internal import SDP

/// Legs, bridges, conferences, playbacks and recordings. The rules set them up, packets flow here alone, and
/// `onEvent` reports rarely.
///
/// One epoll set holds all sockets (facts/media.md, design 7). A packet costs one `recv`, one `send` and no allocation,
/// reference count or task: legs are slots of plain bits at fixed places. Events are handed out after the packets of a
/// round, so `onEvent` may call everything here.
public final class MediaPlane: LoopMember {
    /// Bytes of a datagram that are taken; longer ones, which no voice needs, are cut.
    static let datagramBytesMax = 2048
    static let eventsPerRound = 256
    /// Packets of one leg in one second; a phone sends 50, and what waited during a stall comes at once.
    static let packetsPerSecondMax: UInt32 = 500
    static let tickNanoseconds: UInt64 = 20_000_000
    static let beatNanoseconds: UInt64 = 100_000_000
    /// Beats in which every leg is looked at once.
    static let beatsPerSurvey = 10

    /// Called on the loop, never inside a call to the media plane except `shutDown`.
    public var onEvent: (MediaEvent) -> Void = { _ in }
    public let settings: MediaSettings
    /// Under which recordings are sealed from now on, and those of an earlier process are opened; nil: they are plain.
    public var recordingKeys: RecordingKeyring?
    /// False: new recordings are plain all the same; what was sealed stays so.
    public var sealsRecordings = true
    /// Rather than plain, a recording fails.
    public var requiresKey = false
    public let descriptor: Int32

    let loop: MainLoop
    let legs: UnsafeMutablePointer<LegSlot>
    let recordings: UnsafeMutablePointer<RecordingSlot>
    let ready: UnsafeMutablePointer<epoll_event>
    let datagram: UnsafeMutableRawPointer
    let scratch: UnsafeMutableRawPointer
    let mixed: UnsafeMutablePointer<Int16>
    let wide: UnsafeMutableRawPointer
    private let memory: MediaMemory
    let tables = LawTables()

    /// By slot.
    var sessions: [LegSession?]
    var playbacks: [Playback?]
    var collections: [Int32: DigitCollection] = [:]
    /// By slot, of legs that a browser carries.
    var browsers: [Int32: BrowserLeg] = [:]
    /// By slot, of legs to which keys are sent.
    var keys: [Int32: KeySender] = [:]
    /// By slot, of legs on which keys may come as sound.
    var detectors: [Int32: DigitDetector] = [:]
    /// By slot, of legs that speak G.722.
    var codecs: [Int32: G722Codec] = [:]
    /// By slot, of legs that `watchSpeech` named.
    var speech: [Int32: SpeechWatch] = [:]
    /// By slot of the recording.
    var jobs: [RecordingJob?]
    /// What may still become a file of these is on the disk.
    var failedRecordings: [(id: RecordingID, path: String)] = []
    var slotOf: [LegID: Int32] = [:]
    var freeSlots: [Int32]
    /// Slots below this one were used at some time.
    var slotsUsed: Int32 = 0
    /// Slots that play.
    var playing: [Int32] = []
    var playingCursor = 0
    var conferences: [Conference] = []
    var mixingCursor = 0
    /// The conferences of this tick are done, the playbacks aren't yet.
    private var isMixed = false
    var counted = MediaFigures()
    var ports: PortPool
    var random = SystemRandomNumberGenerator()
    let writeQueue = WorkerQueue(label: "recording-write", serial: true)
    let mixQueue = WorkerQueue(label: "recording-mix", serial: true)
    /// Wall time in microseconds that belongs to monotonic time 0.
    let wallOffset: Int64

    private var packetsLostMax: UInt64 = 0
    private var pending: [MediaEvent] = []
    private var nextTick = UInt64.max
    private var nextBeat = UInt64.max
    private var beat = 0
    private var isServing = false
    private var isClosed = false

    public init(on loop: MainLoop, settings: MediaSettings) {
        self.loop = loop
        self.settings = settings
        descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
        memory = MediaMemory(
            legs: settings.legsMax, recordings: settings.recordingsMax, events: Self.eventsPerRound,
            datagramBytes: Self.datagramBytesMax)
        legs = memory.legs
        recordings = memory.recordings
        ready = memory.ready
        datagram = memory.datagram
        scratch = memory.scratch
        mixed = memory.mixed
        wide = memory.wide
        sessions = Array(repeating: nil, count: settings.legsMax)
        playbacks = Array(repeating: nil, count: settings.legsMax)
        jobs = Array(repeating: nil, count: settings.recordingsMax)
        freeSlots = (0..<Int32(settings.legsMax)).reversed()
        ports = PortPool(settings.ports, from: UInt32.random(in: 0...0xFFFF))
        var wall = timespec()
        clock_gettime(CLOCK_REALTIME, &wall)
        wallOffset = Int64(wall.tv_sec) * 1_000_000 + Int64(wall.tv_nsec) / 1000 - Int64(cloop_now() / 1000)
        loop.add(self)
    }

    /// Closes every leg and stops every recording; the media plane can't be used afterwards. Recordings still become
    /// files, and their events still come; what is still to be reported is handed out at once. Needed, because the loop
    /// holds its members.
    public func shutDown() {
        guard !isClosed else { return }
        for job in jobs { if let job { stopRecording(job.id) } }
        for leg in slotOf.keys.sorted() { close(leg) }
        isClosed = true
        loop.remove(self)
        Glibc.close(descriptor)
        handOut()
    }

    public var figures: MediaFigures {
        var figures = counted
        figures.legs = slotOf.count
        figures.playing = playing.count
        figures.recordings = jobs.count { $0 != nil }
        figures.conferences = conferences.count
        for conference in conferences {
            figures.conferenceParties += conference.seats.count
            for seat in conference.seats { Self.count(seat, into: &figures) }
        }
        var heard = 0
        for slot in 0..<Int(slotsUsed) where legs[slot].isOpen && legs[slot].reception.received > 0 {
            let jitter = legs[slot].reception.jitterMilliseconds
            heard += 1
            figures.jitterMilliseconds += jitter
            figures.worstJitterMilliseconds = max(figures.worstJitterMilliseconds, jitter)
            figures.packetsLost += legs[slot].reception.lost
        }
        // A packet that comes in late takes back a loss; a counter must not fall.
        packetsLostMax = max(packetsLostMax, figures.packetsLost)
        figures.packetsLost = packetsLostMax
        figures.jitterMilliseconds /= Double(max(1, heard))
        return figures
    }

    // MARK: The loop

    public var due: UInt64 { pending.isEmpty ? min(nextTick, nextBeat) : 0 }

    public func serve(until limit: UInt64) {
        isServing = true
        defer { isServing = false }
        var now = cloop_now()
        if now >= nextTick { tick(at: now, until: limit) }
        if now >= nextBeat { survey(at: now) }
        let count = Int(epoll_wait(descriptor, ready, Int32(Self.eventsPerRound), 0))
        var index = 0
        while index < count {
            take(ready[index].data.u64)
            index += 1
            // What is left is still readable, and its turn comes before that of sockets already served.
            if index & 7 == 0 {
                now = cloop_now()
                if now >= limit { break }
            }
        }
        handOut()
    }

    private func handOut() {
        guard !pending.isEmpty else { return }
        let events = pending
        // Events that arise meanwhile wait for the next round.
        pending.removeAll(keepingCapacity: true)
        for event in events { onEvent(event) }
    }

    func post(_ event: MediaEvent) {
        pending.append(event)
        if pending.count == 1, !isServing, !isClosed { loop.dueChanged(self) }
        // After the loop has let go of us there is nobody to call `serve`.
        if isClosed { handOut() }
    }

    // MARK: The two clocks

    /// The clock of 20 ms runs only while something is played or somebody confers.
    func startTicking() {
        guard nextTick == .max else { return }
        nextTick = cloop_now()
        playingCursor = 0
        mixingCursor = 0
        isMixed = false
        if !isServing { loop.dueChanged(self) }
    }

    private func tick(at now: UInt64, until limit: UInt64) {
        if now - nextTick > 5 * Self.tickNanoseconds {
            // The process stood still: rather a gap than a burst.
            counted.ticksSkipped += (now - nextTick) / Self.tickNanoseconds
            nextTick = now
            for slot in playing { legs[Int(slot)].out.interrupt() }
            for conference in conferences { for seat in conference.seats { legs[Int(seat.slot)].out.interrupt() } }
        }
        guard isMixed || mixNext(until: limit) else { return }
        isMixed = true
        guard playNext(until: limit) else { return }
        isMixed = false
        nextTick = playing.isEmpty && conferences.isEmpty ? .max : nextTick + Self.tickNanoseconds
    }

    /// The clock of 100 ms runs only while legs or recordings are open.
    func startBeating() {
        guard nextBeat == .max else { return }
        nextBeat = cloop_now() + Self.beatNanoseconds
        if !isServing { loop.dueChanged(self) }
    }

    private func survey(at now: UInt64) {
        beat = (beat + 1) % Self.beatsPerSurvey
        for slot in stride(from: Int32(beat), to: slotsUsed, by: Self.beatsPerSurvey) where legs[Int(slot)].isOpen {
            watch(legs + Int(slot), at: now)
            watchDeadAir(legs + Int(slot), slot, at: now)
        }
        if !speech.isEmpty { endSpeech() }
        if !collections.isEmpty { endCollections(at: now) }
        if beat == 0, !browsers.isEmpty { noteBrowsers() }
        flushRecordings(beat: beat)
        let idle = slotOf.isEmpty && !jobs.contains { $0 != nil }
        nextBeat = idle ? .max : max(nextBeat + Self.beatNanoseconds, now)
    }
}
