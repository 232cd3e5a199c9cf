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

    @inlinable public mutating func insert(_ value: Value, for key: Key) {
        if let (page, slot) = find(key) {
            pages[page][slot].value = value
            return
        }
        entries += 1
        let page = pageIndex(for: key)
        guard page >= 0 else {
            pages.insert([Entry(key: key, value: value)], at: 0)
            return
        }
        if pages[page].count == Self.pageEntriesMax {
            // Keys that grow fill the last page and open the next one; others split a full page in two.
            if let last = pages[page].last, last.key < key {
                pages.insert([Entry(key: key, value: value)], at: page + 1)
                return
            }
            let tail = Array(pages[page][(Self.pageEntriesMax / 2)...])
            pages[page].removeLast(tail.count)
            pages.insert(tail, at: page + 1)
            insertIntoPage(tail[0].key < key ? page + 1 : page, key, value)
            return
        }
        insertIntoPage(page, key, value)
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

    @inlinable mutating func insertIntoPage(_ page: Int, _ key: Key, _ value: Value) {
        pages[page].insert(Entry(key: key, value: value), at: Self.lowerBound(pages[page], key))
    }

    /// The last page whose first key is not greater; -1 if there is none.
    @inlinable func pageIndex(for key: Key) -> Int {
        var low = 0, high = pages.count
        while low < high {
            let middle = (low + high) / 2
            if pages[middle][0].key <= key { low = middle + 1 } else { high = middle }
        }
        return low - 1
    }

    @inlinable static func lowerBound(_ page: [Entry], _ key: Key) -> Int {
        var low = 0, high = page.count
        while low < high {
            let middle = (low + high) / 2
            if page[middle].key < key { low = middle + 1 } else { high = middle }
        }
        return low
    }

    @inlinable func find(_ key: Key) -> (page: Int, slot: Int)? {
        let page = pageIndex(for: key)
        guard page >= 0 else { return nil }
        let slot = Self.lowerBound(pages[page], key)
        guard slot < pages[page].count, pages[page][slot].key == key else { return nil }
        return (page, slot)
    }
}

extension PagedMap: Sequence {
    /// In the order of the keys.
    @inlinable public func makeIterator() -> FlattenSequence<[[Entry]]>.Iterator { pages.joined().makeIterator() }

    @inlinable public var first: Entry? { pages.first?.first }

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
