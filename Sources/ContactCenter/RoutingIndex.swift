// Everything that routing looks up, kept up to date with the agents and contacts instead of being searched for.

import ACD
import Basics

/// Derived from agents, contacts, queues and configuration: never stored, made anew when a center is restored.
struct RoutingIndex: Sendable {
    typealias PoolID = Int
    /// Those of the center.
    typealias Queues = PagedMap<QueueID, WaitingQueue>

    /// A member's part in one pool.
    struct Seat: Hashable, Sendable {
        let pool: PoolID
        let queue: QueueID
        /// The place of the pool's kind.
        let kind: Int
        let level: Int
        let order: Int
        let weight: Int
        let skillFit: Int
        /// What it adds to the pool's `availableShare`.
        let share: Int64
        /// Under which it stands among the pool's free agents; nil: it does not.
        var rank: Rank?
    }

    enum Standing: Hashable, Sendable {
        /// Not in the table of agents.
        case absent
        case refused(Refusal)
        case free
    }

    struct QueueSide: Hashable, Sendable {
        var members = PagedMap<AgentID, Member>()
        var pools = PagedMap<PoolKey, PoolID>()
        var weightMax = 1
        /// For each step of the requirement the attributes that stand in it.
        var attributes: [[String]] = []
        /// Some of those who wait are callers.
        var takesCalls = true
        /// Members signed in, pauses included; those who never take a call count in no other figure of a queue of calls.
        var staffedInAll = 0
        /// Members signed in, in all and by level.
        var staffed = 0
        var staffedByLevel = PagedMap<Int, Int>()
        /// Of every available member the part of its time that is this queue's, in billionths.
        var availableShare: Int64 = 0
        /// Of these members those who meet a step of the requirement; of the steps and values for which it was asked.
        var staffedByStep = PagedMap<StepValues, StepStaff>()
        /// Contacts for whom the conditions are looked at when the floor changes.
        var relaxing = PagedMap<RelaxingGroup, PagedMap<OrderKey, Pool.Place>>()
        /// Where several kinds wait: the contacts of each, by its place.
        var lines = PagedMap<Int, PagedMap<OrderKey, Pool.Place>>()
        var isMixed = false
        // On what it depends when less is required.
        var asksForStaff = false
        var asksForExpectedWait = false
        var asksForEmptyLevels = false
        var callbacks = CallbackSide()
        /// In which somebody is to be called, or waits for an agent after having been.
        var poolsThatAsk = PagedMap<PoolID, Pool.Place>()

        /// What is required can change without anything being heard of those who wait.
        var dependsOnFloor: Bool { asksForStaff || asksForExpectedWait || asksForEmptyLevels }

        func attributes(onStep step: Int) -> [String] { attributes.indices.contains(step) ? attributes[step] : [] }
    }

    /// The whole of an agent's time.
    static let wholeShare: Int64 = 1_000_000_000
    /// Pools of one queue that were made for values of attributes and are kept although nobody waits in them.
    static let sparePoolsMax = 4

    /// Nobody comes or goes after it was made, so that each stays where it lies.
    var agents = PagedMap<AgentID, AgentPlace>()
    var queues = PagedMap<QueueID, QueueSide>()
    var pools = PagedMap<PoolID, Pool>()
    var contacts = PagedMap<ContactID, ContactPlace>()
    /// Of these for how many one more agent may be rung.
    private(set) var ringing = 0
    /// Contacts that wait for an agent whom they prefer.
    var wanted = PagedMap<Want, PagedMap<OrderKey, Pool.Place>>()
    /// By the place of the kind, where somebody asks for it: contacts that wait and for whom nobody is rung.
    var waitingByKind: [Int] = []
    var counted = PagedMap<ContactID, Int>()
    /// The callbacks that are open, by caller and queue, and as they were followed.
    var callbacks = PagedMap<CallbackKey, ContactID>()
    var callbackPlaces = PagedMap<ContactID, CallbackPlace>()
    /// Agents for whom a customer has been called who is not with an agent yet.
    var claims = PagedMap<AgentID, ContactID>()
    /// Somebody's outlook is asked for.
    var hasOutlooks = false
    /// Of the pools of calls of queues that call customers first.
    var prospects = PagedMap<PoolID, Prospects>()
    /// Of the contacts in the queues' `lines`, where.
    var linePlaces = PagedMap<ContactID, LinePlace>()
    /// Of the contacts in the queues' `relaxing`, where.
    var relaxing = PagedMap<ContactID, RelaxingPlace>()
    /// Of the agents who keep room, for whom; and of those contacts, at whom.
    var rooms = PagedMap<AgentID, Room>()
    var roomPlaces = PagedMap<ContactID, AgentID>()
    /// Of two pools of one queue, `memberShare` of those who are in both; nothing: nobody is.
    var overlaps = PagedMap<PoolPair, Int64>()
    private var lastPool = 0

