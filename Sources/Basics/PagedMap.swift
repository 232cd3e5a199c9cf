// The table of the rules: ordered, cheap to copy, the same on every machine.

/// A map ordered by its keys, kept in pages of at most 64 entries.
///
/// A copy shares every page until one of the two changes it, so that a snapshot taken by a worker costs the loop only the
/// pages that it touches meanwhile. Made for keys that mostly grow: look-up is two binary searches, appending is at the end.
/// Keys are kept apart from values, so that a search stays within a few lines of memory however large the values are.
/// Inlinable, because the matching pass looks at a thousand agents per call: unspecialised it would take milliseconds.
@frozen public struct PagedMap<Key: Comparable & Sendable, Value: Sendable>: Sendable {
    @frozen public struct Entry: Sendable {
        public let key: Key
        public var value: Value

        @inlinable public init(key: Key, value: Value) {
            self.key = key
            self.value = value
        }
    }

    /// Keys and values in the same order; never empty, but for the only page of an empty map that has had entries.
    @frozen @usableFromInline struct Page: Sendable {
        @usableFromInline var keys: [Key]
        @usableFromInline var values: [Value]

        @inlinable init(keys: [Key], values: [Value]) {
            self.keys = keys
            self.values = values
        }

        @inlinable subscript(slot: Int) -> Entry { Entry(key: keys[slot], value: values[slot]) }
    }

    /// Entries in one page at most.
    @inlinable public static var pageEntriesMax: Int { 64 }

    @usableFromInline var pages: [Page] = []
    /// Of each page the first key.
    @usableFromInline var firstKeys: [Key] = []
    @usableFromInline var entries = 0

    @inlinable public init() {}

    @inlinable public var count: Int { entries }
    @inlinable public var isEmpty: Bool { entries == 0 }

    @inlinable public subscript(key: Key) -> Value? {
        get {
            guard let (page, slot) = find(key) else { return nil }
            return pages[page].values[slot]
        }
        set {
            if let newValue { insert(newValue, for: key) } else { _ = removeValue(for: key) }
        }
    }

    /// Changes the value of `key` in place; nil if there is none.
    @discardableResult @inlinable
    public mutating func update<Result>(_ key: Key, _ change: (inout Value) throws -> Result) rethrows -> Result? {
        guard let (page, slot) = find(key) else { return nil }
        return try change(&pages[page].values[slot])
    }

    @inlinable public mutating func insert(_ value: consuming Value, for key: Key) {
        // What comes before everything else goes to the first page.
        let page = Swift.max(0, pageIndex(for: key))
        guard page < pages.count else { return insertPage(Page(keys: [key], values: [value]), at: 0) }
        let (slot, isFound) = Self.place(of: key, in: pages[page].keys)
        if isFound {
            pages[page].values[slot] = value
        } else if pages[page].keys.count < Self.pageEntriesMax {
            insert(value, for: key, page, slot)
        } else if slot == Self.pageEntriesMax {
            // Keys that grow fill the last page and open the next one; others split a full page in two.
            insertPage(Page(keys: [key], values: [value]), at: page + 1)
        } else {
            let half = Self.pageEntriesMax / 2
            let tail = Page(keys: Array(pages[page].keys[half...]), values: Array(pages[page].values[half...]))
            pages[page].keys.removeLast(half)
            pages[page].values.removeLast(half)
            entries -= half
            insertPage(tail, at: page + 1)
            if slot > half { insert(value, for: key, page + 1, slot - half) } else { insert(value, for: key, page, slot) }
        }
    }

    @discardableResult @inlinable
    public mutating func removeValue(for key: Key) -> Value? {
        guard let (page, slot) = find(key) else { return nil }
        entries -= 1
        pages[page].keys.remove(at: slot)
        let value = pages[page].values.remove(at: slot)
        if let first = pages[page].keys.first {
            if slot == 0 { firstKeys[page] = first }
        } else if pages.count > 1 {
            // The last one keeps its memory: a line where nobody waits is one that somebody comes to.
            pages.remove(at: page)
            firstKeys.remove(at: page)
        }
        return value
    }

    @inlinable public mutating func removeAll() { self = PagedMap() }

    @inlinable mutating func insertPage(_ page: Page, at index: Int) {
        entries += page.keys.count
        firstKeys.insert(page.keys[0], at: index)
        pages.insert(page, at: index)
    }

    @inlinable mutating func insert(_ value: consuming Value, for key: Key, _ page: Int, _ slot: Int) {
        entries += 1
        if slot == 0 { firstKeys[page] = key }
        if slot == pages[page].keys.count {
            pages[page].keys.append(key)
            pages[page].values.append(value)
        } else {
            pages[page].keys.insert(key, at: slot)
            pages[page].values.insert(value, at: slot)
        }
    }

    // MARK: Searching

    /// The last page whose first key is not greater; -1 if there is none.
    @inlinable func pageIndex(for key: Key) -> Int {
        // Most tables are that small, and within the page it is found out all the same.
        if pages.count < 2 { return pages.count - 1 }
        let place = Self.place(of: key, in: firstKeys)
        return place.isFound ? place.slot : place.slot - 1
    }

    @inlinable func find(_ key: Key) -> (page: Int, slot: Int)? {
        let page = pageIndex(for: key)
        guard page >= 0 else { return nil }
        let (slot, isFound) = Self.place(of: key, in: pages[page].keys)
        return isFound ? (page, slot) : nil
    }

    /// How many of the keys are less, and whether the next one is the same. Looks at them where they lie: an element that is
    /// taken out of an array is a copy.
    @inlinable static func place(of key: Key, in keys: [Key]) -> (slot: Int, isFound: Bool) {
        keys.withUnsafeBufferPointer { keys in
            // The length of the way depends on the count alone, so that a step is no branch that could be foretold wrongly.
            var low = 0, count = keys.count
            while count > 1 {
                let half = count / 2
                low = keys[low + half - 1] < key ? low + half : low
                count -= half
            }
            if count == 1, keys[low] < key { low += 1 }
            return (low, low < keys.count && keys[low] == key)
        }
    }
}

extension PagedMap: Sequence {
    /// In the order of the keys.
    @frozen public struct Iterator: IteratorProtocol {
        @usableFromInline let pages: [Page]
        @usableFromInline var page = 0
        @usableFromInline var slot = 0

        @inlinable init(pages: [Page]) { self.pages = pages }

        @inlinable public mutating func next() -> Entry? {
            guard page < pages.count else { return nil }
            let entry = pages[page][slot]
            slot += 1
            if slot == pages[page].keys.count {
                page += 1
                slot = 0
            }
            return entry
        }
    }

    @inlinable public func makeIterator() -> Iterator { Iterator(pages: isEmpty ? [] : pages) }

    @inlinable public var first: Entry? { isEmpty ? nil : pages[0][0] }
    @inlinable public var last: Entry? { isEmpty ? nil : pages.last.map { $0[$0.keys.count - 1] } }
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
