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
            // The contact that rings stands in the queue, too, so that both sides count it.
            case .offered: break
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

    var isParked: Bool { part != .underWay }

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
        case .holding(let agent):
            part = .underWay
            claim = agent
        case .confirming, .reaching, .greeting, .ended: part = .underWay
        }
    }
}

extension RoutingIndex {
    /// A queue's callbacks.
    struct CallbackSide: Hashable, Sendable {
        /// In the queue, and passed over: their time has not come, or the line is closed.
        var resting = PagedMap<OrderKey, Pool.Place>()
        /// Whose customer is called when the turn comes.
        var ready = PagedMap<OrderKey, Pool.Place>()
        /// Open ones in the queue without anybody on the line.
        var parked = 0
        var hasOutlook = false
        var outlooks = PagedMap<Outlook, Pool.Place>()
    }

    // MARK: Following

    /// Follows a change of the contact's callback; nil: there is none that is open.
    mutating func followCallback(_ id: ContactID, _ place: CallbackPlace?) {
        guard place != nil || !callbackPlaces.isEmpty else { return }
        let old = callbackPlaces[id]
        // Another step of what is required may suit other agents.
        if place?.part == .ready, let queue = place?.queue { mayCall(queue) }
        guard place != old else { return }
        parkedCallbacks += (place?.isParked == true ? 1 : 0) - (old?.isParked == true ? 1 : 0)
        if let old {
            if callbacks[old.key] == id { callbacks[old.key] = nil }
            if let agent = old.claim, claims[agent] == id {
                claims[agent] = nil
                for queue in agents.look(at: agent, \.queues) ?? [] { mayCall(queue) }
            }
            change(old, isIn: false)
        }
        if let place {
            callbacks[place.key] = id
            if let agent = place.claim { claims[agent] = id }
            change(place, isIn: true)
        }
        callbackPlaces[id] = place
    }

    private mutating func change(_ place: CallbackPlace, isIn: Bool) {
        guard let queue = place.queue, let order = place.order else { return }
        let entry: Pool.Place? = isIn ? Pool.Place() : nil
        queues.update(queue) { side in
            switch place.part {
            case .resting: side.callbacks.resting[order] = entry
            case .ready: side.callbacks.ready[order] = entry
            case .offerable: break
            case .underWay: return
            }
            side.callbacks.parked += isIn ? 1 : -1
        }
        mayCall(queue)
    }

    /// Follows a change of the agent; nil: nobody knows when the agent will be free.
    mutating func followOutlook(of id: AgentID, _ outlook: Outlook?) {
        guard let (old, itsQueues) = agents.look(at: id, { ($0.outlook, $0.queues) }), old != outlook else { return }
        agents.update(id) { $0.outlook = outlook }
        for queue in itsQueues {
            guard queues.look(at: queue, \.callbacks.hasOutlook) == true else { continue }
            queues.update(queue) { side in
                if let old { side.callbacks.outlooks[old] = nil }
                if let outlook { side.callbacks.outlooks[outlook] = Pool.Place() }
            }
            mayCall(queue)
        }
    }

    /// Something has changed on which it may depend whom the queue calls.
    mutating func mayCall(_ queue: QueueID) {
        guard queues.look(at: queue, { $0.callbacks.ready.isEmpty }) == false, queuesToCall.last != queue else { return }
        queuesToCall.append(queue)
    }
}

extension RoutingIndex.CallbackSide {
    /// Agents who are free or can be expected to be until `time`.
    ///
    /// - Parameter handle: how long a contact takes, wrap-up included.
    func count(freeUntil time: Instant, handle: Duration) -> Int {
        ranges(freeUntil: time, handle: handle).reduce(0) {
            $0 + outlooks.count(before: $1.end) - outlooks.count(before: $1.start)
        }
    }

    /// The first of these agents for whom that is true, of at most `triesMax`.
    func first(freeUntil time: Instant, handle: Duration, triesMax: Int, where isWanted: (AgentID) -> Bool) -> AgentID? {
        var tries = triesMax
        for range in ranges(freeUntil: time, handle: handle) {
            var next = outlooks.first(notBefore: range.start)
            while let entry = next, entry.key < range.end, tries > 0 {
                if isWanted(entry.key.agent) { return entry.key.agent }
                tries -= 1
                next = outlooks.first(after: entry.key)
            }
        }
        return nil
    }

    /// When there will be one more of these agents, if nothing happens.
    func nextFree(after time: Instant, lead: Duration, handle: Duration) -> Instant? {
        let ranges = ranges(freeUntil: time + lead, handle: handle)
        let until = outlooks.first(notBefore: ranges[1].end).flatMap { $0.key.kind == .until ? $0.key.at - lead : nil }
        let talking = outlooks.first(notBefore: ranges[2].end).flatMap {
            $0.key.kind == .talking ? $0.key.at + handle - lead : nil
        }
        return [until, talking].compactMap(\.self).min()
    }

    private func ranges(freeUntil time: Instant, handle: Duration) -> [(start: Outlook, end: Outlook)] {
        let justAfter = Duration.microseconds(1)
        return [
            (.border(.free), .border(.until)), (.border(.until), .border(.until, time + justAfter)),
            (.border(.talking), .border(.talking, time - handle + justAfter)),
        ]
    }
}
