// One line of a contact's story, flattened for readers.

internal import ACD
internal import Basics
internal import ContactCenter
internal import FoundationEssentials
internal import Storage

/// The body of `recording.saved` and `recording.failed`, of which the rules have no line: the contact may be over by then.
public struct RecordingEnd: Codable, Sendable {
    public var recording: UInt64

    public init(recording: UInt64) { self.recording = recording }
}

/// When, what, and what belongs to it; what does not belong to it is left out.
struct TimelineLine: Sendable {
    let at: Instant
    let kind: String
    var number: String?, trunk: String?, channel: Int?
    var workKind: String?
    var flow: String?, node: String?, key: String?
    var attribute: String?, value: String?
    var queue: String?, position: Int?, expectedWaitSeconds: Double?
    var step: Int?, levelMax: Int?, priorityClass: Int?
    var cause: String?, waitSeconds: Double?
    var offer: UInt64?, agent: String?, why: Explanation?
    var recording: UInt64?
    var target: String?, disposition: String?
    var outcome: String?, by: String?
    var attempt: Int?
    var party: String?, seconds: Int?, jitterMs: Int?
    /// An agent has answered, and so had the contact.
    private(set) var isAnswer = false

    /// Of a contact that lives.
    init(_ entry: ContactCenter.TimelineEntry) {
        self.init(at: entry.at, kind: entry.what.kind, what: entry.what)
    }

    /// Of history. A line that this program cannot read any more still says when and what.
    init(_ row: TimelineRow) {
        let what = row.body.flatMap { try? JSONDecoder().decode(Happening.self, from: $0) }
        self.init(at: row.at, kind: row.kind, what: what)
        if what == nil, row.kind.hasPrefix("recording.") {
            recording = row.body.flatMap { try? JSONDecoder().decode(RecordingEnd.self, from: $0) }?.recording
        }
        if what == nil, row.kind.hasPrefix("sound.") {
            let sound = row.body.flatMap { try? JSONDecoder().decode(SoundNote.self, from: $0) }
            (party, seconds, jitterMs) = (sound?.party, sound?.seconds, sound?.jitterMs)
        }
    }

    private init(at: Instant, kind: String, what: Happening?) {
        self.at = at
        self.kind = kind
        switch what {
        case nil, .held, .resumed, .connected, .callbackAnswered: break
        case .arrived(let number, let trunk, let channel):
            (self.number, self.trunk, self.channel) = (number, trunk.rawValue, channel)
        case .workArrived(let kind): workKind = kind.rawValue
        case .visited(let flow, let node): (self.flow, self.node) = (flow.rawValue, node.rawValue)
        case .chose(let node, let key): (self.node, self.key) = (node.rawValue, key)
        case .noted(let attribute, let value): (self.attribute, self.value) = (attribute, value)
        case .enqueued(let queue, let position): (self.queue, self.position) = (queue.rawValue, position)
        case .announced(let position, let seconds): (self.position, expectedWaitSeconds) = (position, seconds)
        case .diverted(let queue, let cause): (self.queue, self.cause) = (queue.rawValue, cause.rawValue)
        case .relaxed(let queue, let step, let levelMax):
            (self.queue, self.step, self.levelMax) = (queue.rawValue, step, levelMax)
        case .roomKept(let queue, let agent, let seconds):
            (self.queue, self.agent, waitSeconds) = (queue.rawValue, agent.rawValue, seconds)
        case .prioritised(let priorityClass, let position):
            (self.priorityClass, self.position) = (priorityClass, position)
        case .offered(let offer, let agent, let queue, let why):
            (self.offer, self.agent, self.queue, self.why) = (offer.rawValue, agent.rawValue, queue.rawValue, why)
        case .offerEnded(let offer, let agent, let end):
            (self.offer, self.agent, cause) = (offer.rawValue, agent.rawValue, end.rawValue)
        case .answered(let agent, let queue, let seconds):
            (self.agent, self.queue, waitSeconds) = (agent.rawValue, queue.rawValue, seconds)
            isAnswer = true
        case .dialled(let trunk): self.trunk = trunk.rawValue
        case .callbackRequested(let queue, let seconds): (self.queue, expectedWaitSeconds) = (queue.rawValue, seconds)
        case .callbackDialled(let trunk, let attempt): (self.trunk, self.attempt) = (trunk.rawValue, attempt)
        case .callbackEnded(let end): cause = end.rawValue
        case .notConnected(let failure): cause = failure.rawValue
        case .recordingStarted(let recording), .recordingStopped(let recording), .recordingPaused(let recording),
            .recordingResumed(let recording):
            self.recording = recording.rawValue
        case .secureBegan(let form, let agent): (attribute, self.agent) = (form, agent.rawValue)
        case .secureEnded(let form, let end): (attribute, cause) = (form, end.rawValue)
        case .agentLeft(let agent), .lost(let agent), .returned(let agent): self.agent = agent.rawValue
        case .transferred(let agent, .queue(let queue)): (self.agent, self.queue) = (agent.rawValue, queue.rawValue)
        case .transferred(let agent, .agent(let target)): (self.agent, self.target) = (agent.rawValue, target.rawValue)
        case .transferred(let agent, .flow(let flow)): (self.agent, self.flow) = (agent.rawValue, flow.rawValue)
        case .transferred(let agent, .outside(let trunk, _)): (self.agent, self.trunk) = (agent.rawValue, trunk.rawValue)
        case .consulted(let who, let agent):
            self.agent = agent.rawValue
            take(who)
        case .conferred(let who): take(who)
        case .participantLeft(let who, let end):
            cause = end?.rawValue
            take(who)
        case .handedOver(let agent, let who):
            self.agent = agent?.rawValue
            take(who)
        case .supervised(let agent, _): self.agent = agent.rawValue
        case .disposed(let agent, let code): (self.agent, disposition) = (agent.rawValue, code)
        case .ended(let outcome, let by): (self.outcome, self.by) = (outcome.rawValue, by.rawValue)
        }
    }
}