    // What may be matched since it was asked last.
    var poolsToMatch: [PoolID] = []
    /// Those that were asked for last: their memory takes the next ones.
    private var poolsTaken: [PoolID] = []
    var agentsToMatch: [AgentID] = []
    /// Queues in which something has changed on which it depends what is required.
    var queuesToRelax: [QueueID] = []
    /// Kinds of which more or fewer wait than before.
    var kindsToStep: [Int] = []
    /// Contacts whose preferred agents have gone.
    var contactsToRelax: [ContactID] = []
    /// Pools in which something has changed on which it depends who is called back.
    var poolsToCall: [PoolID] = []
    /// Contacts for whom room is kept, and of whom or of whose agents something has changed.
    var roomsToCheck: [ContactID] = []
    /// Contacts that may come before those for whom room is kept.
    var newcomers: [ContactID] = []
    /// Open callbacks with nobody on the line, in all queues.
    var parkedCallbacks = 0

    /// Nothing has to be matched but what changes from now on.
    mutating func forgetMatches() {
        if !agentsToMatch.isEmpty { agentsToMatch.removeAll(keepingCapacity: true) }
        if !poolsToMatch.isEmpty { poolsToMatch.removeAll(keepingCapacity: true) }
        if !roomsToCheck.isEmpty { roomsToCheck.removeAll(keepingCapacity: true) }
        if !newcomers.isEmpty { newcomers.removeAll(keepingCapacity: true) }
    }

    mutating func takePoolsToMatch() -> [PoolID] {
        poolsTaken.removeAll(keepingCapacity: true)
        swap(&poolsTaken, &poolsToMatch)
        return poolsTaken
    }

    // MARK: Queues

    mutating func add(_ rules: QueueRules) {
        var side = QueueSide()
        side.takesCalls = rules.kinds.contains(.call)
        side.isMixed = rules.kinds.count > 1
        side.attributes = rules.require.map(\.requirement.attributes)
        for (order, member) in rules.members.enumerated() where side.members[member.agent] == nil {
            side.members[member.agent] = Member(level: member.level, order: order, weight: member.weight)
            side.weightMax = max(side.weightMax, member.weight)
        }
        for case let condition? in rules.require.map(\.condition) {
            switch condition {
            case .staffedUnder: side.asksForStaff = true
            case .expectedWaitOver: side.asksForExpectedWait = true
            }
        }
        side.asksForEmptyLevels = !rules.levelOpenings.isEmpty && rules.opensEmptyLevels
        if rules.callback?.mode == .customerFirst {
            side.callbacks.hasOutlook = true
            hasOutlooks = true
        }
        queues[rules.id] = side
        for member in side.members {
            agents.update(member.key) { place in
                place.queues.append(rules.id)
                for kind in rules.kinds where !place.kinds.contains(kind) { place.kinds.append(kind) }
            }
        }
    }

