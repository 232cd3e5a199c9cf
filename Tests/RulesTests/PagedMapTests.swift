// The table of the rules, against a plain dictionary.

import Basics
import Foundation
import Testing

@Suite("Paged map") struct PagedMapTests {
    private static let page = PagedMap<Int, Int>.pageEntriesMax

    private static func expect(_ map: PagedMap<Int, Int>, is model: [Int: Int], _ what: Comment) {
        let keys = model.keys.sorted()
        #expect(map.count == keys.count && map.isEmpty == keys.isEmpty, what)
        #expect(map.map(\.key) == keys && map.map(\.value) == keys.map { model[$0] }, what)
        #expect(map.first?.key == keys.first, what)
        // From every key, from every gap, and from before the first one.
        var walked: [Int] = []
        var entry = map.first(after: -1)
        while let found = entry, walked.count <= keys.count {
            walked.append(found.key)
            entry = map.first(after: found.key)
        }
        #expect(walked == keys, what)
    }

    @Test("keys that come in the middle split full pages, and nothing is lost")
    func split() {
        var map = PagedMap<Int, Int>(), model: [Int: Int] = [:]
        for key in stride(from: 0, to: 8 * Self.page, by: 4) { (map[key], model[key]) = (key, key) }
        Self.expect(map, is: model, "growing keys")
        // Into one full page until it has split several times, then before the first key, then anywhere.
        for key in stride(from: 4 * Self.page, to: 8 * Self.page, by: 1) { (map[key], model[key]) = (-key, -key) }
        Self.expect(map, is: model, "keys in the middle")
        for key in (0..<2 * Self.page).reversed() { (map[key], model[key]) = (1, 1) }
        Self.expect(map, is: model, "falling keys")
        var random = SeededRandom(seed: 7)
        for _ in 0..<5000 {
            let key = random.below(9 * Self.page)
            if random.below(3) == 0 {
                #expect(map.removeValue(for: key) == model.removeValue(forKey: key))
            } else {
                (map[key], model[key]) = (key + 1, key + 1)
            }
        }
        Self.expect(map, is: model, "at random")
        for key in -1...9 * Self.page { #expect(map[key] == model[key]) }
    }

    @Test("pages that become empty go, and walks pass over the gap")
    func removal() {
        var map = PagedMap<Int, Int>(), model: [Int: Int] = [:]
        for key in 0..<5 * Self.page { (map[key], model[key]) = (key, key) }
        let copy = map
        for key in Self.page..<3 * Self.page { (map[key], model[key]) = (nil, nil) }
        Self.expect(map, is: model, "two pages gone")
        #expect(map.first(after: Self.page - 1)?.key == 3 * Self.page)
        #expect(map.first(after: 2 * Self.page)?.key == 3 * Self.page)
        #expect(map.first(after: 5 * Self.page) == nil && map.update(Self.page) { $0 += 1 } == nil)
        #expect(map.removeValue(for: Self.page) == nil && map.count == 3 * Self.page)
        for key in 0..<5 * Self.page { map[key] = nil }
        Self.expect(map, is: [:], "all gone")
        #expect(map.last == nil && map.entry(at: 0) == nil && map.count(before: 9) == 0 && map.first(notBefore: 0) == nil)
        #expect(map == PagedMap<Int, Int>() && map.location(of: Self.page) == nil)
        var again = map
        for key in [7, 3, 9] { again[key] = key }
        Self.expect(again, is: [7: 7, 3: 3, 9: 9], "used again")
        Self.expect(map, is: [:], "and the other is not")
        #expect(map.first == nil && map.first(after: 0) == nil)
        map[3] = 3
        Self.expect(map, is: [3: 3], "and one again")
        #expect(copy.count == 5 * Self.page && copy[2 * Self.page] == 2 * Self.page, "the copy stays as it was")
    }

    @Test("first(after:) of a key that is not there is the next one that is")
    func gaps() {
        var map = PagedMap<Int, Int>()
        for key in stride(from: 0, to: 30 * Self.page, by: 10) { map[key] = key }
        let last = 30 * Self.page - 10
        for key in stride(from: -5, to: last, by: 5) {
            #expect(map.first(after: key)?.key == (key < 0 ? 0 : key / 10 * 10 + 10), "after \(key)")
        }
        #expect(map.first(after: last) == nil)
    }

    @Test("what is decoded equals what was encoded, and an order that somebody has changed is put right")
    func decoding() throws {
        var map = PagedMap<Int, Int>()
        for key in (0..<3 * Self.page).reversed() { map[key] = key * key }
        let data = try JSONEncoder().encode(map)
        #expect(try JSONDecoder().decode(PagedMap<Int, Int>.self, from: data) == map)
        let shuffled = Data(#"[{"key":2,"value":20},{"key":1,"value":10},{"key":2,"value":21}]"#.utf8)
        let decoded = try JSONDecoder().decode(PagedMap<Int, Int>.self, from: shuffled)
        Self.expect(decoded, is: [1: 10, 2: 21], "shuffled")
        #expect(try JSONDecoder().decode(PagedMap<Int, Int>.self, from: Data("[]".utf8)).isEmpty)
    }

    @Test("agents and queues are in the order of their names, however much of these is the same")
    func names() {
        let names = [
            "", "a", "agent-1", "agent-10", "agent-100", "agent-1000", "agent-2", "agent-99", "agent_1", "b", "zoë", "zz",
        ]
        for a in names {
            for b in names {
                #expect((AgentID(a) < AgentID(b)) == (a < b) && (QueueID(a) < QueueID(b)) == (a < b), "\(a), \(b)")
                #expect((AgentID(a) == AgentID(b)) == (a == b))
            }
        }
    }
}
