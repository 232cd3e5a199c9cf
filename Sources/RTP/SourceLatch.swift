// Decides whose packets are heard.

/// Strict latching of one leg's source: the address of the session description locks at once; another one, as a phone
/// behind NAT has it, must be learnt in the first seconds from several packets in order. Then the source is locked until
/// the next offer and answer.
public struct SourceLatch: Hashable, Sendable {
    public enum Verdict: Hashable, Sendable {
        /// From the locked source.
        case accepted
        /// From the source to which the latch has just locked.
        case locked
        /// May become the source; not to be heard yet.
        case learning
        case stranger
    }

    /// How long another address than the description's can be learnt, in nanoseconds (architecture.md, "Media plane").
    public static let learningNanoseconds: UInt64 = 3_000_000_000
    /// Packets in order that an unannounced source must show.
    public static let learningPackets: UInt8 = 3

    private enum State: Hashable, Sendable {
        case waiting
        case learning(TransportAddress, source: UInt32, next: UInt16, count: UInt8)
        case locked(TransportAddress)
    }

    public let announced: TransportAddress
    private let learnsUntil: UInt64
    private var state = State.waiting

    /// `announced`: from the session description; `now`: monotonic nanoseconds at which media opens.
    public init(announced: TransportAddress, at now: UInt64) {
        self.announced = announced
        learnsUntil = now &+ Self.learningNanoseconds
    }

    /// The source whose packets are heard, once it is known.
    public var locked: TransportAddress? {
        if case .locked(let address) = state { address } else { nil }
    }

    public mutating func judge(_ header: RTPHeader, from address: TransportAddress, at now: UInt64) -> Verdict {
        switch state {
        case .locked(let known): return known == address ? .accepted : .stranger
        case .waiting:
            if address == announced { return lock(address) }
            guard now < learnsUntil else { return .stranger }
            state = .learning(address, source: header.source, next: header.sequence &+ 1, count: 1)
            return .learning
        case .learning(let candidate, let source, let next, let count):
            if address == announced { return lock(address) }
            guard now < learnsUntil else {
                state = .waiting
                return .stranger
            }
            // A second stranger doesn't push the first aside, or a flood could keep anybody from being learnt.
            guard address == candidate else { return .stranger }
            guard header.source == source, header.sequence == next else {
                state = .learning(address, source: header.source, next: header.sequence &+ 1, count: 1)
                return .learning
            }
            if count + 1 >= Self.learningPackets { return lock(address) }
            state = .learning(address, source: source, next: next &+ 1, count: count + 1)
            return .learning
        }
    }

    private mutating func lock(_ address: TransportAddress) -> Verdict {
        state = .locked(address)
        return .locked
    }
}
