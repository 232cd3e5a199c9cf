// One agent as the router sees it.

public import Basics

/// An agent's presence, work and what selection compares.
public struct Agent: Codable, Hashable, Sendable, Identifiable {
    /// Contacts handled at once. A call fills the agent; other channels bring their own weights (S0-26).
    public static let slotsMax = 1

    public let id: AgentID
    public var devices: [DeviceID]
    /// In the order of `devices`: which of them can be rung.
    public var registeredDevices: [DeviceID] = []
    public private(set) var presence: AgentPresence = .offline
    /// When the present presence and reason began.
    public private(set) var presenceSince: Instant
    /// Takes effect when the last contact ends.
    public private(set) var pendingPresence: AgentPresence?
    public private(set) var work: [Work] = []
    /// Since when the agent has had nothing to do while available; kept over a pause, moved by each contact's end.
    public private(set) var idleSince: Instant
    /// Missed offers in a row, over all queues; back to zero by an answer, a change of presence, a sign-in (FreePBX#816).
    public private(set) var missesInARow = 0
    /// Answered since signing in.
    public private(set) var answered = 0
    /// nil: none yet, or stored before they were counted.
    private var ownCalls: Int?
    /// The agent's own calls to the center, such as a feature code: while one is up its phone would refuse an offer.
    public var callsToCenter: Int {
        get { ownCalls ?? 0 }
        set { ownCalls = newValue }
    }
    /// No longer in the configuration: finishes what is begun, gets nothing new.
    public var isRemoved = false

    public init(id: AgentID, devices: [DeviceID], at now: Instant) {
        self.id = id
        self.devices = devices
        presenceSince = now
        idleSince = now
    }

    /// Why the agent cannot be offered a contact now; nil if it can.
    public var refusal: Refusal? {
        if isRemoved { return .removed }
        switch presence {
        case .offline: return .offline
        case .aux(let reason): return reason == AgentPresence.notResponding ? .notResponding : .paused
        case .available: break
        }
        if work.count >= Self.slotsMax || callsToCenter > 0 { return .busy }
        if registeredDevices.isEmpty { return .noDevice }
        return nil
    }

    /// Whether there is a contact at this agent that has not come to its end.
    public var isOnContact: Bool { work.contains { if case .active = $0 { true } else { false } } }

    // MARK: Presence

    /// The agent declares a presence. What is being talked is finished first; what merely rings or is wrapped up ends now.
    ///
    /// - Returns: offers that are to be rescinded.
    public mutating func request(_ wanted: AgentPresence, at now: Instant) -> [OfferID] {
        if wanted == .available, presence == .available, !isOnContact {
            pendingPresence = nil
            endWrapUp(at: now)
            return []
        }
        if isOnContact {
            pendingPresence = wanted == presence ? nil : wanted
            return []
        }
        endWrapUp(at: now)
        var rescinded: [OfferID] = []
        if wanted != .available {
            for case .offered(let offer, _, _) in work { rescinded.append(offer) }
        }
        setPresence(wanted, at: now)
        return rescinded
    }

    private mutating func setPresence(_ wanted: AgentPresence, at now: Instant) {
        pendingPresence = nil
        missesInARow = 0
        guard wanted != presence else { return }
        if presence == .offline {
            answered = 0
            idleSince = now
        }
        presence = wanted
        presenceSince = now
    }

    private mutating func endWrapUp(at now: Instant) {
        let before = work.count
        work.removeAll { if case .wrapUp = $0 { true } else { false } }
        if work.count < before { idleSince = now }
    }

    // MARK: Work

    public mutating func offer(_ offer: OfferID, of contact: ContactID, until deadline: Instant) {
        precondition(refusal == nil, "an offer to an agent that cannot take it")
        work.append(.offered(offer, contact, deadline: deadline))
    }

    /// The offer was answered.
    public mutating func accept(_ offer: OfferID, at now: Instant) {
        guard let index = index(of: offer) else { return }
        work[index] = .active(work[index].contact, since: now, held: false)
        missesInARow = 0
        answered += 1
    }

    /// The offer ended without an answer.
    ///
    /// - Parameter isMiss: the agent let it ring or could not be reached.
    /// - Returns: whether the agent is now "not responding".
    public mutating func withdraw(_ offer: OfferID, isMiss: Bool, missesMax: Int, at now: Instant) -> Bool {
        guard let index = index(of: offer) else { return false }
        work.remove(at: index)
        guard isMiss else { return false }
        missesInARow += 1
        guard missesInARow >= missesMax, presence == .available else { return false }
        setPresence(.aux(reason: AgentPresence.notResponding), at: now)
        return true
    }

    public mutating func setHeld(_ held: Bool, contact: ContactID) {
        for (index, item) in work.enumerated() {
            if case .active(contact, let since, _) = item { work[index] = .active(contact, since: since, held: held) }
        }
    }

    /// The conversation is over; wrap-up begins, and ends at the returned time.
    public mutating func finish(_ contact: ContactID, wrapUp: Duration, at now: Instant) -> Instant? {
        guard let index = work.firstIndex(where: { if case .active(contact, _, _) = $0 { true } else { false } }) else {
            return nil
        }
        idleSince = now
        guard wrapUp > .zero, pendingPresence != .offline else {
            work.remove(at: index)
            applyPending(at: now)
            return nil
        }
        let deadline = now + wrapUp
        work[index] = .wrapUp(contact, since: now, deadline: deadline)
        return deadline
    }

    /// Ends the wrap-ups whose time has come; true if there was one.
    public mutating func endWrapUps(dueAt now: Instant) -> Bool {
        let before = work.count
        work.removeAll { if case .wrapUp(_, _, let deadline) = $0 { deadline <= now } else { false } }
        guard work.count < before else { return false }
        idleSince = now
        applyPending(at: now)
        return true
    }

    /// The process that carried the calls is gone: nothing rings and nobody talks. Wrap-up and presence stay.
    public mutating func loseLegs(at now: Instant) {
        // Who did not talk goes on being idle since then: a restart does not shuffle the order of the agents.
        if isOnContact { idleSince = now }
        work.removeAll { if case .wrapUp = $0 { false } else { true } }
        registeredDevices = []
        ownCalls = 0
        applyPending(at: now)
    }

    private mutating func applyPending(at now: Instant) {
        guard let pendingPresence, work.isEmpty else { return }
        setPresence(pendingPresence, at: now)
    }

    private func index(of offer: OfferID) -> Int? {
        work.firstIndex { if case .offered(offer, _, _) = $0 { true } else { false } }
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
}
