// What calling back looks up: whose turn comes, which agents will be free, and for whom a customer rings already.

import ACD
import Basics

/// A caller's callback in one queue: a caller has one there at most.
struct CallbackKey: Hashable, Comparable, Sendable {
    var caller: CallerKey
    var queue: QueueID

    static func < (a: Self, b: Self) -> Bool { a.caller != b.caller ? a.caller < b.caller : a.queue < b.queue }
}

/// When an agent can be expected to be free. In order: who is, who will be at a known time, who has talked longest.
struct Outlook: Hashable, Comparable, Sendable {
    enum Kind: Int, Sendable { case free, until, talking }

    var kind: Kind
    /// Idle since, the end of the wrap-up, or talking since.
    var at: Instant
    var agent: AgentID

    static func < (a: Self, b: Self) -> Bool {
        if a.kind != b.kind { return a.kind.rawValue < b.kind.rawValue }
        return a.at != b.at ? a.at < b.at : a.agent < b.agent
    }

    /// Before everybody of the kind whose time is not before this.
    static func border(_ kind: Kind, _ at: Instant = Instant(microseconds: .min)) -> Outlook {
        Outlook(kind: kind, at: at, agent: "")
    }
}

extension Outlook {
    /// nil: the agent does not work, or is about to pause, or takes no calls.
    ///
    /// - Parameter isFree: for a call, as calls are now.
    init?(of agent: Agent, calls: WorkKind, isFree: Bool) {
        guard agent.presence == .available, agent.pendingPresence == nil, agent.loss == nil, !agent.isRemoved,
            !agent.registeredDevices.isEmpty, agent.limits?.allows(calls) != false, !agent.isClosed(.voice)
        else { return nil }
        self.init(kind: .free, at: agent.idleSince, agent: agent.id)
        guard !isFree else { return }
        let voice = agent.pieces.filter { $0.load.channel == .voice }
        // Beside no call, room is there at the latest when the last piece that a call sees is over.
        for piece in voice.isEmpty ? agent.pieces.filter({ $0.load.isSeen(by: calls.id) }) : voice {
            switch piece.work {
            // Whoever rings is about to have the agent.
            case .offered(_, _, let deadline):
                self = max(self, Outlook(kind: .talking, at: deadline, agent: agent.id))
            case .wrapUp(_, _, let deadline): self = max(self, Outlook(kind: .until, at: deadline, agent: agent.id))
            case .active(_, let since, _): self = max(self, Outlook(kind: .talking, at: since, agent: agent.id))
            }
        }
    }
}

/// An open callback as the index has followed it.
struct CallbackPlace: Hashable, Sendable {
    enum Part: Hashable, Sendable {
        /// Nobody is called for it yet, whosever turn it is.
        case resting
        /// The customer is called when the turn comes.
        case ready
        /// An agent is offered it when the turn comes.
        case offerable
        case underWay
    }

    var key: CallbackKey
    /// Its place in the queue; nil: it is with an agent.
    var order: OrderKey?
    var queue: QueueID?
    var part: Part
    /// For whom the customer is called.
    var claim: AgentID?
    /// Where the agents are who may have it; nil: none is looked for now.
    var pool: RoutingIndex.PoolID?

    var isParked: Bool { part != .underWay }
    /// An agent is looked for, or has been found and may be found again.
    var asksForAgent: Bool { order != nil && (part == .ready || claim != nil) }

    /// nil: there is no open callback.
    init?(of contact: Contact) {
        guard let callback = contact.callback, callback.isOpen else { return nil }
        key = CallbackKey(caller: contact.caller, queue: callback.queue)
        order = contact.entry?.key
        queue = contact.entry?.queue
        switch callback.phase {
        case .resting: part = .resting
        case .ready: part = callback.terms.mode == .customerFirst ? .ready : .offerable
        case .dialling(let agent, _):
            part = .underWay
            claim = agent
        case .proving(let agent, _), .holding(let agent):
            part = .underWay
            claim = agent
        case .confirming, .reaching, .provingBeside, .greeting, .ended: part = .underWay
        }
    }
}

extension RoutingIndex {
    /// A queue's callbacks.
    struct CallbackSide: Hashable, Sendable {
        /// In the queue, and passed over: their time has not come, or the line is closed.
        var resting = PagedMap<OrderKey, Pool.Place>()
        /// Open ones in the queue without anybody on the line.
        var parked = 0
        var hasOutlook = false
    }

    /// A customer who has been called and is not with an agent yet, and whose agent is not about to be free.
    struct Adrift: Hashable, Sendable {
        /// Nobody knows any more when that agent will be free; otherwise the agent talks.
        var isStranded: Bool
    }