    /// The pool of that key, made if there is none.
    mutating func pool(_ key: PoolKey, of rules: QueueRules, among queues: Queues) -> PoolID {
        if let known = self.queues.look(at: rules.id, { $0.pools[key] }) ?? nil { return known }
        lastPool += 1
        let id = lastPool
        let step = rules.require.indices.contains(key.step) ? rules.require[key.step].requirement : .anybody
        let requirement = step.resolved(with: key.values)
        let side = self.queues[rules.id] ?? QueueSide()
        var pool = Pool(
            queue: rules.id, key: key, requirement: requirement, keys: rules.keys, weightMax: side.weightMax)
        var seated: [AgentID] = []
        var common: [(pool: PoolID, share: Int64)] = []
        let keepsOverlaps = side.keepsOverlaps
        pool.knowsOverlaps = keepsOverlaps
        for member in side.members {
            guard let location = agents.location(of: member.key) else { continue }
            agents.update(at: location) { place in
                if member.value.level > key.level { return pool.refusals.note(.levelNotOpen) }
                guard requirement.isMet(by: member.key, with: place.skills) else { return pool.refusals.note(.unskilled) }
                var seat = Seat(
                    pool: id, queue: rules.id, kind: key.kind, level: member.value.level, order: member.value.order,
                    weight: member.value.weight, skillFit: place.skills.fit(pool.skills), share: place.share(of: key.kind))
                if place.sight.isAvailable(forKind: key.kind) { pool.availableShare += seat.share }
                pool.memberShare += place.share
                if keepsOverlaps { Self.noteOverlaps(of: place, in: rules.id, &common) }
                Self.enter(&seat, place.sight, member.key, at: location, &pool, among: queues)
                place.seats.append(seat)
                seated.append(member.key)
            }
        }
        pools[id] = pool
        for (other, share) in common { overlaps[PoolPair(id, other)] = share }
        self.queues.update(rules.id) { $0.pools[key] = id }
        if key.kind == 0 { makeProspects(of: id, in: rules.id, seated: seated) }
        return id
    }

    // MARK: Agents

    /// Follows a change of the agent.
    mutating func follow(_ id: AgentID, _ sight: Sight, among queues: Queues) {
        guard let location = agents.location(of: id) else { return }
        if sight.isFree { agentsToMatch.append(id) }
        guard agents.look(at: location, { $0.sight != sight }) else { return }
        // The seats out of the table, so that the list is changed in place.
        var old = Sight(), seats: [Seat] = []
        agents.update(at: location) { place in
            old = place.sight
            place.sight = sight
            swap(&seats, &place.seats)
        }
        followPresence(of: id, from: old, to: sight)
        for index in seats.indices {
            let kind = seats[index].kind
            pools.update(seats[index].pool) { pool in
                Self.leave(&seats[index], old.standing(kind), &pool)
                Self.enter(&seats[index], sight, id, at: location, &pool, among: queues)
                let isAvailable = sight.isAvailable(forKind: kind)
                if isAvailable != old.isAvailable(forKind: kind) {
                    pool.availableShare += isAvailable ? seats[index].share : -seats[index].share
                }
            }
            if sight.standing(kind) == .free { poolsToMatch.append(seats[index].pool) }
        }
        agents.update(at: location) { $0.seats = seats }
    }

    private mutating func followPresence(of id: AgentID, from old: Sight, to new: Sight) {
        for kind in waitingByKind.indices where new.isClosed(kind) && !old.isClosed(kind) { relax(whoever: id, kind) }
        guard !new.counts(as: old) else { return }
        let itsQueues = agents.look(at: id, { $0.queues }) ?? []
        let share = Self.wholeShare / Int64(max(1, itsQueues.count))
        let signedIn = (new.isSignedIn ? 1 : 0) - (old.isSignedIn ? 1 : 0)
        let skills = agents.look(at: id, { $0.skills }) ?? AgentSkills()
        for queue in itsQueues {
            let relaxes = queues.update(queue) { side in
                let isFor = side.takesCalls
                let staff = (new.isStaff(where: isFor) ? 1 : 0) - (old.isStaff(where: isFor) ? 1 : 0)
                let part = (new.isAvailable(where: isFor) ? share : 0) - (old.isAvailable(where: isFor) ? share : 0)
                side.staffedInAll += signedIn
                side.staffed += staff
                side.availableShare += part
                var isEmptied = false
                if staff != 0, let level = side.members[id]?.level {
                    let staffed = (side.staffedByLevel[level] ?? 0) + staff
                    side.staffedByLevel[level] = staffed == 0 ? nil : staffed
                    if !side.staffedByStep.isEmpty { Self.followStaff(&side, staff, id, skills) }
                    isEmptied = staffed == 0
                }
                return side.asksForStaff && staff != 0 || side.asksForExpectedWait && part != 0
                    || side.asksForEmptyLevels && isEmptied
            }
            if relaxes == true { queuesToRelax.append(queue) }
        }
        guard signedIn < 0 else { return }
        for kind in waitingByKind.indices { relax(whoever: id, kind) }
    }

