// What an agent has at once, and whether there is room for more.

public import Basics

extension Agent {
    /// One piece of work with what it takes.
    public struct Piece: Hashable, Sendable {
        public let work: Work
        public let load: WorkLoad
    }

    public var pieces: [Piece] {
        zip(work, loads).map { Piece(work: $0, load: $1) }
    }

    /// Of each piece of work what it takes, in the order of `work`.
    var loads: [WorkLoad] {
        get { otherLoads ?? Array(repeating: .call, count: work.count) }
        set { otherLoads = newValue.allSatisfy { $0 == .call } ? nil : newValue }
    }

    /// Why the agent cannot be offered a piece of that kind now; nil if it can.
    ///
    /// - Parameter atOnceMax: of that kind by what holds for all agents at present; nil: as many as there is room for.
    public func refusal(for kind: WorkKind, atOnceMax: Int? = nil) -> Refusal? {
        if isRemoved { return .removed }
        if loss != nil { return .lost }
        switch presence {
        case .offline: return .offline
        case .aux(let reason): return reason == AgentPresence.notResponding ? .notResponding : .paused
        case .available: break
        }
        if let limits, !limits.allows(kind) { return .kindNotDone }
        if isClosed(kind.channel) { return .channelClosed }
        if !hasRoom(for: kind, atOnceMax: atOnceMax) { return .busy }
        switch pendingPresence {
        case nil, .available?: break
        case .offline?: return .offline
        case .aux?: return .paused
        }
        return canBeRung(over: kind.channel) ? nil : .noDevice
    }

    /// Whether the agent would take a piece of that kind if there were room for it.
    public func wouldTake(_ kind: WorkKind) -> Bool {
        guard !isRemoved, loss == nil, presence == .available, limits?.allows(kind) != false, !isClosed(kind.channel) else {
            return false
        }
        switch pendingPresence {
        case nil, .available?: return canBeRung(over: kind.channel)
        case .offline?, .aux?: return false
        }
    }

    /// Units in hand that a piece of that kind sees; a call need not find room beside another one, whose end it waits for.
    public func load(seenBy kind: WorkKind) -> Int {
        guard !work.isEmpty else { return 0 }
        let capacity = limits?.capacity ?? AgentLimits.capacityUsual
        return loads.reduce(0) { sum, load in
            let isAwaited = load.channel == .voice && kind.channel == .voice
            return isAwaited || !load.isSeen(by: kind.id) ? sum : sum + (load.weight ?? capacity)
        }
    }

    /// Whether a piece of the other kind, taken now, would stand in the way of one of `kind`.
    ///
    /// - Parameter atOnceMax: of `kind`, for everybody. Whoever has as many waits for the end of one, and takes its room.
    public func isHindered(for kind: WorkKind, atOnceMax: Int?, by other: WorkKind) -> Bool {
        guard !other.interruptedBy.contains(kind.id) else { return false }
        let capacity = limits?.capacity ?? AgentLimits.capacityUsual
        var load = load(seenBy: kind)
        if kind.channel != .voice, let most = [atOnceMax, limits?.most(of: kind.id)].compactMap(\.self).min(),
            count(of: kind.id) >= most
        {
            load -= kind.weight(of: capacity)
        }
        return load + kind.weight(of: capacity) + other.weight(of: capacity) > capacity
    }

    /// Room was not kept until its time was over so short a time ago that others would never have their turn.
    public func mayKeepRoom(at now: Instant) -> Bool { keepsNoRoomUntil.map { $0 <= now } ?? true }

    private func hasRoom(for kind: WorkKind, atOnceMax: Int?) -> Bool {
        // While the agent's own call to the center is up its phone would refuse an offer.
        if kind.channel == .voice, callsToCenter > 0 { return false }
        if work.count >= Self.piecesMax { return false }
        let capacity = limits?.capacity ?? AgentLimits.capacityUsual
        var taken = kind.weight(of: capacity)
        var count = 1
        if !work.isEmpty {
            // Nobody talks to two callers.
            if otherLoads == nil, kind.channel == .voice { return false }
            for load in loads {
                if load.channel == .voice, kind.channel == .voice { return false }
                if load.kind == kind.id { count += 1 }
                if load.isSeen(by: kind.id) { taken += load.weight ?? capacity }
            }
        }
        if let atOnceMax, count > atOnceMax { return false }
        if let own = limits?.most(of: kind.id), count > own { return false }
        return taken <= capacity
    }

    /// Work that is no call is accepted at the desk.
    public func canBeRung(over channel: Channel) -> Bool {
        channel == .voice ? !registeredDevices.isEmpty : registeredDevices.contains(id.browser)
    }

    /// Units that the agent has in hand, ringing and wrapping up included; 0: the agent is idle.
    public var workload: Int {
        guard !work.isEmpty else { return 0 }
        let capacity = limits?.capacity ?? AgentLimits.capacityUsual
        return loads.reduce(0) { $0 + ($1.weight ?? capacity) }
    }

    /// Pieces of that kind that the agent has, ringing and wrapping up included.
    public func count(of kind: WorkKindID) -> Int { work.isEmpty ? 0 : loads.count { $0.kind == kind } }

    /// Every contact that the agent works on, calls and others, in the order in which they were offered.
    public var activeContacts: [ContactID] {
        work.compactMap { if case .active(let contact, _, _) = $0 { contact } else { nil } }
    }

    /// As it was before these were offered.
    public func without(_ offers: [OfferID]) -> Agent {
        var agent = self
        agent.removeWork { if case .offered(let offer, _, _) = $0 { offers.contains(offer) } else { false } }
        return agent
    }

    mutating func removeWork(where isGone: (Work) -> Bool) {
        if otherLoads == nil {
            work.removeAll(where: isGone)
        } else {
            let kept = pieces.filter { !isGone($0.work) }
            work = kept.map(\.work)
            loads = kept.map(\.load)
        }
        guard let asked = askedFor else { return }
        let active = activeContacts
        askedFor = asked.allSatisfy { active.contains($0) } ? asked : asked.filter { active.contains($0) }
        if askedFor?.isEmpty == true { askedFor = nil }
    }

    // MARK: Channels

    /// Closed by the agent, kept until the agent opens them again.
    public var closedChannels: [Channel] { closed ?? [] }

    public func isClosed(_ channel: Channel) -> Bool { closed?.contains(channel) ?? false }

    /// The agent says over which channels nothing new may come; what is begun goes on.
    ///
    /// - Returns: offers over channels that are closed, which are to be rescinded.
    public mutating func change(opened: [Channel], closed wanted: [Channel]) -> [OfferID] {
        let all = Channel.allCases.filter { wanted.contains($0) || isClosed($0) && !opened.contains($0) }
        closed = all.isEmpty ? nil : all
        return pieces.compactMap { piece in
            if case .offered(let offer, _, _) = piece.work, all.contains(piece.load.channel) { offer } else { nil }
        }
    }
}
