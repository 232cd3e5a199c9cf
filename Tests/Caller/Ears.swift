// Turns frames into reports of what is heard, and remembers it for the script.

/// Sounds are believed after they stood for a while, so that one odd frame changes nothing.
struct Ears {
    static let toneConfirmFrames = 5
    static let speechConfirmFrames = 3
    /// Words have pauses; silence has not.
    static let silenceConfirmFrames = 15
    static let nothingAfter = Duration.milliseconds(200)

    private var detector: ToneDetector
    private var candidate = Sound.nothing
    private var candidateFrames = 0
    private var candidateBegan = Moment.now
    private var lastPacket: Moment?
    private var gathered: [Int16] = []

    /// What is heard now, and since when it has been so.
    private(set) var current = Sound.nothing
    private(set) var currentBegan = Moment.now
    /// Telephone events received and not yet asked for.
    var digits = ""

    init(expecting tones: [Int]) { detector = ToneDetector(expected: tones) }

    /// When `listenForNothing` should be called.
    var deadline: Moment? { current == .nothing ? nil : lastPacket.map { $0 + Self.nothingAfter } }

    mutating func packetArrived(at now: Moment) { lastPacket = now }

    mutating func hear(_ samples: [Int16], at now: Moment) {
        gathered += samples
        while gathered.count >= ToneDetector.frameSamples {
            let frame = Array(gathered.prefix(ToneDetector.frameSamples))
            gathered.removeFirst(ToneDetector.frameSamples)
            consider(detector.classify(frame), at: now)
        }
    }

    mutating func listenForNothing(at now: Moment) {
        guard let deadline, deadline <= now else { return }
        candidate = .nothing
        settle(.nothing, since: lastPacket ?? now)
    }

    private mutating func consider(_ sound: Sound, at now: Moment) {
        // A tone with a second one coming and going beside it still is that tone: equal by satisfaction in both ways.
        if sound.satisfies(candidate), candidate.satisfies(sound) {
            candidateFrames += 1
        } else {
            candidate = sound
            candidateFrames = 1
            candidateBegan = now
        }
        let needed =
            switch sound {
            case .nothing, .silence: Self.silenceConfirmFrames
            case .tones: Self.toneConfirmFrames
            case .speech: Self.speechConfirmFrames
            }
        if candidateFrames >= needed { settle(candidate, since: candidateBegan) }
    }

    private mutating func settle(_ sound: Sound, since began: Moment) {
        if sound.satisfies(current), current.satisfies(sound) { return }
        current = sound
        currentBegan = began
        Report.line("heard", ["what": .text(sound.description), "began": .fraction(began.milliseconds)])
    }
}