extension TimelineLine {
    private mutating func take(_ who: Participant.Who) {
        switch who {
        case .agent(let agent): target = agent.rawValue
        case .outside(let trunk): self.trunk = trunk.rawValue
        }
    }

    private static let candidate = Shape<Candidate>.object(
        "Candidate", "An agent that could take the contact, with what the queue's keys compare.",
        [
            Member("agent", .text, "") { $0.agent.rawValue },
            Member("level", .count, "Lower comes first.") { $0.level },
            Member("idleSince", .time, "") { $0.idleSince },
            Member("answered", .count, "Since signing in or the daily reset.") { $0.answered },
            Member(ifAny: "answeredOfQueue", .count, "The same of this queue alone.") { $0.answeredOfQueue },
            Member(ifAny: "lastOfQueue", .time, "When the last contact of this queue ended.") { $0.lastOfQueue },
            Member("order", .count, "Place among the queue's members.") { $0.order },
            Member(ifAny: "skillFit", .count, "Sum of the grades in the skills asked for.") { $0.skillFit },
            Member(ifAny: "talkedSeconds", .seconds, "Since signing in or the daily reset.") { $0.talked?.inSeconds },
            Member(ifAny: "lastOffer", .identifier, "Of this queue to this agent.") { $0.lastOffer?.rawValue },
            Member(ifAny: "weight", .count, "In a draw, or among preferred agents.") { $0.weight },
            Member(ifAny: "workload", .count, "Units of work in hand; left out: none.") { $0.workload },
        ])

    private static let refusal = Shape<Explanation.RefusalCount>.object(
        "RefusalCount", "Agents that could not take the contact, and why.",
        [
            Member("refusal", .word(Refusal.allCases.map(\.rawValue)), "") { $0.refusal.rawValue },
            Member("count", .count, "") { $0.count },
        ])

    static let explanation = Shape<Explanation>.object(
        "Explanation", "Why this agent got the offer.",
        [
            Member("keys", Shape<String>.word(SelectionKey.allCases.map(\.rawValue)).list, "Compared in this order.") {
                $0.keys.map(\.rawValue)
            },
            Member("winner", candidate, "") { $0.winner },
            Member("others", candidate.list, "Who came next, at most \(Explanation.othersMax).") { $0.others },
            Member("refused", refusal.list, "") { $0.refused },
        ])

    static let shape = Shape<TimelineLine>.object(
        "TimelineLine", "One thing that happened to a contact. What does not belong to its kind is left out.",
        [
            Member("at", .time, "") { $0.at },
            Member("kind", .text, "`contact.created`, `contact.enqueued`, `contact.offered`, `contact.answered` ...") {
                $0.kind
            },
            Member(ifAny: "number", .text, "As dialled.") { $0.number },
            Member(ifAny: "trunk", .text, "") { $0.trunk },
            Member(ifAny: "channel", .count, "Of the trunk, from 1.") { $0.channel },
            Member(ifAny: "workKind", .text, "Of what is no call.") { $0.workKind },
            Member(ifAny: "flow", .text, "") { $0.flow },
            Member(ifAny: "node", .text, "") { $0.node },
            Member(ifAny: "key", .text, "The menu key that was pressed.") { $0.key },
            Member(ifAny: "attribute", .text, "") { $0.attribute },
            Member(ifAny: "value", .text, "") { $0.value },
            Member(ifAny: "queue", .text, "") { $0.queue },
            Member(ifAny: "position", .count, "") { $0.position },
            Member(ifAny: "expectedWaitSeconds", .seconds, "What the caller was told.") { $0.expectedWaitSeconds },
            Member(ifAny: "step", .count, "Of what the queue requires, from 0.") { $0.step },
            Member(ifAny: "levelMax", .count, "The highest level asked; left out: all.") { $0.levelMax },
            Member(ifAny: "priorityClass", .count, "Higher comes first.") { $0.priorityClass },
            Member(ifAny: "cause", .text, "Why it was diverted, not answered, not connected.") { $0.cause },
            Member(ifAny: "waitSeconds", .seconds, "In the queue until the answer.") { $0.waitSeconds },
            Member(ifAny: "offer", .identifier, "") { $0.offer },
            Member(ifAny: "agent", .text, "") { $0.agent },
            Member(ifAny: "why", explanation, "The reason of an offer.") { $0.why },
            Member(ifAny: "recording", .identifier, "See /v1/recordings.") { $0.recording },
            Member(ifAny: "target", .text, "The agent to whom it was transferred in person, who was asked, or who joined.") {
                $0.target
            },
            Member(ifAny: "disposition", .text, "A code of the configuration.") { $0.disposition },
            Member(ifAny: "attempt", .count, "Of the callback, from 1.") { $0.attempt },
            Member(ifAny: "party", .word(["caller", "agent", "other"]), "On whose leg it was measured.") { $0.party },
            Member(ifAny: "seconds", .count, "For which neither side had been heard.") { $0.seconds },
            Member(ifAny: "jitterMs", .count, "Of what came in.") { $0.jitterMs },
            Member(ifAny: "outcome", .text, "") { $0.outcome },
            Member(ifAny: "by", .word(["caller", "agent", "system", "other"]), "Who ended it.") { $0.by },
        ])
}
