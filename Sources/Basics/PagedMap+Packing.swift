// A map in a pack: its entries in the order of the keys.

extension PackWriter {
    /// - Parameter write: writes key and value.
    @inlinable public mutating func map<Key, Value>(
        _ map: PagedMap<Key, Value>, _ write: (inout PackWriter, Key, Value) throws -> Void
    ) rethrows {
        number(UInt64(map.count))
        for page in map.pages {
            for slot in page.keys.indices { try write(&self, page.keys[slot], page.values[slot]) }
        }
    }
}

extension PackReader {
    /// - Parameter read: reads key and value.
    public mutating func map<Key, Value>(
        _ read: (inout PackReader) throws -> (key: Key, value: Value)
    ) throws -> PagedMap<Key, Value> {
        let count = try elements()
        var map = PagedMap<Key, Value>()
        for _ in 0..<count {
            let (key, value) = try read(&self)
            map.insert(value, for: key)
        }
        return map
    }
}
