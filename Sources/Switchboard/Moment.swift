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
        /// Could be offered a contact.
        public var free: Int
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
    }

    /// Microseconds since 1970.
    public var at: Instant
    /// The same, ISO 8601.
    public var time: String
    /// Of the last event before.
    public var sequence: UInt64
    public var configuration: String
    public var queues: [Queue]
    public var agents: [Agent]
    public var contacts: [Contact]

    init(of center: Center, at now: Instant, sequence: UInt64) {
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
        free = agents.count { $0.refusal == nil }
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
        state = ContactRecord(contact).state
        queue = contact.queue?.rawValue
        agents = []
        if let entry = contact.entry {
            queue = entry.queue.rawValue
            position = center.queues[entry.queue]?.position(of: entry.key)
            waitSeconds = max(0, (now - entry.enqueuedAt).inSeconds)
            agents = center.ringing(for: contact.id).map(\.rawValue)
            priorityClass = entry.key.priorityClass
            step = entry.step
        } else if case .agent(let agent, _)? = contact.conversation?.other {
            agents = [agent.rawValue]
        }
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
                + (agent.pending.map { ", then \($0)" } ?? "")
        }
        return told("agent", old?.id ?? new?.id ?? "", old.map(text), new.map(text))
    }

    private static func told(_ old: Queue?, _ new: Queue?) -> String? {
        func text(_ queue: Queue) -> String {
            "\(queue.waiting) wait, \(queue.ringing) ring, \(queue.free) of \(queue.signedIn) free, \(queue.answered) answered, "
                + "\(queue.abandoned) abandoned, \(queue.diverted) diverted"
        }
        return told("queue", old?.id ?? new?.id ?? "", old.map(text), new.map(text))
    }

    private static func told(_ old: Contact?, _ new: Contact?) -> String? {
        func text(_ contact: Contact) -> String {
            contact.state + (contact.queue.map { " in \($0)" } ?? "") + (contact.position.map { " at place \($0)" } ?? "")
                + (contact.agents.isEmpty ? "" : " with \(contact.agents.joined(separator: ", "))")
        }
        return told("contact", "\(old?.id ?? new?.id ?? 0)", old.map(text), new.map(text))
    }

    private static func told(_ kind: String, _ id: String, _ old: String?, _ new: String?) -> String? {
        old == new ? nil : "\(kind) \(id): \(old ?? "not there") → \(new ?? "gone")"
    }
}
