// The counters of a queue, kept so that they add up at every moment.

internal import Basics

/// Why a queue gave a contact away without an agent; each is counted apart (definitions.md 3.3).
public enum DiversionCause: String, Codable, Hashable, Sendable, CaseIterable {
    case closed
    case full
    case joinEmpty = "join-empty"
    case leaveEmpty = "leave-empty"
    case waitRatio = "wait-ratio"
    case waitTime = "wait-time"
    case timeout
    case key
    case withdrawn
}

/// A cause and how often it came.
public struct DiversionCount: Codable, Hashable, Sendable {
    public var cause: DiversionCause
    public var count: Int
}

/// entries = answered + abandoned + diverted + ended by the system + left as a callback + still waiting, parked ones included
/// (definitions.md 3.6).
public struct QueueFigures: Codable, Hashable, Sendable {
    /// Abandoned within this many seconds counts as a short abandon (S of definitions.md 3.4).
    public static let shortAbandonSeconds = 5

    public private(set) var entries = 0
    public private(set) var answered = 0
    /// Answered within the queue's threshold T.
    public private(set) var answeredInTime = 0
    public private(set) var abandoned = 0
    /// Of these within `shortAbandonSeconds`.
    public private(set) var abandonedShort = 0
    /// nil: none, or counted before this was.
    private var abandonedWithinThreshold: Int?
    /// Of these within the queue's threshold T.
    public private(set) var abandonedInTime: Int {
        get { abandonedWithinThreshold ?? 0 }
        set { abandonedWithinThreshold = newValue == 0 ? nil : newValue }
    }
    public private(set) var endedBySystem = 0
    public private(set) var diverted: [DiversionCount] = DiversionCause.allCases.map { DiversionCount(cause: $0, count: 0) }
    public private(set) var waitOfAnswered: Duration = .zero
    /// Waiting time of everybody, whatever the end: the denominator of the abandon rate θ.
    public private(set) var waitOfAll: Duration = .zero
    /// Talk, hold and wrap-up of contacts of this queue, weighted by 0.9 of the past; nil before the first.
    public private(set) var meanHandleSeconds: Double?
    // nil: none yet, or stored before they were counted.
    private var callbackCounts: CallbackFigures?
    private var waitAccuracy: EstimateAccuracy?
    /// Of what is no call; what is left of the sums is calls. nil: only calls, or counted before this was.
    private var otherChannels: [ChannelFigures]?

    /// Who wants to be called back is counted here, and not among those who wait on the line.
    public var callbacks: CallbackFigures { callbackCounts ?? CallbackFigures() }
    /// How far the wait that was expected at the entry was from the real one, of those who had to wait and were answered.
    public var expectedWaitAccuracy: EstimateAccuracy { waitAccuracy ?? EstimateAccuracy() }

    public init() {}

    public var divertedInAll: Int { diverted.reduce(0) { $0 + $1.count } }

    /// ans ≤ T / (ans + aband > S); nil without any (definitions.md 3.4, "Switchboard default").
    public var serviceLevel: Double? {
        let all = answered + abandoned - abandonedShort
        return all > 0 ? Double(answeredInTime) / Double(all) : nil
    }

    /// Mean speed of answer in seconds; nil before the first answer.
    public var averageSpeedOfAnswer: Double? { answered > 0 ? waitOfAnswered.inSeconds / Double(answered) : nil }

    /// Abandons per second of waiting.
    public var abandonRate: Double { waitOfAll > .zero ? Double(abandoned) / waitOfAll.inSeconds : 0 }

    /// What of these figures is of that channel. Callbacks are calls, and are counted apart there, too.
    public func figures(of channel: Channel) -> ChannelFigures {
        if channel != .voice {
            return otherChannels?.first { $0.channel == channel } ?? ChannelFigures(channel: channel)
        }
        var calls = ChannelFigures(channel: .voice)
        calls.entries = entries
        calls.answered = answered
        calls.answeredInTime = answeredInTime
        calls.abandoned = abandoned
        calls.diverted = divertedInAll
        calls.endedBySystem = endedBySystem
        calls.waitOfAnswered = waitOfAnswered
        calls.waitOfAll = waitOfAll
        for other in otherChannels ?? [] { calls.subtract(other) }
        calls.meanHandleSeconds = meanHandleSeconds
        return calls
    }

    private mutating func count(_ channel: Channel, _ change: (inout ChannelFigures) -> Void) {
        guard channel != .voice else { return }
        var all = otherChannels ?? []
        let index = all.firstIndex { $0.channel == channel }
        var figures = index.map { all[$0] } ?? ChannelFigures(channel: channel)
        change(&figures)
        if let index { all[index] = figures } else { all.append(figures) }
        otherChannels = all
    }

    public mutating func noteEntry(of channel: Channel = .voice) {
        entries += 1
        count(channel) { $0.entries += 1 }
    }

    public mutating func noteAnswer(after wait: Duration, threshold: Duration, of channel: Channel = .voice) {
        let wait = max(.zero, wait)
        count(channel) { figures in
            figures.answered += 1
            if wait <= threshold { figures.answeredInTime += 1 }
            figures.waitOfAnswered += wait
            figures.waitOfAll += wait
        }
        answered += 1
        if wait <= threshold { answeredInTime += 1 }
        waitOfAnswered += wait
        waitOfAll += wait
    }

    public mutating func noteAbandon(after wait: Duration, threshold: Duration, of channel: Channel = .voice) {
        let wait = max(.zero, wait)
        count(channel) { figures in
            figures.abandoned += 1
            figures.waitOfAll += wait
        }
        abandoned += 1
        if wait <= threshold { abandonedInTime += 1 }
        if wait <= .seconds(Self.shortAbandonSeconds) { abandonedShort += 1 }
        waitOfAll += wait
    }

    public mutating func noteDiversion(_ cause: DiversionCause, after wait: Duration, of channel: Channel = .voice) {
        let wait = max(.zero, wait)
        count(channel) { figures in
            figures.diverted += 1
            figures.waitOfAll += wait
        }
        for index in diverted.indices where diverted[index].cause == cause { diverted[index].count += 1 }
        waitOfAll += wait
    }

    public mutating func noteEndBySystem(after wait: Duration, of channel: Channel = .voice) {
        let wait = max(.zero, wait)
        count(channel) { figures in
            figures.endedBySystem += 1
            figures.waitOfAll += wait
        }
        endedBySystem += 1
        waitOfAll += wait
    }

    public mutating func noteExpectedWait(error: Duration) {
        var accuracy = expectedWaitAccuracy
        accuracy.note(error: error)
        waitAccuracy = accuracy
    }

    public mutating func noteCallback(_ change: (inout CallbackFigures) -> Void) {
        var callbacks = callbacks
        change(&callbacks)
        callbackCounts = callbacks
    }

    /// - Parameter countsForQueue: false: among calls, of whose mean mails that lie for hours say nothing.
    public mutating func noteHandled(for time: Duration, of channel: Channel = .voice, countsForQueue: Bool = true) {
        let seconds = max(1, time.inSeconds)
        count(channel) { $0.meanHandleSeconds = $0.meanHandleSeconds.map { 0.9 * $0 + 0.1 * seconds } ?? seconds }
        guard countsForQueue else { return }
        meanHandleSeconds = meanHandleSeconds.map { 0.9 * $0 + 0.1 * seconds } ?? seconds
    }
}
