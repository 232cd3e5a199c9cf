// The whole state in a pack: a snapshot of ten thousand contacts in some milliseconds.

import ACD
import Basics
import IVR

extension Center {
    /// Raised when a later program packs something that this one cannot read.
    private static let packVersion: UInt8 = 3

    /// The state as bytes; equal states are equal bytes.
    public func packed() throws -> [UInt8] {
        let bytesExpected = 400 * (contacts.count + agents.count + ownerOfDevice.count)
        return try Pack.encode(version: Self.packVersion, bytesExpected: bytesExpected) { try pack(into: &$0) }
    }

    /// - Throws: `PackError`, `DecodingError`.
    public init(packed bytes: [UInt8]) throws {
        self.init()
        try Pack.decode(bytes, versionMax: Self.packVersion) { try unpack(&$0) }
        takeUp()
    }

    private func pack(into writer: inout PackWriter) throws {
        try configuration.pack(into: &writer)
        try writer.map(contacts.entries) { try $2.pack(into: &$0) }
        try writer.map(agents.entries) { try $2.pack(into: &$0) }
        let rules = SortedRules(configuration)
        try writer.map(queues) { writer, id, queue in
            writer.id(id)
            try queue.pack(into: &writer, rules: rules[id])
        }
        try writer.map(offers) { writer, id, offer in
            writer.id(id)
            try writer.encode(offer)
        }
        try writer.map(legs) { writer, leg, role in
            writer.id(leg)
            try role.pack(into: &writer)
        }
        writer.map(ownerOfDevice) { writer, device, agent in
            writer.id(device)
            writer.id(agent)
        }
        try deadlines.pack(into: &writer) { try $1.pack(into: &$0) }
        lastAgents.pack(into: &writer)
        writer.integer(callbackAllowance.day)
        writer.map(callbackAllowance.requests) { writer, caller, count in
            writer.id(caller)
            writer.integer(count)
        }
        for number in [lastContact, lastOffer, lastLeg, lastPlayback, lastRecording, lastEdgeLeg] { writer.number(number) }
        writer.instant(now)
        writer.flag(isFallbackOnly)
        try writer.encode(figures)
        try writer.encode(flows)
        try writer.encode(random)
        try writer.encode(kinds)
        try writer.encode(trials)
        try writer.encodeIfPresent(reordering)
        try writer.encodeIfPresent(termsWave)
        try writer.encodeIfPresent(countsReset)
        writer.map(outsideCalls) { writer, leg, call in
            writer.id(leg)
            writer.id(call.trunk)
            writer.instant(call.until)
        }
    }

    private mutating func unpack(_ reader: inout PackReader) throws {
        configuration = try CenterConfiguration(unpacking: &reader)
        contacts = WatchedMap(
            try reader.map { reader in
                let contact = try Contact(unpacking: &reader)
                return (contact.id, contact)
            })
        agents = WatchedMap(
            try reader.map { reader in
                let agent = try Agent(unpacking: &reader)
                return (agent.id, agent)
            })
        let rules = SortedRules(configuration)
        queues = try reader.map { reader in
            let id: QueueID = try reader.id()
            return (id, try WaitingQueue(unpacking: &reader, rules: rules[id]))
        }
        offers = try reader.map { (try $0.id(), try $0.decode()) }
        legs = try reader.map { (try $0.id(), try LegRole(unpacking: &$0)) }
        ownerOfDevice = try reader.map { (try $0.id(), try $0.id()) }
        deadlines = try DeadlineHeap(unpacking: &reader) { try DeadlineTarget(unpacking: &$0) }
        lastAgents = try LastAgents(unpacking: &reader)
        callbackAllowance.day = try reader.integer()
        callbackAllowance.requests = try reader.map { (try $0.id(), try $0.integer()) }
        lastContact = try reader.number()
        lastOffer = try reader.number()
        lastLeg = try reader.number()
        lastPlayback = try reader.number()
        lastRecording = try reader.number()
        lastEdgeLeg = try reader.number()
        now = try reader.instant()
        isFallbackOnly = try reader.flag()
        figures = try reader.decode()
        flows = try reader.decode()
        random = try reader.decode()
        kinds = try reader.decode()
        guard kinds.first?.rules.id == .call else { throw reader.unexpected("calls among the kinds of work") }
        trials = try reader.decode()
        reordering = try reader.decodeIfPresent()
        termsWave = try reader.decodeIfPresent()
        guard reader.version >= 2 else { return }
        countsReset = try reader.decodeIfPresent()
        guard reader.version >= 3 else { return }
        outsideCalls = try reader.map { (try $0.id(), OutsideCall(trunk: try $0.id(), until: try $0.instant())) }
    }

    /// Of the configuration, found by their queues.
    private struct SortedRules {
        private var rules = PagedMap<QueueID, QueueRules>()

        init(_ configuration: CenterConfiguration) {
            for queue in configuration.queues { rules.insert(queue, for: queue.id) }
        }

        subscript(id: QueueID) -> QueueRules? { rules[id] }
    }
}

extension Center.LegRole {
    fileprivate func pack(into writer: inout PackWriter) throws {
        switch self {
        case .caller(let contact):
            writer.byte(1)
            writer.id(contact)
        case .offered(let offer):
            writer.byte(2)
            writer.id(offer)
        case .other(let contact):
            writer.byte(3)
            writer.id(contact)
        case .service, .beside:
            writer.byte(0)
            try writer.encode(self)
        }
    }

    fileprivate init(unpacking reader: inout PackReader) throws {
        switch try reader.byte() {
        case 0: self = try reader.decode()
        case 1: self = .caller(try reader.id())
        case 2: self = .offered(try reader.id())
        case 3: self = .other(try reader.id())
        default: throw reader.unexpected("leg")
        }
    }
}

extension Center.DeadlineTarget {
    /// Those that every contact may have; the others as any value is.
    fileprivate func pack(into writer: inout PackWriter) throws {
        func contact(_ kind: UInt8, _ contact: ContactID) {
            writer.byte(kind)
            writer.id(contact)
        }
        switch self {
        case .playback(let id): contact(1, id)
        case .menu(let id): contact(2, id)
        case .waitLimit(let id): contact(3, id)
        case .announcement(let id): contact(4, id)
        case .exclusion(let id): contact(5, id)
        case .relax(let id): contact(6, id)
        case .callback(let id): contact(7, id)
        case .kept(let id): contact(8, id)
        case .handled(let id): contact(9, id)
        case .offer(let id):
            writer.byte(10)
            writer.id(id)
        case .wrapUp(let id):
            writer.byte(11)
            writer.id(id)
        default:
            writer.byte(0)
            try writer.encode(self)
        }
    }

    fileprivate init(unpacking reader: inout PackReader) throws {
        switch try reader.byte() {
        case 0: self = try reader.decode()
        case 1: self = .playback(try reader.id())
        case 2: self = .menu(try reader.id())
        case 3: self = .waitLimit(try reader.id())
        case 4: self = .announcement(try reader.id())
        case 5: self = .exclusion(try reader.id())
        case 6: self = .relax(try reader.id())
        case 7: self = .callback(try reader.id())
        case 8: self = .kept(try reader.id())
        case 9: self = .handled(try reader.id())
        case 10: self = .offer(try reader.id())
        case 11: self = .wrapUp(try reader.id())
        default: throw reader.unexpected("deadline")
        }
    }
}
