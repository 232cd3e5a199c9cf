// Places in the order of a `PagedMap`, and looking at a value without taking a copy out.

/// Where a value lies in a `PagedMap` until something is put into the map or taken out of it.
@frozen public struct PagedLocation: Hashable, Sendable {
    @usableFromInline let page: Int
    @usableFromInline let slot: Int

    @inlinable init(page: Int, slot: Int) {
        self.page = page
        self.slot = slot
    }
}

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

    /// Shows the entries from the first whose key is not less than `key`, as long as `goesOn` says so.
    @inlinable public func walk(from key: Key, _ goesOn: (Key, Value) -> Bool) {
        var page = Swift.max(pageIndex(for: key), 0)
        guard page < pages.count else { return }
        var slot = Self.place(of: key, in: pages[page].keys).slot
        while page < pages.count {
            while slot < pages[page].keys.count {
                guard goesOn(pages[page].keys[slot], pages[page].values[slot]) else { return }
                slot += 1
            }
            page += 1
            slot = 0
        }
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

    /// For what is looked at and changed several times in a row; nil if there is none.
    @inlinable public func location(of key: Key) -> PagedLocation? {
        find(key).map { PagedLocation(page: $0.page, slot: $0.slot) }
    }

    @inlinable public func look<Result>(at location: PagedLocation, _ look: (Value) throws -> Result) rethrows -> Result {
        try pages[location.page].values.withUnsafeBufferPointer { values in
            guard location.slot < values.count, let first = values.baseAddress else { preconditionFailure("a stale location") }
            return try lend(first + location.slot, to: look)
        }
    }

    /// Changes what lies there in place.
    @inlinable
    public mutating func update<Result>(at location: PagedLocation, _ change: (inout Value) throws -> Result) rethrows -> Result
    {
        try change(&pages[location.page].values[location.slot])
    }

    /// What `look` says of the value of `key`; nil if there is none.
    @inlinable public func look<Result>(at key: Key, _ look: (Value) throws -> Result) rethrows -> Result? {
        guard let (page, slot) = find(key) else { return nil }
        return try pages[page].values.withUnsafeBufferPointer { values in
            try values.baseAddress.map { try lend($0 + slot, to: look) }
        }
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

/// Hands on what lies there, as it lies there.
///
/// Of a type that can be copied the compiler would make a copy for the call, with all its references counted, because it
/// cannot know that nobody changes the memory meanwhile. What may be of a type that cannot be copied it has to leave in place.
@inlinable func lend<Value: ~Copyable, Result>(
    _ value: UnsafePointer<Value>, to read: (borrowing Value) throws -> Result
) rethrows -> Result { try read(value.pointee) }
