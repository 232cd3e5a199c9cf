// A contact in a pack.

import ACD
public import Basics
import IVR

extension Contact: Packable {
    public func pack(into writer: inout PackWriter) throws {
        try writer.record { writer in
            writer.id(id)
            writer.id(leg)
            writer.string(number)
            writer.id(caller)
            writer.id(trunk)
            writer.integer(channel)
            writer.instant(arrivedAt)
            writer.integer(flowVersion)
            try state.pack(into: &writer)
            interpreter.pack(into: &writer)
            try writer.list(timeline) { writer, entry in
                writer.instant(entry.at)
                try entry.what.pack(into: &writer)
            }
            writer.integer(timelineEntriesLeftOut)
            writer.list(attributes) { writer, attribute in
                writer.string(attribute.name)
                writer.string(attribute.value)
            }
            writer.instant(playbackDeadline)
            writer.flag(isRecordingAnnounced)
            writer.list(recordings) { $0.id($1) }
            writer.optional(endedAt) { $0.instant($1) }
            writer.optional(answeredAt) { $0.instant($1) }
            writer.optional(agent) { $0.id($1) }
            writer.optional(queue) { $0.id($1) }
            writer.optional(firstEnqueuedAt) { $0.instant($1) }
            writer.optional(orderKey) { $1.pack(into: &$0) }
            writer.optional(playback) { $0.id($1) }
            writer.optional(collectDeadline) { $0.instant($1) }
            writer.optional(recording) { $0.id($1) }
            writer.optional(isRecordingSuspended) { $0.flag($1) }
            writer.optional(recordingPaused) { $0.flag($1) }
            writer.optional(messages) { writer, messages in writer.list(messages) { $0.id($1) } }
            writer.optional(canBeCalledBack) { $0.flag($1) }
            writer.optional(callbackQueues) { writer, queues in writer.list(queues) { $0.id($1) } }
            writer.optional(isHeldByCaller) { $0.flag($1) }
            writer.optional(isPrioritised) { $0.flag($1) }
            try writer.encodeIfPresent(marks)
            try writer.encodeIfPresent(digital)
            try writer.encodeIfPresent(callback)
            try writer.encodeIfPresent(company)
            writer.optional(onRecord) { writer, legs in writer.list(legs) { $0.id($1) } }
            try writer.encodeIfPresent(secure)
        }
    }

    public init(unpacking reader: inout PackReader) throws {
        var inner = try reader.block()
        id = try inner.id()
        leg = try inner.id()
        number = try inner.string()
        caller = try inner.id()
        trunk = try inner.id()
        channel = try inner.integer()
        arrivedAt = try inner.instant()
        flowVersion = try inner.integer()
        state = try State(unpacking: &inner)
        interpreter = try Interpreter(unpacking: &inner)
        timeline = try inner.list { TimelineEntry(at: try $0.instant(), what: try Happening(unpacking: &$0)) }
        timelineEntriesLeftOut = try inner.integer()
        attributes = try inner.list { Attribute(name: try $0.string(), value: try $0.string()) }
        playbackDeadline = try inner.instant()
        isRecordingAnnounced = try inner.flag()
        recordings = try inner.list { try $0.id() }
        endedAt = try inner.optional { try $0.instant() }
        answeredAt = try inner.optional { try $0.instant() }
        agent = try inner.optional { try $0.id() }
        queue = try inner.optional { try $0.id() }
        firstEnqueuedAt = try inner.optional { try $0.instant() }
        orderKey = try inner.optional { try OrderKey(unpacking: &$0) }
        playback = try inner.optional { try $0.id() }
        collectDeadline = try inner.optional { try $0.instant() }
        recording = try inner.optional { try $0.id() }
        isRecordingSuspended = try inner.optional { try $0.flag() }
        recordingPaused = try inner.optional { try $0.flag() }
        messages = try inner.optional { reader in try reader.list { try $0.id() } }
        canBeCalledBack = try inner.optional { try $0.flag() }
        callbackQueues = try inner.optional { reader in try reader.list { try $0.id() } }
        isHeldByCaller = try inner.optional { try $0.flag() }
        isPrioritised = try inner.optional { try $0.flag() }
        marks = try inner.decodeIfPresent()
        digital = try inner.decodeIfPresent()
        callback = try inner.decodeIfPresent()
        if inner.version >= 2, !inner.isAtEnd { company = try inner.decodeIfPresent() }
        if inner.version >= 3, !inner.isAtEnd { onRecord = try inner.optional { reader in try reader.list { try $0.id() } } }
        if inner.version >= 3, !inner.isAtEnd { secure = try inner.decodeIfPresent() }
        try inner.end()
    }
}

extension Contact.State {
    /// Most contacts wait, or talk; the others are written as any value is.
    fileprivate func pack(into writer: inout PackWriter) throws {
        switch self {
        case .inFlow: writer.byte(1)
        case .waiting(let entry):
            writer.byte(2)
            entry.pack(into: &writer)
        case .talking(let conversation):
            writer.byte(3)
            conversation.pack(into: &writer)
        case .announcing, .dialling, .voicemailPrompt, .voicemail, .leaving, .ended:
            writer.byte(0)
            try writer.encode(self)
        }
    }

