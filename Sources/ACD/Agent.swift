// One agent as the router sees it.

public import Basics

/// An agent's presence, work and what selection compares.
public struct Agent: Codable, Hashable, Sendable, Identifiable {
    /// Contacts that may wait for one agent in person, transferred by colleagues.
    public static let personalMax = 10

    /// Pieces of work that one agent has at once, whatever they weigh and whatever may come on top of them.
    public static let piecesMax = 50

    public let id: AgentID
    public var devices: [DeviceID]
    /// In the order of `devices`: which of them can be rung.
    public var registeredDevices: [DeviceID] = []
    public internal(set) var presence: AgentPresence = .offline
    /// When the present presence and reason began.
    public internal(set) var presenceSince: Instant
    /// Takes effect when the last contact ends.
    public internal(set) var pendingPresence: AgentPresence?
    /// In the order in which it was offered.
    public internal(set) var work: [Work] = []
    /// The terms of the first wrap-up in `work`; nil: there is none, or one from before they were kept.
    public internal(set) var wrapUp: WrapUp?
    var furtherWrapUps: [WrapUp]?
    /// The terms of every wrap-up in `work`.
    public internal(set) var wrapUps: [WrapUp] {
        get { (wrapUp.map { [$0] } ?? []) + (furtherWrapUps ?? []) }
        set {
            wrapUp = newValue.first
            furtherWrapUps = newValue.count > 1 ? Array(newValue.dropFirst()) : nil
        }
    }
    /// nil: none.
    var askedFor: [ContactID]?
    /// After room was kept for its whole time, and whoever it was for did not come; nil: it never was.
    public var keepsNoRoomUntil: Instant?
    /// What each piece of work takes; nil: every one is a call that fills the agent.
    var otherLoads: [WorkLoad]?
    /// nil: none.
    var closed: [Channel]?
    /// How much the agent may have at once; nil: the usual capacity, and everything that comes.
    public var limits: AgentLimits?
    /// The browser is gone without a word and may come back; presence and work are kept meanwhile.
    public internal(set) var loss: Loss?
    /// Since when the agent has had nothing to do while available; kept over a pause, moved by each contact's end.
    public internal(set) var idleSince: Instant
    /// Missed offers in a row, over all queues; back to zero by an answer, a change of presence, a sign-in (FreePBX#816).
    public internal(set) var missesInARow = 0
    /// Answered since signing in or the daily reset.
    public internal(set) var answered = 0
    /// nil: none, or stored before it was counted.
    var talkedSinceSignIn: Duration?
    /// Talk and hold since signing in or the daily reset.
    public private(set) var talked: Duration {
        get { talkedSinceSignIn ?? .zero }
        set { talkedSinceSignIn = newValue == .zero ? nil : newValue }
    }
    /// In the order of the queues; nil: none of them compares it.
    var queueRecords: [QueueRecord]?
    /// nil: none yet, or stored before they were counted.
    var ownCalls: Int?
    /// The agent's own calls to the center, such as a feature code: while one is up its phone would refuse an offer.
    public var callsToCenter: Int {
        get { ownCalls ?? 0 }
        set { ownCalls = newValue }
    }
    @usableFromInline var personalContacts: [ContactID]?
    /// Contacts that wait for this agent and nobody else, in the order in which they came.
    @inlinable public var personal: [ContactID] {
        get { personalContacts ?? [] }
        set { personalContacts = newValue.isEmpty ? nil : newValue }
    }
    /// Of the last day on which there was something to count.
    var figures: AgentFigures?
    /// No longer in the configuration: finishes what is begun, gets nothing new.
    public var isRemoved = false

    public init(id: AgentID, devices: [DeviceID], at now: Instant) {
        self.id = id
        self.devices = devices
        presenceSince = now
        idleSince = now
    }

    /// Why the agent cannot be offered a call now that fills it; nil if it can.
    public var refusal: Refusal? { refusal(for: .call) }

    /// Whether there is a contact at this agent that has not come to its end.
    public var isOnContact: Bool { work.contains { if case .active = $0 { true } else { false } } }

    /// The call that the agent talks in or holds.
    public var activeContact: ContactID? {
        for (index, item) in work.enumerated() {
            guard case .active(let contact, _, _) = item else { continue }
            if otherLoads == nil || loads[index].channel == .voice { return contact }
        }
        return nil
    }

    // MARK: Presence

