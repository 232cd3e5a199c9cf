// Watches the rules' invariants while they run: slowly, in slices, and never as a trap.

internal import Basics
internal import ContactCenter
internal import Logging
internal import MainLoop

/// Checks agents, contacts and queues one after the other; every one of them is looked at within `roundSeconds`.
final class InvariantWatch {
    static let roundSeconds = 10.0
    static let sliceNanoseconds: UInt64 = 500_000
    private static let slicesPerRound = 20.0
    private static let loggedMax = 100

    private(set) var violations = 0
    private let turn: Turn
    private let logger: Logger
    private var timer: OneShotTimer?
    private var lastAgent: AgentID?
    private var lastContact: ContactID?
    private var lastQueue: QueueID?

    init(turn: Turn, on loop: MainLoop, logger: Logger) {
        self.turn = turn
        self.logger = logger
        timer = OneShotTimer(on: loop) { [unowned self] in slice() }
        arm()
    }

    private func arm() {
        timer?.due = MonotonicClock.now + UInt64(Self.roundSeconds / Self.slicesPerRound * 1_000_000_000)
    }

    /// Goes on where the last slice ended; at the end of a table it begins again with the next slice.
    private func slice() {
        let center = turn.center
        let start = MonotonicClock.now
        // A third of the slice and what the one before left over: a thousand agents do not keep the contacts unseen.
        let third = Self.sliceNanoseconds / 3
        var found: [String] = []
        walk(center.agents, &lastAgent, until: start + third) { found += Invariants.violations(of: $0, in: center) }
        walk(center.contacts, &lastContact, until: start + 2 * third) { found += Invariants.violations(of: $0, in: center) }
        walk(center.queues, &lastQueue, until: start + 3 * third) { found += Invariants.violations(of: $0, in: center) }
        for violation in found {
            violations += 1
            if violations <= Self.loggedMax { logger.error("invariant violated", metadata: ["what": "\(violation)"]) }
        }
        arm()
    }

    private func walk<Key, Value>(
        _ table: PagedMap<Key, Value>, _ last: inout Key?, until limit: UInt64, _ check: (Value) -> Void
    ) {
        var entry = last.flatMap { table.first(after: $0) } ?? table.first
        var checked = 0
        while let current = entry, checked < table.count {
            check(current.value)
            checked += 1
            last = current.key
            if MonotonicClock.now >= limit { return }
            entry = table.first(after: current.key)
        }
        if entry == nil { last = nil }
    }
}
