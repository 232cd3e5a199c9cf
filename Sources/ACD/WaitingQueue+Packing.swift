// A queue in a pack.

public import Basics

extension OrderKey: Packable {
    @inlinable public func pack(into writer: inout PackWriter) {
        writer.integer(priorityClass)
        writer.instant(effectiveEnqueuedAt)
        writer.id(contact)
    }

    public init(unpacking reader: inout PackReader) throws {
        self.init(priorityClass: try reader.integer(), enqueuedAt: .epoch, boostSeconds: 0, contact: ContactID(rawValue: 0))
        effectiveEnqueuedAt = try reader.instant()
        contact = try reader.id()
    }
}

extension WaitingQueue {
    /// - Parameter known: its rules, which are not written again if they are the queue's.
    public func pack(into writer: inout PackWriter, rules known: QueueRules?) throws {
        try writer.record { writer in
            let isKnown = rules == known
            writer.flag(isKnown)
            if !isKnown { try rules.pack(into: &writer) }
            try writer.list(waiting)
            try writer.encode(figures)
            writer.flag(isRemoved)
            writer.optional(callbacksDueAt) { $0.instant($1) }
            writer.optional(callbacksPausedUntil) { $0.instant($1) }
            writer.optional(callbackPauseSeconds) { $0.integer($1) }
            writer.optional(emptiesAt) { $0.instant($1) }
            writer.optional(tried) { $0.id($1) }
            writer.optional(offersByMember) { writer, offers in
                writer.map(offers) { writer, agent, offer in
                    writer.id(agent)
                    writer.id(offer)
                }
            }
        }
    }

    /// - Parameter known: as for `pack`; nil: there are none.
    public init(unpacking reader: inout PackReader, rules known: QueueRules?) throws {
        self = try reader.record { reader in
            let rules: QueueRules
            if try reader.flag() {
                guard let known else { throw PackError.damaged }
                rules = known
            } else {
                rules = try QueueRules(unpacking: &reader)
            }
            var queue = WaitingQueue(rules: rules)
            for key in try reader.list(of: OrderKey.self) { queue.insert(key) }
            queue.figures = try reader.decode()
            queue.isRemoved = try reader.flag()
            queue.callbacksDueAt = try reader.optional { try $0.instant() }
            queue.callbacksPausedUntil = try reader.optional { try $0.instant() }
            queue.callbackPauseSeconds = try reader.optional { try $0.integer() }
            queue.emptiesAt = try reader.optional { try $0.instant() }
            queue.tried = try reader.optional { try $0.id() }
            queue.offersByMember = try reader.optional { reader in
                try reader.map { (try $0.id(), try $0.id()) }
            }
            return queue
        }
    }
}