    fileprivate init(unpacking reader: inout PackReader) throws {
        switch try reader.byte() {
        case 0: self = try reader.decode()
        case 1: self = .inFlow
        case 2: self = .waiting(try QueueEntry(unpacking: &reader))
        case 3: self = .talking(try Conversation(unpacking: &reader))
        default: throw reader.unexpected("state of a contact")
        }
    }
}

extension QueueEntry {
    func pack(into writer: inout PackWriter) {
        writer.id(queue)
        key.pack(into: &writer)
        writer.instant(enqueuedAt)
        writer.flag(isRoutable)
        writer.instant(limitAt)
        writer.instant(announceAt)
        writer.optional(offer) { $0.id($1) }
        writer.optional(furtherOffers) { writer, offers in writer.list(offers) { $0.id($1) } }
        writer.list(exclusions) { writer, exclusion in
            writer.id(exclusion.agent)
            writer.instant(exclusion.until)
        }
        writer.optional(personal) { writer, personal in
            writer.id(personal.agent)
            writer.instant(personal.until)
        }
        writer.optional(requirementStep) { $0.integer($1) }
        writer.optional(levelMax) { $0.integer($1) }
        writer.optional(preferred) { writer, preferred in
            writer.list(preferred.agents) { writer, preferred in
                writer.id(preferred.agent)
                writer.integer(preferred.weight)
            }
            writer.instant(preferred.until)
        }
        writer.optional(relaxesAt) { $0.instant($1) }
        writer.optional(nextOfferAt) { $0.instant($1) }
        writer.optional(expectedSeconds) { $0.double($1) }
        writer.optional(callbackOffered) { $0.flag($1) }
        writer.optional(room) { writer, room in
            writer.optional(room.agent) { $0.id($1) }
            writer.instant(room.until)
            writer.instant(room.againAt)
        }
    }

    init(unpacking reader: inout PackReader) throws {
        self.init(
            queue: try reader.id(), key: try OrderKey(unpacking: &reader), enqueuedAt: try reader.instant(),
            isRoutable: try reader.flag(), limitAt: try reader.instant(), announceAt: try reader.instant())
        offer = try reader.optional { try $0.id() }
        furtherOffers = try reader.optional { reader in try reader.list { try $0.id() } }
        exclusions = try reader.list { Exclusion(agent: try $0.id(), until: try $0.instant()) }
        personal = try reader.optional { Personal(agent: try $0.id(), until: try $0.instant()) }
        requirementStep = try reader.optional { try $0.integer() }
        levelMax = try reader.optional { try $0.integer() }
        preferred = try reader.optional { reader in
            Preferred(
                agents: try reader.list { PreferenceRules.Agent(agent: try $0.id(), weight: try $0.integer()) },
                until: try reader.instant())
        }
        relaxesAt = try reader.optional { try $0.instant() }
        nextOfferAt = try reader.optional { try $0.instant() }
        expectedSeconds = try reader.optional { try $0.double() }
        callbackOffered = try reader.optional { try $0.flag() }
        guard reader.version >= 2 else { return }
        room = try reader.optional { reader in
            Room(
                agent: try reader.optional { try $0.id() }, until: try reader.instant(), againAt: try reader.instant())
        }
    }
}

extension Conversation {
    func pack(into writer: inout PackWriter) {
        switch other {
        case .agent(let agent, let queue):
            writer.byte(0)
            writer.id(agent)
            writer.id(queue)
        case .outside(let trunk):
            writer.byte(1)
            writer.id(trunk)
        }
        writer.id(leg)
        writer.instant(since)
        writer.optional(device) { $0.id($1) }
        writer.optional(heldBy) { $0.string($1.rawValue) }
        writer.optional(lost) { $0.flag($1) }
        writer.optional(muted) { $0.flag($1) }
        writer.optional(notReached) { $0.string($1.rawValue) }
    }

    init(unpacking reader: inout PackReader) throws {
        let other: Other
        switch try reader.byte() {
        case 0: other = .agent(try reader.id(), try reader.id())
        case 1: other = .outside(try reader.id())
        default: throw reader.unexpected("conversation")
        }
        self.init(other: other, leg: try reader.id(), since: try reader.instant())
        device = try reader.optional { try $0.id() }
        heldBy = try reader.optional { reader in
            guard let party = Party(rawValue: try reader.string()) else { throw reader.unexpected("party") }
            return party
        }
        lost = try reader.optional { try $0.flag() }
        muted = try reader.optional { try $0.flag() }
        guard reader.version >= 3 else { return }
        notReached = try reader.optional { reader in
            guard let failure = LegFailure(rawValue: try reader.string()) else { throw reader.unexpected("failure") }
            return failure
        }
    }
}
