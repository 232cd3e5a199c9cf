// One contact as the rules hold it while it lives.

public import ACD
public import Basics
public import IVR

/// A name and a value that flows set and branches read.
public struct Attribute: Codable, Hashable, Sendable {
    public var name: String
    public var value: String

    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

/// A contact's stay in a queue, from entering it until an agent has it or it leaves.
public struct QueueEntry: Codable, Hashable, Sendable {
    public var queue: QueueID
    public var key: OrderKey
    public var enqueuedAt: Instant
    /// False until the recording announcement, which must come before the first recorded sample, has been heard.
    public var isRoutable: Bool
    /// The first of those that ring for it.
    public var offer: OfferID?
    var furtherOffers: [OfferID]?
    /// Agents that missed or declined it, and until when they are passed over.
    public var exclusions: [Exclusion] = []
    public var limitAt: Instant
    public var announceAt: Instant
    /// For whom alone it is, and until when; nil: for every member.
    public var personal: Personal?
    // Optional, because older snapshots have none of these.
    var requirementStep: Int?
    /// The highest level whose agents may be asked; nil: all.
    public var levelMax: Int?
    /// Who is asked before all others; nil: nobody, or no longer.
    public var preferred: Preferred?
    var relaxesAt: Instant?
    /// When one more agent may be rung beside those who ring; nil: at once.
    public var nextOfferAt: Instant?
    /// What wait was expected when it had to begin; nil: none, or nothing was known.
    public var expectedSeconds: Double?
    /// The caller has been told with which key one is called back.
    public var callbackOffered: Bool?
    /// What becomes free at an agent is kept for it, or was; nil: never in this wait.
    public var room: Room?

    /// Room for a contact that comes first for an agent, and for whom that agent has too much in hand.
    public struct Room: Codable, Hashable, Sendable {
        /// Who keeps it; nil: nobody at present.
        public var agent: AgentID?
        /// Whoever keeps it.
        public var until: Instant
        /// From then on room may be kept again: after a pause as long as the time before it.
        public var againAt: Instant
    }

    public struct Personal: Codable, Hashable, Sendable {
        public var agent: AgentID
        public var until: Instant
    }

    public struct Exclusion: Codable, Hashable, Sendable {
        public var agent: AgentID
        public var until: Instant
    }

    /// Agents who are waited for, and until when.
    public struct Preferred: Codable, Hashable, Sendable {
        public var agents: [PreferenceRules.Agent]
        public var until: Instant
    }

    public init(
        queue: QueueID, key: OrderKey, enqueuedAt: Instant, isRoutable: Bool, limitAt: Instant,
        announceAt: Instant = .distantFuture
    ) {
        self.queue = queue
        self.key = key
        self.enqueuedAt = enqueuedAt
        self.isRoutable = isRoutable
        self.limitAt = limitAt
        self.announceAt = announceAt
    }

    /// Everybody who rings for it, in the order in which they were asked.
    public var offers: [OfferID] {
        get { offer.map { [$0] + (furtherOffers ?? []) } ?? [] }
        set {
            offer = newValue.first
            furtherOffers = newValue.count > 1 ? Array(newValue.dropFirst()) : nil
        }
    }

    mutating func add(_ further: OfferID) {
        if offer == nil { offer = further } else { furtherOffers = (furtherOffers ?? []) + [further] }
    }

    /// The step of the queue's requirement to which it has come, from 0.
    public var step: Int {
        get { requirementStep ?? 0 }
        set { requirementStep = newValue == 0 ? nil : newValue }
    }

    /// When something that is asked of agents relaxes.
    public var relaxAt: Instant {
        get { relaxesAt ?? .distantFuture }
        set { relaxesAt = newValue == .distantFuture ? nil : newValue }
    }
}

/// A conversation: who is on the other end, and since when.
public struct Conversation: Codable, Hashable, Sendable {
    public enum Other: Codable, Hashable, Sendable {
        case agent(AgentID, QueueID)
        case outside(TrunkID)
    }

    public var other: Other
    public var leg: LegID
    public var since: Instant
    /// The agent's device that `leg` goes to; nil: it is outside.
    public var device: DeviceID?
    /// Which side has put the other on hold.
    public var heldBy: Party?
    // Optional, because older snapshots have neither.
    var lost: Bool?
    var muted: Bool?
    /// Why nobody answered outside whom the agent wanted last; nil: it has come about, or the agent has wanted nobody.
    public internal(set) var notReached: LegFailure?

