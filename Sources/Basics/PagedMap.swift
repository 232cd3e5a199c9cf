// The table of the rules: ordered, cheap to copy, the same on every machine.

/// A map ordered by its keys, kept in pages of at most 256 entries.
///
/// A copy shares every page until one of the two changes it, so that a snapshot taken by a worker costs the loop only the
/// pages that it touches meanwhile. Made for keys that mostly grow: look-up is two binary searches, appending is at the end.
/// Inlinable, because the matching pass looks at a thousand agents per call: unspecialised it would take milliseconds.
@frozen public struct PagedMap<Key: Comparable & Sendable, Value: Sendable>: Sendable {
    @frozen public struct Entry: Sendable {
        public let key: Key
        public var value: Value

        @inlinable init(key: Key, value: Value) {
            self.key = key
            self.value = value
        }
    }

    /// Entries in one page at most.
    @inlinable public static var pageEntriesMax: Int { 256 }

    @usableFromInline var pages: [[Entry]] = []
    @usableFromInline var entries = 0

    @inlinable public init() {}

    @inlinable public var count: Int { entries }
    @inlinable public var isEmpty: Bool { entries == 0 }

    @inlinable public subscript(key: Key) -> Value? {
        get {
            guard let (page, slot) = find(key) else { return nil }
            return pages[page][slot].value
        }
        set {
            if let newValue { insert(newValue, for: key) } else { _ = removeValue(for: key) }
        }
    }

    /// Changes the value of `key` in place; nil if there is none.
    @discardableResult @inlinable
    public mutating func update<Result>(_ key: Key, _ change: (inout Value) throws -> Result) rethrows -> Result? {
        guard let (page, slot) = find(key) else { return nil }
        return try change(&pages[page][slot].value)
    }

    @inlinable public mutating func insert(_ value: consuming Value, for key: Key) {
        let page = pageIndex(for: key)
        guard page >= 0 else {
            entries += 1
            pages.insert([Entry(key: key, value: value)], at: 0)
            return
        }
        let (slot, isFound) = Self.place(of: key, in: pages[page])
        if isFound {
            pages[page][slot].value = value
            return
        }
        entries += 1
        guard pages[page].count == Self.pageEntriesMax else {
            // Keys mostly grow.
            if slot == pages[page].count {
                pages[page].append(Entry(key: key, value: value))
            } else {
                pages[page].insert(Entry(key: key, value: value), at: slot)
            }
            return
        }
        // Keys that grow fill the last page and open the next one; others split a full page in two.
        if slot == Self.pageEntriesMax {
            pages.insert([Entry(key: key, value: value)], at: page + 1)
            return
        }
        let half = Self.pageEntriesMax / 2
        let tail = Array(pages[page][half...])
        pages[page].removeLast(half)
        pages.insert(tail, at: page + 1)
        let isBehind = slot > half
        pages[isBehind ? page + 1 : page].insert(Entry(key: key, value: value), at: isBehind ? slot - half : slot)
    }

    @discardableResult @inlinable
    public mutating func removeValue(for key: Key) -> Value? {
        guard let (page, slot) = find(key) else { return nil }
        entries -= 1
        let entry = pages[page].remove(at: slot)
        if pages[page].isEmpty { pages.remove(at: page) }
        return entry.value
    }

    @inlinable public mutating func removeAll() {
        pages = []
        entries = 0
    }

    // An element that is taken out of an array is a copy, with all that its value refers to; in a buffer it can be looked at
    // where it lies. The functions below are what every event spends its time in.

    /// The last page whose first key is not greater; -1 if there is none.
    @inlinable func pageIndex(for key: Key) -> Int {
        pages.withUnsafeBufferPointer { pages in
            var low = 0, high = pages.count
            while low < high {
                let middle = (low + high) / 2
                let isBehind = pages[middle].withUnsafeBufferPointer { key < $0[0].key }
                if isBehind { high = middle } else { low = middle + 1 }
            }
            return low - 1
        }
    }

    @inlinable static func lowerBound(_ page: [Entry], _ key: Key) -> Int {
        page.withUnsafeBufferPointer { page in
            var low = 0, high = page.count
            while low < high {
                let middle = (low + high) / 2
                if page[middle].key < key { low = middle + 1 } else { high = middle }
            }
            return low
        }
    }

    @inlinable func find(_ key: Key) -> (page: Int, slot: Int)? {
        let page = pageIndex(for: key)
        guard page >= 0 else { return nil }
        let (slot, isFound) = Self.place(of: key, in: pages[page])
        return isFound ? (page, slot) : nil
    }

    /// Where the key is in the page, or would be.
    @inlinable static func place(of key: Key, in page: [Entry]) -> (slot: Int, isFound: Bool) {
        let slot = lowerBound(page, key)
        return (slot, page.withUnsafeBufferPointer { slot < $0.count && $0[slot].key == key })
    }
}

extension PagedMap: Sequence {
    /// In the order of the keys.
    @inlinable public func makeIterator() -> FlattenSequence<[[Entry]]>.Iterator { pages.joined().makeIterator() }

    @inlinable public var first: Entry? { pages.first?.first }
    @inlinable public var last: Entry? { pages.last?.last }

    /// The first entry whose key is greater than `key`.
    @inlinable public func first(after key: Key) -> Entry? {
        var page = Swift.max(pageIndex(for: key), 0)
        while page < pages.count {
            var slot = Self.lowerBound(pages[page], key)
            if slot < pages[page].count, pages[page][slot].key == key { slot += 1 }
            if slot < pages[page].count { return pages[page][slot] }
            page += 1
        }
        return nil
    }
}

extension PagedMap.Entry: Equatable where Value: Equatable {}
extension PagedMap: Equatable where Value: Equatable {
    public static func == (a: Self, b: Self) -> Bool { a.count == b.count && a.elementsEqual(b) }
}

extension PagedMap.Entry: Codable where Key: Codable, Value: Codable {}
extension PagedMap: Codable where Key: Codable, Value: Codable {
    public init(from decoder: any Decoder) throws {
        for entry in try [Entry](from: decoder) { insert(entry.value, for: entry.key) }
    }

    public func encode(to encoder: any Encoder) throws { try Array(self).encode(to: encoder) }
}
