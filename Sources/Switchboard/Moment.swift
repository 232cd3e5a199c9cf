// The state of the house at one moment of its journal, as rows for people and programs.

internal import ACD
internal import API
public import Basics
internal import ContactCenter
internal import Storage

/// All queues and agents, and the contacts that live.
public nonisolated struct Moment: Codable, Hashable, Sendable {
    public struct Queue: Codable, Hashable, Sendable {
        public var id: String
        public var waiting: Int
        /// Of these at an agent.
        public var ringing: Int
        public var longestWaitSeconds: Double
        /// For somebody who came then; nil: nothing can be said.
        public var expectedWaitSeconds: Double?
        public var members: Int
        public var signedIn: Int
        /// Could be offered a call, or what else the queue takes where it takes no calls.
        public var free: Int
        /// Callbacks promised and not yet kept.
        public var callbacks: Int
        /// Of the waiting ones those who are called back, and nobody is on the line.
        public var parked: Int
        /// What may wait there.
        public var kinds: [String]
        public var answered: Int
        public var abandoned: Int
        public var diverted: Int
        public var serviceLevel: Double?
    }

    public struct Agent: Codable, Hashable, Sendable {
        public var id: String
        /// As in the agent's timeline.
        public var state: String
        public var reason: String?
        public var contact: UInt64?
        /// All that the agent has, ringing and wrapping up included, in the order in which they came.
        public var contacts: [UInt64]
        /// Units of the capacity in hand.
        public var load: Int
        public var capacity: Int
        /// By the agent's own choice.
        public var closedChannels: [String]
        /// In this state; nil while it rings.
        public var seconds: Double?
        /// Takes effect when the last contact ends.
        public var pending: String?
        /// Why nothing can be offered; nil: something can.
        public var refusal: String?
    }

    public struct Contact: Codable, Hashable, Sendable {
        public var id: UInt64
        public var state: String
        public var queue: String?
        /// 1 is served next.
        public var position: Int?
        public var waitSeconds: Double?
        /// Who has it, or whom it rings at.
        public var agents: [String]
        public var priorityClass: Int?
        /// The step of the queue's requirement to which it has come, from 0.
        public var step: Int?
        /// What it is, `call` or a kind of work.
        public var kind: String
        public var callback: Callback?
    }

    /// What was promised to a contact and has not come about yet.
    public struct Callback: Codable, Hashable, Sendable {
        /// `confirming`, `resting`, `ready`, `dialling`, `holding`, `reaching` or `greeting`.
        public var phase: String
        /// For whom the customer is called.
        public var agent: String?
        /// Calls to the customer.
        public var attempts: Int
        /// When something becomes of it whatever happens, and when it was promised for; ISO 8601.
        public var until: String?
        public var promised: String?
    }

    /// Microseconds since 1970.
    public var at: Instant
    /// The same, ISO 8601.
    public var time: String
    /// Of the last event before.
    public var sequence: UInt64
    public var configuration: String
    /// Lines of the journal before this moment that are not there: the state may have been another one.
    public var missing: UInt64
    public var queues: [Queue]
    public var agents: [Agent]
    public var contacts: [Contact]

    init(of center: Center, at now: Instant, sequence: UInt64, missing: UInt64) {
        self.missing = missing
        at = now
        time = Replay.time(now)
        self.sequence = sequence
        configuration = center.configuration.version
        queues = center.queues.map { Queue($0.value, in: center, at: now) }
        agents = center.agents.map { Agent($0.value, at: now) }
        contacts = center.contacts.map { Contact($0.value, in: center, at: now) }
    }
}

nonisolated extension Moment.Queue {
    fileprivate init(_ queue: WaitingQueue, in center: Center, at now: Instant) {
        id = queue.id.rawValue
        waiting = queue.waiting.count
        let entries = queue.waiting.compactMap { center.contacts[$0.contact]?.entry }
        ringing = entries.count { $0.offer != nil }
        longestWaitSeconds = entries.map { max(0, (now - $0.enqueuedAt).inSeconds) }.max() ?? 0
        expectedWaitSeconds = queue.rules.kinds.first.flatMap { center.waitEstimate(ofNewcomer: $0, in: queue.id)?.seconds }
        members = queue.rules.members.count
        let agents = queue.rules.members.compactMap { center.agents[$0.agent] }
        signedIn = agents.count { $0.presence.isSignedIn }
        kinds = queue.rules.kinds.map(\.rawValue)
        let usual = queue.rules.kinds.contains(.call) ? nil : queue.rules.kinds.first
        let kind = usual.flatMap { id in center.kinds.first { $0.rules.id == id }?.rules }
        free = agents.count { agent in (kind.map { agent.refusal(for: $0) } ?? agent.refusal) == nil }
        callbacks = queue.figures.callbacks.open
        parked = center.parked(in: queue.id)
        answered = queue.figures.answered
        abandoned = queue.figures.abandoned
        diverted = queue.figures.divertedInAll
        serviceLevel = queue.figures.serviceLevel
    }
}