    /// The agent's device is gone, the leg stays for its return: until the grace of the agent is over.
    public internal(set) var isLost: Bool {
        get { lost == true }
        set { lost = newValue ? true : nil }
    }

    /// The caller hears nothing of the agent.
    public internal(set) var isMuted: Bool {
        get { muted == true }
        set { muted = newValue ? true : nil }
    }
}

/// A contact from its arrival to its end.
public struct Contact: Codable, Hashable, Sendable, Identifiable {
    /// Who owns the contact now. Every state has a live leg, and those that wait for something have a deadline too.
    ///
    /// Indirect, so that a contact that is taken out to be changed is copied quickly.
    public indirect enum State: Codable, Hashable, Sendable {
        /// The recording announcement of the dialled number.
        case announcing(PlaybackID)
        case inFlow
        case waiting(QueueEntry)
        case dialling(LegID, Transfer, deadline: Instant)
        case talking(Conversation)
        case voicemailPrompt(Voicemail, PlaybackID)
        case voicemail(Voicemail, RecordingID, deadline: Instant)
        case leaving(PlaybackID, Outcome, deadline: Instant)
        case ended(Outcome)
    }

    /// Lines kept; what comes after them is counted only, but for the lines that say who had it, and of the end.
    public static let timelineEntriesMax = 300
    /// With those lines.
    public static let timelineEntriesInAllMax = 500
    /// Of one that is answered soon, for which there is room from the beginning.
    static let timelineEntriesUsual = 8
    public static let attributesMax = 50

    public let id: ContactID
    /// The customer's, or the last one: while the contact is parked there is none, and who is called back has another.
    /// `LegID.none` for work without a session.
    public internal(set) var leg: LegID
    /// nil: a call.
    public internal(set) var digital: DigitalWork?
    public let number: String
    public let caller: CallerKey
    public let trunk: TrunkID
    public let channel: Int
    public let arrivedAt: Instant
    public var endedAt: Instant?
    public var answeredAt: Instant?
    /// The last agent and queue that had it.
    public var agent: AgentID?
    public var queue: QueueID?
    public var state: State
    public var interpreter: Interpreter
    /// The version of the flow with which the call began, or came to its present flow: a reload does not change the ground under
    /// it.
    public internal(set) var flowVersion: Int
    /// When it first entered a queue: the base of its order key in every queue to come.
    public var firstEnqueuedAt: Instant?
    /// Its place in the last queue, for when it comes back; nil: none yet, or stored before it was kept.
    public var orderKey: OrderKey?
    /// While something is played in the flow: its id and the time at which it counts as ended whatever the edge says.
    public var playback: PlaybackID?
    public var playbackDeadline: Instant = .distantFuture
    /// While digits are collected: when the try counts as failed whatever the edge says.
    public var collectDeadline: Instant?
    public internal(set) var attributes: [Attribute] = []
    /// The sound of the contact may be recorded: the announcement has been heard.
    public var isRecordingAnnounced = false
    public var recording: RecordingID?
    /// Whose voices the recording has beside the caller's, as the media were told; nil: nobody's.
    var onRecord: [LegID]?
    /// Its recording was stopped for a message and goes on after it; nil: no.
    public var isRecordingSuspended: Bool?
    /// nil: no.
    var recordingPaused: Bool?
    /// By the agent it is with; another agent or queue does not find it so.
    public internal(set) var isRecordingPaused: Bool {
        get { recordingPaused == true }
        set { recordingPaused = newValue ? true : nil }
    }
    /// What the caller keys in now, heard by nobody; nil: nothing.
    public internal(set) var secure: SecureStep?
    public internal(set) var recordings: [RecordingID] = []
    /// Those of `recordings` that are messages; nil: none was begun.
    public var messages: [RecordingID]?
    /// What the caller was promised instead of waiting; nil: nothing.
    public internal(set) var callback: Callback? {
        get { promise?.value }
        set { promise = newValue.map { Boxed($0) } }
    }
    private var promise: Boxed<Callback>?
    /// The number can be called. Nil: no, or it was stored before that was known.
    public let canBeCalledBack: Bool?
    /// The queues that may call it; nil: each that calls back.
    let callbackQueues: [QueueID]?
    /// The caller's phone holds, with whomever the caller is or will be connected; nil: no.
    public internal(set) var isHeldByCaller: Bool?
    /// Who is on the call beside the caller and the agent; nil: nobody.
    public internal(set) var company: Company?
    /// Somebody has given it its place in the order, which nothing else changes; nil: no.
    public internal(set) var isPrioritised: Bool?
    var marks: [TrialMark]?
    /// The ways that it has gone by lot, each split once.
    public internal(set) var trials: [TrialMark] {
        get { marks ?? [] }
        set { marks = newValue.isEmpty ? nil : newValue }
    }
    public internal(set) var timeline: [TimelineEntry] = []
    public internal(set) var timelineEntriesLeftOut = 0

