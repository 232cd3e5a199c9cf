// Places in the order of a `PagedMap`, and looking at a value without taking a copy out.

extension PagedMap {
    /// The first entry whose key is not less than `key`.
    @inlinable public func first(notBefore key: Key) -> Entry? {
        var page = Swift.max(pageIndex(for: key), 0)
        while page < pages.count {
            let slot = Self.lowerBound(pages[page], key)
            if slot < pages[page].count { return pages[page][slot] }
            page += 1
        }
        return nil
    }

    /// How many keys are less than `key`; takes a step for each page in front.
    @inlinable public func count(before key: Key) -> Int {
        let page = pageIndex(for: key)
        guard page >= 0 else { return 0 }
        var sum = 0
        for index in 0..<page { sum += pages[index].count }
        return sum + Self.lowerBound(pages[page], key)
    }

    /// The entry with so many entries in front of it; nil behind the end. Takes a step for each page in front.
    @inlinable public func entry(at offset: Int) -> Entry? {
        guard offset >= 0 else { return nil }
        var rest = offset
        for page in pages {
            if rest < page.count { return page[rest] }
            rest -= page.count
        }
        return nil
    }

    /// What `look` says of the value of `key`; nil if there is none.
    @inlinable public func look<Result>(at key: Key, _ look: (Value) throws -> Result) rethrows -> Result? {
        guard let (page, slot) = find(key) else { return nil }
        return try pages[page].withUnsafeBufferPointer { try look($0[slot].value) }
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
