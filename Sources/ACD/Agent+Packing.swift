// An agent in a pack.

public import Basics

extension Agent: Packable {
    public func pack(into writer: inout PackWriter) throws {
        try writer.record { writer in
            writer.id(id)
            writer.list(devices) { $0.id($1) }
            writer.list(registeredDevices) { $0.id($1) }
            presence.pack(into: &writer)
            writer.instant(presenceSince)
            writer.optional(pendingPresence) { $1.pack(into: &$0) }
            writer.list(work) { $1.pack(into: &$0) }
            try writer.encodeIfPresent(wrapUp)
            try writer.encodeIfPresent(furtherWrapUps)
            try writer.encodeIfPresent(otherLoads)
            try writer.encodeIfPresent(closed)
            try writer.encodeIfPresent(limits)
            try writer.encodeIfPresent(loss)
            writer.instant(idleSince)
            writer.integer(missesInARow)
            writer.integer(answered)
            writer.optional(talkedSinceSignIn) { $0.duration($1) }
            writer.optional(ownCalls) { $0.integer($1) }
            writer.optional(personalContacts) { writer, contacts in writer.list(contacts) { $0.id($1) } }
            writer.optional(figures) { $1.pack(into: &$0) }
            writer.flag(isRemoved)
            writer.optional(askedFor) { writer, contacts in writer.list(contacts) { $0.id($1) } }
            writer.optional(keepsNoRoomUntil) { $0.instant($1) }
            writer.optional(queueRecords) { writer, records in
                writer.list(records) { writer, record in
                    writer.id(record.queue)
                    writer.integer(record.answered)
                    writer.optional(record.lastEndedAt) { $0.instant($1) }
                }
            }
        }
    }

    public init(unpacking reader: inout PackReader) throws {
        self = try reader.record { reader in
            var agent = Agent(id: try reader.id(), devices: try reader.list { try $0.id() }, at: .epoch)
            agent.registeredDevices = try reader.list { try $0.id() }
            agent.presence = try AgentPresence(unpacking: &reader)
            agent.presenceSince = try reader.instant()
            agent.pendingPresence = try reader.optional { try AgentPresence(unpacking: &$0) }
            agent.work = try reader.list { try Work(unpacking: &$0) }
            agent.wrapUp = try reader.decodeIfPresent()
            agent.furtherWrapUps = try reader.decodeIfPresent()
            agent.otherLoads = try reader.decodeIfPresent()
            agent.closed = try reader.decodeIfPresent()
            agent.limits = try reader.decodeIfPresent()
            agent.loss = try reader.decodeIfPresent()
            agent.idleSince = try reader.instant()
            agent.missesInARow = try reader.integer()
            agent.answered = try reader.integer()
            agent.talkedSinceSignIn = try reader.optional { try $0.duration() }
            agent.ownCalls = try reader.optional { try $0.integer() }
            agent.personalContacts = try reader.optional { reader in try reader.list { try $0.id() } }
            agent.figures = try reader.optional { try AgentFigures(unpacking: &$0) }
            agent.isRemoved = try reader.flag()
            if reader.version >= 2 {
                agent.askedFor = try reader.optional { reader in try reader.list { try $0.id() } }
                agent.keepsNoRoomUntil = try reader.optional { try $0.instant() }
                agent.queueRecords = try reader.optional { reader in
                    try reader.list { reader in
                        var record = QueueRecord(queue: try reader.id())
                        record.answered = try reader.integer()
                        record.lastEndedAt = try reader.optional { try $0.instant() }
                        return record
                    }
                }
            }
            return agent
        }
    }
}

extension AgentPresence {
    func pack(into writer: inout PackWriter) {
        switch self {
        case .offline: writer.byte(0)
        case .available: writer.byte(1)
        case .aux(let reason):
            writer.byte(2)
            writer.string(reason)
        }
    }

    init(unpacking reader: inout PackReader) throws(PackError) {
        switch try reader.byte() {
        case 0: self = .offline
        case 1: self = .available
        case 2: self = .aux(reason: try reader.string())
        default: throw reader.unexpected("presence")
        }
    }
}

extension Work {
    func pack(into writer: inout PackWriter) {
        switch self {
        case .offered(let offer, let contact, let deadline):
            writer.byte(0)
            writer.id(offer)
            writer.id(contact)
            writer.instant(deadline)
        case .active(let contact, let since, let held):
            writer.byte(1)
            writer.id(contact)
            writer.instant(since)
            writer.flag(held)
        case .wrapUp(let contact, let since, let deadline):
            writer.byte(2)
            writer.id(contact)
            writer.instant(since)
            writer.instant(deadline)
        }
    }

    init(unpacking reader: inout PackReader) throws(PackError) {
        switch try reader.byte() {
        case 0: self = .offered(try reader.id(), try reader.id(), deadline: try reader.instant())
        case 1: self = .active(try reader.id(), since: try reader.instant(), held: try reader.flag())
        case 2: self = .wrapUp(try reader.id(), since: try reader.instant(), deadline: try reader.instant())
        default: throw reader.unexpected("work")
        }
    }
}

extension AgentFigures {
    func pack(into writer: inout PackWriter) {
        writer.integer(day)
        writer.integer(handled)
        writer.integer(missed)
        writer.duration(talk)
        writer.duration(wrapUp)
    }

    init(unpacking reader: inout PackReader) throws(PackError) {
        self.init(day: try reader.integer())
        handled = try reader.integer()
        missed = try reader.integer()
        talk = try reader.duration()
        wrapUp = try reader.duration()
    }
}