    private enum CodingKeys: String, CodingKey {
        case id, leg, digital, number, caller, trunk, channel, arrivedAt, endedAt, answeredAt, agent, queue, state, interpreter
        case flowVersion, firstEnqueuedAt, orderKey, playback, playbackDeadline, collectDeadline, attributes
        case isRecordingAnnounced, recording, onRecord, isRecordingSuspended, recordingPaused, secure, recordings, messages,
            canBeCalledBack
        case promise = "callback"
        case callbackQueues, isHeldByCaller, company, isPrioritised, marks, timeline, timelineEntriesLeftOut
    }

    public init(
        id: ContactID, arrival: Arrival, flow: FlowID, flowVersion: Int, at now: Instant
    ) {
        self.id = id
        leg = arrival.leg
        number = arrival.number
        caller = arrival.caller
        trunk = arrival.trunk
        channel = arrival.channel
        canBeCalledBack = arrival.canBeCalledBack
        callbackQueues = arrival.callbackQueues
        arrivedAt = now
        state = .inFlow
        self.flowVersion = flowVersion
        interpreter = Interpreter(flow: flow)
        timeline.reserveCapacity(Self.timelineEntriesUsual)
        note(.arrived(number: arrival.number, trunk: arrival.trunk, channel: arrival.channel), at: now)
    }

    /// Work that is no call has no number, no trunk and no flow.
    init(id: ContactID, arrival: WorkArrival, kind: WorkKind, at now: Instant) {
        self.id = id
        leg = arrival.leg ?? .none
        number = ""
        caller = arrival.customer
        trunk = ""
        channel = 0
        canBeCalledBack = nil
        callbackQueues = nil
        arrivedAt = now
        state = .inFlow
        flowVersion = 0
        interpreter = Interpreter(flow: "")
        digital = DigitalWork(
            kind: kind.id, channel: kind.channel, overflow: Array(arrival.overflow.prefix(WorkArrival.overflowMax)),
            keptUntil: arrival.leg == nil ? now + .seconds(max(1, kind.keptSecondsMax)) : nil)
        for attribute in arrival.attributes { setAttribute(attribute.name, attribute.value) }
        timeline.reserveCapacity(Self.timelineEntriesUsual)
        note(.workArrived(kind: kind.id), at: now)
    }

    public mutating func note(_ what: Happening, at now: Instant) {
        let max: Int
        switch what {
        case .recordingStarted(let recording):
            recordings.append(recording)
            max = Self.timelineEntriesMax
        case .answered, .transferred, .disposed, .handedOver, .supervised: max = Self.timelineEntriesInAllMax
        case .ended: max = .max
        case .arrived, .workArrived, .visited, .chose, .noted, .enqueued, .announced, .diverted, .offered, .offerEnded, .held,
            .resumed, .dialled, .connected, .notConnected, .recordingStopped, .recordingPaused, .recordingResumed, .lost,
            .returned, .agentLeft, .relaxed, .roomKept, .prioritised, .callbackRequested, .callbackDialled, .callbackAnswered,
            .callbackEnded, .consulted, .conferred, .participantLeft, .secureBegan, .secureEnded:
            max = Self.timelineEntriesMax
        }
        guard timeline.count < max else {
            timelineEntriesLeftOut += 1
            return
        }
        timeline.append(TimelineEntry(at: now, what: what))
    }

    public func attribute(_ name: String) -> String? { attributes.first { $0.name == name }?.value }

    public mutating func setAttribute(_ name: String, _ value: String) {
        if let index = attributes.firstIndex(where: { $0.name == name }) {
            attributes[index].value = value
        } else if attributes.count < Self.attributesMax {
            attributes.append(Attribute(name: name, value: value))
        }
    }

    func canBeCalledBack(by queue: QueueID) -> Bool {
        canBeCalledBack == true && callbackQueues?.contains(queue) != false
    }

    /// The queue entry, while it waits.
    public var entry: QueueEntry? { if case .waiting(let entry) = state { entry } else { nil } }

    var isOver: Bool { if case .ended = state { true } else { false } }

    public var conversation: Conversation? { if case .talking(let conversation) = state { conversation } else { nil } }
}
