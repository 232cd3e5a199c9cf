// The deadlines of a stream loop, earliest first.

/// A binary heap of deadlines. Cancelled ones stay in it until they reach the top or outnumber the others.
nonisolated struct TimerHeap {
    /// Something to be done once; nil after it was done or cancelled.
    final class Entry {
        fileprivate(set) var work: (() -> Void)?
        fileprivate var inHeap = false
        init(_ work: @escaping () -> Void) { self.work = work }
    }

    private struct Slot {
        /// Monotonic nanoseconds.
        let due: UInt64
        /// Deadlines that are equal fire in the order in which they were scheduled.
        let number: UInt64
        let entry: Entry
        static func < (a: Slot, b: Slot) -> Bool { a.due != b.due ? a.due < b.due : a.number < b.number }
    }

    private static let cancelledMin = 64
    private var slots: [Slot] = []
    private var number: UInt64 = 0
    private var cancelled = 0

    /// Entries in the heap, cancelled ones included.
    var count: Int { slots.count }
    /// Monotonic nanoseconds; `.max` if there is nothing to wait for.
    var nextDue: UInt64 { slots.first?.due ?? .max }

    func isFirst(_ entry: Entry) -> Bool { slots.first?.entry === entry }

    /// Does nothing with an entry that was cancelled before it came here.
    mutating func push(_ entry: Entry, due: UInt64) {
        guard entry.work != nil else { return }
        entry.inHeap = true
        number += 1
        slots.append(Slot(due: due, number: number, entry: entry))
        var i = slots.count - 1
        while i > 0, slots[i] < slots[(i - 1) / 2] {
            slots.swapAt(i, (i - 1) / 2)
            i = (i - 1) / 2
        }
    }

    /// The work of the earliest entry that is due at `now`, taken out of the heap.
    mutating func popDue(now: UInt64) -> (() -> Void)? {
        while let first = slots.first, first.due <= now {
            slots.swapAt(0, slots.count - 1)
            slots.removeLast()
            sink(0)
            first.entry.inHeap = false
            if let work = first.entry.work {
                first.entry.work = nil
                return work
            }
            cancelled -= 1
        }
        return nil
    }

    mutating func cancel(_ entry: Entry) {
        guard entry.work != nil else { return }
        entry.work = nil
        guard entry.inHeap else { return }
        cancelled += 1
        guard cancelled > Self.cancelledMin, cancelled > slots.count / 2 else { return }
        slots.removeAll { $0.entry.work == nil }
        cancelled = 0
        for i in stride(from: slots.count / 2, through: 0, by: -1) { sink(i) }
    }

    private mutating func sink(_ start: Int) {
        var i = start
        while true {
            var least = i
            for child in [2 * i + 1, 2 * i + 2] where child < slots.count && slots[child] < slots[least] { least = child }
            if least == i { return }
            slots.swapAt(i, least)
            i = least
        }
    }
}
