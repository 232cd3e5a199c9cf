// Places in the order of a `PagedMap`, and looking at a value without taking a copy out.

extension PagedMap {
    /// The first entry whose key is not less than `key`.
    @inlinable public func first(notBefore key: Key) -> Entry? {
        let page = Swift.max(pageIndex(for: key), 0)
        guard page < pages.count else { return nil }
        return first(page, Self.place(of: key, in: pages[page].keys).slot)
    }

    /// The first entry whose key is greater than `key`.
    @inlinable public func first(after key: Key) -> Entry? {
        let page = Swift.max(pageIndex(for: key), 0)
        guard page < pages.count else { return nil }
        let (slot, isFound) = Self.place(of: key, in: pages[page].keys)
        return first(page, isFound ? slot + 1 : slot)
    }

    /// The entry at that place, which may be just behind the end of the page.
    @inlinable func first(_ page: Int, _ slot: Int) -> Entry? {
        if slot < pages[page].keys.count { return pages[page][slot] }
        return page + 1 < pages.count ? pages[page + 1][0] : nil
    }

    /// How many keys are less than `key`; takes a step for each page in front.
    @inlinable public func count(before key: Key) -> Int {
        let page = pageIndex(for: key)
        guard page >= 0 else { return 0 }
        var sum = 0
        for index in 0..<page { sum += pages[index].keys.count }
        return sum + Self.place(of: key, in: pages[page].keys).slot
    }

    /// The entry with so many entries in front of it; nil behind the end. Takes a step for each page in front.
    @inlinable public func entry(at offset: Int) -> Entry? {
        guard offset >= 0 else { return nil }
        var rest = offset
        for page in pages {
            if rest < page.keys.count { return page[rest] }
            rest -= page.keys.count
        }
        return nil
    }

    /// What `look` says of the value of `key`; nil if there is none.
    @inlinable public func look<Result>(at key: Key, _ look: (Value) throws -> Result) rethrows -> Result? {
        guard let (page, slot) = find(key) else { return nil }
        return try pages[page].values.withUnsafeBufferPointer { try look($0[slot]) }
    }
}

extension PagedMap.Entry: Hashable where Key: Hashable, Value: Hashable {
    public func hash(into hasher: inout Hasher) {
        hasher.combine(key)
        hasher.combine(value)
    }
}
extension PagedMap: Hashable where Key: Hashable, Value: Hashable {
    public func hash(into hasher: inout Hasher) { for entry in self { hasher.combine(entry) } }
}
