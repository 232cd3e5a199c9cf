// Deadlines that all lie equally far ahead, so that they fall due in the order in which they were set.

/// A queue of calls to look after when a fixed time has passed. A call that is over by then is passed over by the user,
/// so entries are never searched for: at most the calls of that time are in it.
nonisolated struct DeadlineQueue {
    private let nanoseconds: UInt64
    private var entries: [(due: UInt64, call: CallID)] = []
    private var head = 0

    init(seconds: Int) { nanoseconds = UInt64(max(1, seconds)) * 1_000_000_000 }

    /// Monotonic nanoseconds; `.max`: empty.
    var due: UInt64 { head < entries.count ? entries[head].due : .max }

    mutating func add(_ call: CallID, at now: UInt64) { entries.append((now &+ nanoseconds, call)) }

    /// The next call whose time has come.
    mutating func next(at now: UInt64) -> CallID? {
        guard due <= now else { return nil }
        let call = entries[head].call
        head += 1
        if head > 256, head * 2 > entries.count {
            entries.removeFirst(head)
            head = 0
        }
        return call
    }
}