    /// The agent declares a presence. What is being talked is finished first, and so is a wrap-up that owes its disposition;
    /// what merely rings or is wrapped up ends now.
    ///
    /// - Parameter keepsCounts: what the agent has answered and talked is reset by the clock, and not by a sign-in.
    /// - Returns: offers that are to be rescinded.
    public mutating func request(_ wanted: AgentPresence, at now: Instant, keepsCounts: Bool = false) -> [OfferID] {
        if isOnContact || owesDisposition {
            // Who is back need not finish anything first, such as a chat beside which a call was let ring.
            if wanted == .available {
                pendingPresence = nil
                setPresence(.available, at: now)
                return []
            }
            pendingPresence = wanted == presence ? nil : wanted
            return pendingPresence == nil ? [] : ringing
        }
        endWrapUp(at: now)
        if wanted == .available, presence == .available {
            pendingPresence = nil
            return []
        }
        let rescinded = wanted == .available ? [] : ringing
        setPresence(wanted, at: now, keepsCounts: keepsCounts)
        return rescinded
    }

    private var ringing: [OfferID] {
        work.compactMap { if case .offered(let offer, _, _) = $0 { offer } else { nil } }
    }

    mutating func setPresence(_ wanted: AgentPresence, at now: Instant, keepsCounts: Bool = false) {
        pendingPresence = nil
        missesInARow = 0
        // Who has gone on purpose is not waited for.
        if wanted == .offline { loss = nil }
        guard wanted != presence else { return }
        if presence == .offline {
            if !keepsCounts { resetCounts() }
            idleSince = now
        }
        presence = wanted
        presenceSince = now
    }

    mutating func applyPending(at now: Instant) {
        guard let pendingPresence, work.isEmpty else { return }
        setPresence(pendingPresence, at: now)
    }

    // MARK: Figures

    /// What the agent has done on that day.
    ///
    /// - Parameter day: days since 1970-01-01, in the center's local time.
    public func figures(of day: Int) -> AgentFigures {
        if let figures, figures.day == day { figures } else { AgentFigures(day: day) }
    }

    /// An offer was missed.
    public mutating func countMiss(on day: Int) { count(on: day) { $0.noteMiss() } }

    /// A conversation is over for this agent.
    ///
    /// - Parameters:
    ///   - isVoice: only that counts among what the agent has talked; mails lie open for hours.
    ///   - isHandled: false if it was torn from the agent, and somebody else will handle the contact.
    public mutating func countTalk(_ time: Duration, isVoice: Bool = true, isHandled: Bool, on day: Int) {
        if isVoice { talked += time }
        count(on: day) { figures in
            figures.noteTalk(time)
            if isHandled { figures.noteHandled() }
        }
    }

    mutating func countWrapUp(_ time: Duration) { figures?.noteWrapUp(time) }

    /// What the agent has answered and talked is compared from here on.
    ///
    /// - Returns: whether there was anything.
    @discardableResult
    public mutating func resetCounts() -> Bool {
        guard answered != 0 || talked != .zero || records.contains(where: { $0.answered != 0 }) else { return false }
        answered = 0
        talked = .zero
        resetQueueRecords()
        return true
    }

    private mutating func count(on day: Int, _ change: (inout AgentFigures) -> Void) {
        var figures = figures(of: day)
        change(&figures)
        self.figures = figures
    }
}

/// Why an agent was not considered for a contact.
public enum Refusal: String, Codable, Hashable, Sendable, CaseIterable {
    case offline
    case paused
    case notResponding = "not-responding"
    case busy
    case noDevice = "no-device"
    /// Missed or declined this very contact a moment ago.
    case excluded
    case removed
    /// The agent's browser is gone, and may come back within the grace.
    case lost
    /// Does not meet what the queue requires at present.
    case unskilled
    /// The contact has not waited long enough for agents of that level.
    case levelNotOpen = "level-not-open"
    /// Does not do that kind of work.
    case kindNotDone = "kind-not-done"
    /// Has closed the channel.
    case channelClosed = "channel-closed"
    /// Has room that is kept for a contact that comes first and needs more.
    case roomKept = "room-kept"

    /// Its place among all cases.
    var place: Int {
        switch self {
        case .offline: 0
        case .paused: 1
        case .notResponding: 2
        case .busy: 3
        case .noDevice: 4
        case .excluded: 5
        case .removed: 6
        case .lost: 7
        case .unskilled: 8
        case .levelNotOpen: 9
        case .kindNotDone: 10
        case .channelClosed: 11
        case .roomKept: 12
        }
    }
}
