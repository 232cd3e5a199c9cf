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

    /// What the source was before the present description.
    private enum Before: Hashable, Sendable {
        case nobody
        /// The description says the same as before, as after a hold: this source is as good as the announced one, yet its
        /// way through a NAT may be another one by now.
        case known(TransportAddress)
        /// The description names somebody else: packets of the old source may still be on their way, so it can be learnt
        /// only once they must have come in.
        case replaced(TransportAddress)
    }

    /// How long another address than the description's can be learnt, in nanoseconds (architecture.md, "Media plane").
    public static let learningNanoseconds: UInt64 = 3_000_000_000
    /// Packets in order that an unannounced source must show.
    public static let learningPackets: UInt8 = 3
    /// A candidate whose next packet in order is missing for so long, in nanoseconds, makes room for another one.
    public static let candidateNanoseconds: UInt64 = 100_000_000
    /// How long a replaced source can't be learnt, in nanoseconds.
    public static let replacedNanoseconds: UInt64 = 1_000_000_000

    private struct Candidate: Hashable, Sendable {
        var address: TransportAddress
        var source: UInt32
        var next: UInt16
        var count: UInt8
        /// When the first packet came, or the last one in order.
        var lastInOrder: UInt64
    }

    private enum State: Hashable, Sendable {
        case waiting
        case learning(Candidate)
        case locked(TransportAddress)
    }

    public let announced: TransportAddress
    private let before: Before
    private let opened: UInt64
    private var state = State.waiting

    /// `announced`: from the session description; `now`: monotonic nanoseconds at which media opens.
    public init(announced: TransportAddress, at now: UInt64) {
        self.init(announced: announced, before: .nobody, at: now)
    }

    private init(announced: TransportAddress, before: Before, at now: UInt64) {
        self.announced = announced
        self.before = before == .replaced(announced) ? .nobody : before
        opened = now
    }

    /// The source whose packets are heard, once it is known.
    public var locked: TransportAddress? {
        if case .locked(let address) = state { address } else { nil }
    }

    /// The latch for a description that says the same as this one's.
    public func reopened(at now: UInt64) -> SourceLatch {
        SourceLatch(announced: announced, before: locked.map(Before.known) ?? before, at: now)
    }

    /// The latch for a description that names another address than this one's.
    public func moved(to address: TransportAddress, at now: UInt64) -> SourceLatch {
        let old: Before =
            switch before {
            case .nobody: .nobody
            case .known(let address), .replaced(let address): .replaced(address)
            }
        return SourceLatch(announced: address, before: locked.map(Before.replaced) ?? old, at: now)
    }

    public mutating func judge(_ header: RTPHeader, from address: TransportAddress, at now: UInt64) -> Verdict {
        if case .locked(let known) = state { return known == address ? .accepted : .stranger }
        if address == announced || before == .known(address) { return lock(address) }
        let age = now - min(now, opened)
        guard age < Self.learningNanoseconds, before != .replaced(address) || age >= Self.replacedNanoseconds else {
            return .stranger
        }
        guard case .learning(var candidate) = state else { return begin(header, address, at: now) }
        guard candidate.address == address else {
            // One packet that went astray must not keep a phone from being learnt; but who shows one packet after the other
            // is not pushed aside, or a flood could keep everybody from it.
            let isGone = now - min(now, candidate.lastInOrder) >= Self.candidateNanoseconds
            return isGone ? begin(header, address, at: now) : .stranger
        }
        if header.source == candidate.source, header.sequence == candidate.next {
            if candidate.count + 1 >= Self.learningPackets { return lock(address) }
            candidate.count += 1
            candidate.lastInOrder = now
        } else {
            candidate.source = header.source
            candidate.count = 1
        }
        candidate.next = header.sequence &+ 1
        state = .learning(candidate)
        return .learning
    }

    private mutating func begin(_ header: RTPHeader, _ address: TransportAddress, at now: UInt64) -> Verdict {
        state = .learning(
            Candidate(
                address: address, source: header.source, next: header.sequence &+ 1, count: 1, lastInOrder: now))
        return .learning
    }

    private mutating func lock(_ address: TransportAddress) -> Verdict {
        state = .locked(address)
        return .locked
    }
}