    /// What calling looks up in one pool: whom to call, and which of its agents will be free.
    struct Prospects: Hashable, Sendable {
        let queue: QueueID
        /// Whose customer is called when the turn comes.
        var ready = PagedMap<OrderKey, Pool.Place>()
        /// Customers who have been called and are not with an agent yet.
        var called = 0
        var adrift = PagedMap<OrderKey, Adrift>()
        /// Of `adrift` those whose agent is not foreseeable.
        var stranded = 0
        /// Agents for whom nobody is called.
        var outlooks = PagedMap<Outlook, Pool.Place>()
        /// Agents who talk, and those of them for whom a customer is called.
        var talking = 0
        var talkingClaimed = 0

        var asks: Bool { !ready.isEmpty || !adrift.isEmpty }
    }

    // MARK: Following a callback

    /// Follows a change of the contact's callback; nil: there is none that is open.
    mutating func followCallback(_ id: ContactID, _ place: CallbackPlace?) {
        guard place != nil || !callbackPlaces.isEmpty else { return }
        let old = callbackPlaces[id]
        guard place != old else { return }
        parkedCallbacks += (place?.isParked == true ? 1 : 0) - (old?.isParked == true ? 1 : 0)
        if let old {
            if callbacks[old.key] == id { callbacks[old.key] = nil }
            change(old, isIn: false)
            if let agent = old.claim, agent != place?.claim || old.pool != place?.pool || old.order != place?.order {
                letGo(of: agent, old, id)
            }
        }
        callbackPlaces[id] = place
        if let place {
            callbacks[place.key] = id
            change(place, isIn: true)
            if let agent = place.claim, claims[agent] != id { claim(agent, place, id) }
        }
        if let pool = old?.pool, pool != place?.pool { dropIfSpare(pool) }
    }

    private mutating func change(_ place: CallbackPlace, isIn: Bool) {
        guard let queue = place.queue, let order = place.order, place.part != .underWay else { return }
        let entry: Pool.Place? = isIn ? Pool.Place() : nil
        queues.update(queue) { side in
            side.callbacks.parked += isIn ? 1 : -1
            if place.part == .resting { side.callbacks.resting[order] = entry }
        }
        if place.part == .ready, let pool = place.pool {
            prospects.update(pool) { $0.ready[order] = entry }
            asksAnew(pool)
        }
        mayCall(queue)
    }

    /// A customer is called for that agent, who is not looked at for anybody else.
    private mutating func claim(_ agent: AgentID, _ place: CallbackPlace, _ id: ContactID) {
        claims[agent] = id
        let outlook = agents.look(at: agent, { $0.outlook }) ?? nil
        for pool in poolsOfCalls(of: agent) {
            prospects.update(pool) { side in
                if let outlook { side.outlooks[outlook] = nil }
                if outlook?.kind == .talking { side.talkingClaimed += 1 }
            }
        }
        guard let pool = place.pool, let order = place.order else { return }
        prospects.update(pool) { side in
            side.called += 1
            side.note(order, expecting: outlook)
        }
        asksAnew(pool)
    }

    private mutating func letGo(of agent: AgentID, _ place: CallbackPlace, _ id: ContactID) {
        if let pool = place.pool, let order = place.order {
            prospects.update(pool) { side in
                side.called -= 1
                side.forget(order)
            }
            asksAnew(pool)
        }
        guard claims[agent] == id else { return }
        claims[agent] = nil
        let outlook = agents.look(at: agent, { $0.outlook }) ?? nil
        for pool in poolsOfCalls(of: agent) {
            prospects.update(pool) { side in
                if let outlook { side.outlooks[outlook] = Pool.Place() }
                if outlook?.kind == .talking { side.talkingClaimed -= 1 }
            }
            mayCall(pool: pool)
        }
    }

    /// Keeps which pools of the queue somebody is looked for in.
    private mutating func asksAnew(_ pool: PoolID) {
        guard let (queue, asks) = prospects.look(at: pool, { ($0.queue, $0.asks) }) else { return }
        queues.update(queue) { $0.poolsThatAsk[pool] = asks ? Pool.Place() : nil }
        if asks { mayCall(pool: pool) }
    }

    // MARK: Following an agent

    private func poolsOfCalls(of agent: AgentID) -> [PoolID] {
        guard hasOutlooks else { return [] }
        return agents.look(at: agent) { place in
            place.seats.compactMap { seat in
                seat.kind == 0 && queues.look(at: seat.queue, { $0.callbacks.hasOutlook }) == true ? seat.pool : nil
            }
        } ?? []
    }

