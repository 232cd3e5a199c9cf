// The reason of an offer in a pack: every contact that was offered to somebody has some.

public import Basics

extension Explanation: Packable {
    public func pack(into writer: inout PackWriter) {
        writer.list(keys) { $0.string($1.rawValue) }
        winner.pack(into: &writer)
        writer.list(others) { $1.pack(into: &$0) }
        writer.list(refused) { writer, entry in
            writer.string(entry.refusal.rawValue)
            writer.integer(entry.count)
        }
    }

    public init(unpacking reader: inout PackReader) throws {
        let keys = try reader.list { reader in
            guard let key = SelectionKey(rawValue: try reader.string()) else { throw reader.unexpected("selection key") }
            return key
        }
        let winner = try Candidate(unpacking: &reader)
        let others = try reader.list { try Candidate(unpacking: &$0) }
        let refused = try reader.list { reader in
            guard let refusal = Refusal(rawValue: try reader.string()) else { throw reader.unexpected("refusal") }
            return RefusalCount(refusal: refusal, count: try reader.integer())
        }
        self.init(keys: keys, winner: winner, others: others, refused: refused)
    }
}

extension Candidate {
    func pack(into writer: inout PackWriter) {
        writer.id(agent)
        writer.integer(level)
        writer.instant(idleSince)
        writer.integer(answered)
        writer.integer(order)
        writer.optional(skillFit) { $0.integer($1) }
        writer.optional(talked) { $0.duration($1) }
        writer.optional(lastOffer) { $0.id($1) }
        writer.optional(weight) { $0.integer($1) }
        writer.optional(workload) { $0.integer($1) }
        writer.optional(answeredOfQueue) { $0.integer($1) }
        writer.optional(lastOfQueue) { $0.instant($1) }
    }

    init(unpacking reader: inout PackReader) throws {
        self.init(
            agent: try reader.id(), level: try reader.integer(), idleSince: try reader.instant(),
            answered: try reader.integer(), order: try reader.integer())
        skillFit = try reader.optional { try $0.integer() }
        talked = try reader.optional { try $0.duration() }
        lastOffer = try reader.optional { try $0.id() }
        weight = try reader.optional { try $0.integer() }
        workload = try reader.optional { try $0.integer() }
        guard reader.version >= 2 else { return }
        answeredOfQueue = try reader.optional { try $0.integer() }
        lastOfQueue = try reader.optional { try $0.instant() }
    }
}