    /// Who waits for that agent with work of the kind at that place may wait in vain.
    private mutating func relax(whoever prefers: AgentID, _ kind: Int) {
        contactsToRelax += wanted.look(at: Want(agent: prefers, kind: kind)) { $0.map(\.key.contact) } ?? []
    }

    private static func leave(_ seat: inout Seat, _ standing: Standing, _ pool: inout Pool) {
        switch standing {
        case .absent: break
        case .refused(let refusal): pool.refusals.take(refusal)
        case .free: if let rank = seat.rank { pool.ready[rank] = nil }
        }
        seat.rank = nil
    }

    private static func enter(
        _ seat: inout Seat, _ sight: Sight, _ id: AgentID, at location: PagedLocation, _ pool: inout Pool,
        among queues: Queues
    ) {
        switch sight.standing(seat.kind) {
        case .absent: break
        case .refused(let refusal): pool.refusals.note(refusal)
        case .free:
            var candidate = sight.candidate(id, level: seat.level, order: seat.order)
            candidate.skillFit = seat.skillFit
            candidate.talked = sight.talked
            if pool.keys.contains(.lastOffered) {
                candidate.lastOffer = queues.look(at: seat.queue) { $0.lastOffer(to: id) } ?? nil
            }
            if !sight.records.isEmpty, let record = sight.record(of: seat.queue) {
                candidate.answeredOfQueue = record.answered
                candidate.lastOfQueue = record.lastEndedAt
            }
            let rank = Rank(of: candidate, by: pool.keys)
            seat.rank = rank
            pool.ready[rank] = Pool.Ready(agent: id, at: location, weight: seat.weight)
        }
    }

    // MARK: Contacts

    /// Follows a change of the contact; nil: it may not be offered to anybody now.
    mutating func follow(_ id: ContactID, _ place: ContactPlace?) {
        let old = contacts[id]
        if let place {
            if !rooms.isEmpty { newcomers.append(id) }
            if let pool = place.pool { poolsToMatch.append(pool) }
            agentsToMatch.append(contentsOf: place.wanted.map(\.agent))
        }
        guard place != old else { return }
        if let old {
            if let pool = old.pool {
                pools.update(pool) { if old.isRinging { $0.ringing[old.key] = nil } else { $0.waiting[old.key] = nil } }
            }
            for want in old.wanted {
                wanted.update(want) { $0[old.key] = nil }
                if wanted.look(at: want, { $0.isEmpty }) == true { wanted[want] = nil }
            }
        }
        if let place {
            if let pool = place.pool {
                pools.update(pool) {
                    if place.isRinging { $0.ringing[place.key] = Pool.Place() } else { $0.waiting[place.key] = Pool.Place() }
                }
            }
            for want in place.wanted {
                if wanted.look(at: want, { _ in }) == nil { wanted[want] = PagedMap() }
                wanted.update(want) { $0[place.key] = Pool.Place() }
            }
        }
        ringing += (place?.isRinging == true ? 1 : 0) - (old?.isRinging == true ? 1 : 0)
        contacts[id] = place
        if let pool = old?.pool, pool != place?.pool { dropIfSpare(pool) }
    }
}
