// What the rules want to be woken for comes in order.

import Basics
import Testing

@Suite("Deadline heap") struct DeadlineHeapTests {
    private static func drained(_ heap: DeadlineHeap<Int>) -> [Int] {
        var heap = heap, targets: [Int] = []
        while let entry = heap.removeFirst() { targets.append(entry.target) }
        return targets
    }

    @Test("the earliest comes first, and equal times in the order in which they were set")
    func order() {
        var heap = DeadlineHeap<Int>(), model: [(at: Int, target: Int)] = []
        var random = SeededRandom(seed: 11)
        for target in 0..<2000 {
            let at = random.below(50)
            heap.set(target, at: Instant(seconds: Int64(at)))
            model.append((at, target))
        }
        // A sort by time that keeps what is equal in place.
        let wanted = model.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element.target)
        #expect(heap.count == 2000 && heap.first?.target == wanted.first)
        #expect(Self.drained(heap) == wanted)
        heap.set(-1, at: .distantFuture)
        #expect(heap.count == 2000, "never is no deadline")
    }

    @Test("after it has been compacted it has to double before that is worth another time")
    func doubled() {
        var heap = DeadlineHeap<Int>()
        #expect(!heap.hasDoubled)
        for target in 0..<10 { heap.set(target, at: Instant(seconds: 1)) }
        #expect(heap.hasDoubled)
        heap.compact { $0.target < 6 }
        for target in 10..<16 {
            #expect(!heap.hasDoubled)
            heap.set(target, at: Instant(seconds: 1))
        }
        heap.set(16, at: Instant(seconds: 1))
        #expect(heap.hasDoubled)
    }

    @Test("what no longer counts is thrown away, and the rest stays in order, those set later behind")
    func compact() {
        for size in [0, 1, 2, 3, 10, 999] {
            var heap = DeadlineHeap<Int>()
            for target in 0..<size { heap.set(target, at: Instant(seconds: Int64(target * 7919 % 13))) }
            let wanted = Self.drained(heap).filter { $0 % 3 == 1 }
            heap.compact { $0.target % 3 == 1 }
            #expect(heap.count == wanted.count && Self.drained(heap) == wanted, "of \(size)")
            heap.set(size, at: Instant(seconds: 100))
            heap.set(size + 1, at: Instant(seconds: 100))
            #expect(Self.drained(heap) == wanted + [size, size + 1], "of \(size)")
            heap.compact { _ in false }
            #expect(heap.first == nil && heap.removeFirst() == nil)
        }
    }
}
