// What the rules want to be woken for.

/// Deadlines in order of time; those of the same time in the order in which they were set.
///
/// Nothing is taken out early: whoever set a deadline keeps the time that still counts, and an entry with another time is
/// passed over when it comes up. `compact` throws such entries away when they outnumber the living.
/// Inlinable, because unspecialised it would take a good part of every event.
public struct DeadlineHeap<Target: Hashable & Sendable & Codable>: Hashable, Sendable, Codable {
    public struct Entry: Hashable, Sendable, Codable {
        public let at: Instant
        public let number: UInt64
        public let target: Target

        @inlinable init(at: Instant, number: UInt64, target: Target) {
            self.at = at
            self.number = number
            self.target = target
        }
    }

    @usableFromInline var entries: [Entry] = []
    @usableFromInline var number: UInt64 = 0
    /// How many the last `compact` has left; nil: there was none.
    private var kept: Int?

    public init() {}

    @inlinable public var count: Int { entries.count }
    @inlinable public var first: Entry? { entries.first }
    /// Whether there are twice as many as after the last `compact`: before that another one would hardly pay.
    public var hasDoubled: Bool { count > 2 * (kept ?? 0) }

    @inlinable public mutating func set(_ target: Target, at: Instant) {
        guard at != .distantFuture else { return }
        number += 1
        entries.append(Entry(at: at, number: number, target: target))
        // In a buffer two entries change places without being copied.
        entries.withUnsafeMutableBufferPointer { heap in
            var child = heap.count - 1
            while child > 0 {
                let parent = (child - 1) / 2
                guard Self.isBefore(heap[child], heap[parent]) else { break }
                heap.swapAt(child, parent)
                child = parent
            }
        }
    }

    @discardableResult @inlinable
    public mutating func removeFirst() -> Entry? {
        guard let last = entries.indices.last else { return nil }
        entries.withUnsafeMutableBufferPointer { $0.swapAt(0, last) }
        let first = entries.removeLast()
        sink(0)
        return first
    }

    /// Keeps only the entries for which `counts` says so.
    public mutating func compact(_ counts: (Entry) -> Bool) {
        entries.removeAll { !counts($0) }
        kept = entries.count
        for parent in stride(from: entries.count / 2, through: 0, by: -1) { sink(parent) }
    }

    @inlinable mutating func sink(_ start: Int) {
        entries.withUnsafeMutableBufferPointer { heap in
            var parent = start
            while true {
                var least = parent
                for child in (2 * parent + 1)..<(2 * parent + 3) where child < heap.count {
                    if Self.isBefore(heap[child], heap[least]) { least = child }
                }
                if least == parent { return }
                heap.swapAt(parent, least)
                parent = least
            }
        }
    }

    @inlinable static func isBefore(_ a: Entry, _ b: Entry) -> Bool { a.at != b.at ? a.at < b.at : a.number < b.number }
}