    /// Follows a change of the agent; nil: nobody knows when the agent will be free.
    mutating func followOutlook(of id: AgentID, _ outlook: Outlook?) {
        guard let old = agents.look(at: id, { $0.outlook }), old != outlook else { return }
        agents.update(id) { $0.outlook = outlook }
        let claimant = claims[id]
        let talks = (outlook?.kind == .talking ? 1 : 0) - (old?.kind == .talking ? 1 : 0)
        for pool in poolsOfCalls(of: id) {
            prospects.update(pool) { side in
                side.talking += talks
                if claimant != nil {
                    side.talkingClaimed += talks
                } else {
                    if let old { side.outlooks[old] = nil }
                    if let outlook { side.outlooks[outlook] = Pool.Place() }
                }
            }
            mayCall(pool: pool)
        }
        guard let claimant, let place = callbackPlaces[claimant], let pool = place.pool, let order = place.order else { return }
        prospects.update(pool) { $0.note(order, expecting: outlook) }
        asksAnew(pool)
    }

    /// Who sits in a pool that has just been made.
    mutating func makeProspects(of id: PoolID, in queue: QueueID, seated: [AgentID]) {
        guard queues.look(at: queue, { $0.callbacks.hasOutlook }) == true else { return }
        var side = Prospects(queue: queue)
        for agent in seated {
            guard let outlook = agents.look(at: agent, { $0.outlook }) ?? nil else { continue }
            let isClaimed = claims[agent] != nil
            if outlook.kind == .talking {
                side.talking += 1
                side.talkingClaimed += isClaimed ? 1 : 0
            }
            if !isClaimed { side.outlooks[outlook] = Pool.Place() }
        }
        prospects[id] = side
    }

    // MARK: Whom to look at

    /// Something has changed on which it may depend whom the queue calls.
    mutating func mayCall(_ queue: QueueID) {
        // Where nobody is to be called this is every end of a contact.
        guard !prospects.isEmpty, let pools = queues.look(at: queue, { $0.poolsThatAsk.map(\.key) }) else { return }
        for pool in pools { mayCall(pool: pool) }
    }

    mutating func mayCall(pool: PoolID) {
        guard poolsToCall.last != pool, prospects.look(at: pool, { $0.asks }) == true else { return }
        poolsToCall.append(pool)
    }
}

extension RoutingIndex.Prospects {
    /// - Parameter outlook: of the agent for whom the customer with that place is called.
    fileprivate mutating func note(_ order: OrderKey, expecting outlook: Outlook?) {
        forget(order)
        switch outlook?.kind {
        case .free, .until: return
        case .talking: adrift[order] = RoutingIndex.Adrift(isStranded: false)
        case nil:
            adrift[order] = RoutingIndex.Adrift(isStranded: true)
            stranded += 1
        }
    }

    fileprivate mutating func forget(_ order: OrderKey) {
        if adrift.removeValue(for: order)?.isStranded == true { stranded -= 1 }
    }

    /// Of those for whom nobody is called: who is free, or will be by then at a time that is known.
    func count(freeUntil time: Instant) -> Int {
        outlooks.count(before: .border(.until, time + .microseconds(1)))
    }

    /// How many more of those who talk can be expected to be free within the lead time.
    ///
    /// A talk that has lasted long says nothing of its end. With talks that end at any moment alike, of `talking` the part
    /// `1 - exp(-lead / handle)` ends in time, which is never less than `lead / (lead + handle)`. Where that is less than one, a
    /// talk counts whose end is due now by the mean, while nobody waits for one already: or a single agent, whom live callers
    /// have at once, would never be there for who is to be called.
    func talksThatEnd(lead: Duration, handle: Duration, at now: Instant) -> Int {
        let all = lead.milliseconds + max(1, handle.milliseconds)
        let part = talking * Int(lead.milliseconds) / Int(all)
        let isDue = part == 0 && adrift.isEmpty && firstDue(lead: lead, handle: handle, at: now) != nil
        return max(0, max(part, isDue ? 1 : 0) - talkingClaimed - stranded)
    }

    /// Whose talk has lasted about as long as one does.
    func firstDue(lead: Duration, handle: Duration, at now: Instant) -> Outlook? {
        let first = outlooks.first(notBefore: .border(.talking, now - handle - lead))?.key
        return first.flatMap { $0.kind == .talking && $0.at <= now - handle + lead ? $0 : nil }
    }

    /// When one more agent will be within the lead time, if nothing happens.
    func nextLook(lead: Duration, handle: Duration, after now: Instant) -> Instant? {
        let justAfter = Duration.microseconds(1)
        let until = outlooks.first(notBefore: .border(.until, now + lead + justAfter))?.key
        let talk = outlooks.first(notBefore: .border(.talking, now - handle + lead + justAfter))?.key
        return [
            until.flatMap { $0.kind == .until ? $0.at - lead : nil },
            talk.flatMap { $0.kind == .talking ? $0.at + handle - lead : nil },
        ].compactMap(\.self).min()
    }
}