nonisolated extension Moment.Agent {
    fileprivate init(_ agent: Agent, at now: Instant) {
        let activity = agent.activity
        id = agent.id.rawValue
        state = activity.state.rawValue
        reason = activity.reason
        contact = activity.contact?.rawValue
        contacts = agent.pieces.map { piece in
            switch piece.work {
            case .offered(_, let contact, _), .active(let contact, _, _), .wrapUp(let contact, _, _): contact.rawValue
            }
        }
        load = agent.workload
        capacity = agent.limits?.capacity ?? AgentLimits.capacityUsual
        closedChannels = agent.closedChannels.map(\.rawValue)
        pending = agent.pendingPresence?.told
        refusal = agent.refusal?.rawValue
        var since: Instant?
        for case .active(_, let began, _) in agent.work { since = since ?? began }
        for case .wrapUp(_, let began, _) in agent.work { since = since ?? began }
        switch activity.state {
        case .available: since = max(agent.idleSince, agent.presenceSince)
        case .offline, .pause: since = agent.presenceSince
        case .lost: since = agent.lostSince
        case .ringing: since = nil
        case .talking, .held, .wrapUp, .removed, .unknown: break
        }
        seconds = since.map { max(0, (now - $0).inSeconds) }
    }
}

nonisolated extension Moment.Contact {
    fileprivate init(_ contact: Contact, in center: Center, at now: Instant) {
        id = contact.id.rawValue
        kind = contact.kind.rawValue
        callback = contact.callback.flatMap { $0.isOpen ? Moment.Callback($0) : nil }
        state = ContactRecord(contact).state
        queue = contact.queue?.rawValue
        agents = []
        if let entry = contact.entry {
            queue = entry.queue.rawValue
            position = center.waitEstimate(of: contact)?.position ?? center.queues[entry.queue]?.position(of: entry.key)
            waitSeconds = max(0, (now - entry.enqueuedAt).inSeconds)
            agents = center.ringing(for: contact.id).map(\.rawValue)
            priorityClass = entry.key.priorityClass
            step = entry.step
        } else if case .agent(let agent, _)? = contact.conversation?.other {
            agents = [agent.rawValue]
        }
    }
}

nonisolated extension Moment.Callback {
    fileprivate init(_ callback: Callback) {
        switch callback.phase {
        case .confirming: phase = "confirming"
        case .resting: phase = "resting"
        case .ready: phase = "ready"
        case .dialling(let expected, _):
            phase = "dialling"
            agent = expected.rawValue
        case .holding(let expected):
            phase = "holding"
            agent = expected?.rawValue
        case .proving(let expected, _):
            phase = "proving"
            agent = expected?.rawValue
        case .reaching: phase = "reaching"
        case .provingBeside: phase = "proving"
        case .greeting: phase = "greeting"
        case .ended: phase = "ended"
        }
        attempts = callback.attempts
        if callback.deadline != .distantFuture { until = Replay.time(callback.deadline) }
        promised = callback.promisedAt.map(Replay.time)
    }
}

// MARK: Differences

nonisolated extension Moment {
    /// What is otherwise than before, line by line, as people say it.
    func changes(since before: Moment) -> [String] {
        Self.pairs(before.agents, agents, \.id).compactMap { Self.told($0, $1) }
            + Self.pairs(before.queues, queues, \.id).compactMap { Self.told($0, $1) }
            + Self.pairs(before.contacts, contacts, \.id).compactMap { Self.told($0, $1) }
    }

    /// Both lists are in the order of their ids.
    private static func pairs<Row, ID: Comparable>(_ old: [Row], _ new: [Row], _ id: (Row) -> ID) -> [(Row?, Row?)] {
        var pairs: [(Row?, Row?)] = [], before = old[...], after = new[...]
        while let next = [before.first, after.first].compactMap({ $0.map(id) }).min() {
            let left = before.first.flatMap { id($0) == next ? $0 : nil }
            let right = after.first.flatMap { id($0) == next ? $0 : nil }
            if left != nil { before.removeFirst() }
            if right != nil { after.removeFirst() }
            pairs.append((left, right))
        }
        return pairs
    }

    private static func told(_ old: Agent?, _ new: Agent?) -> String? {
        func text(_ agent: Agent) -> String {
            agent.state + (agent.reason.map { " (\($0))" } ?? "") + (agent.contact.map { " contact \($0)" } ?? "")
                + (agent.contacts.count > 1 ? ", \(agent.contacts.count) pieces of work" : "")
                + (agent.pending.map { ", then \($0)" } ?? "")
                + (agent.closedChannels.isEmpty ? "" : ", closed: \(agent.closedChannels.joined(separator: ", "))")
        }
        return told("agent", old?.id ?? new?.id ?? "", old.map(text), new.map(text))
    }

    private static func told(_ old: Queue?, _ new: Queue?) -> String? {
        func text(_ queue: Queue) -> String {
            "\(queue.waiting) wait, \(queue.ringing) ring, \(queue.free) of \(queue.signedIn) free, \(queue.answered) answered, "
                + "\(queue.abandoned) abandoned, \(queue.diverted) diverted"
                + (queue.callbacks > 0 ? ", \(queue.callbacks) to be called back" : "")
        }
        return told("queue", old?.id ?? new?.id ?? "", old.map(text), new.map(text))
    }

    private static func told(_ old: Contact?, _ new: Contact?) -> String? {
        func text(_ contact: Contact) -> String {
            contact.state + (contact.queue.map { " in \($0)" } ?? "") + (contact.position.map { " at place \($0)" } ?? "")
                + (contact.agents.isEmpty ? "" : " with \(contact.agents.joined(separator: ", "))")
                + (contact.callback.map { ", callback \($0.phase), \($0.attempts) tried" } ?? "")
        }
        return told("contact", "\(old?.id ?? new?.id ?? 0)", old.map(text), new.map(text))
    }

    private static func told(_ kind: String, _ id: String, _ old: String?, _ new: String?) -> String? {
        old == new ? nil : "\(kind) \(id): \(old ?? "not there") → \(new ?? "gone")"
    }
}
