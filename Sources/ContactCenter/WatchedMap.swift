// A table that remembers what was changed in it, so that what is derived from it can follow.

public import Basics

/// A `PagedMap` with a list of the keys whose values may have changed since `takeChanged` was called last. Who is changed
/// several times in a row stands in it once.
///
/// The list is no part of the state: it is not stored, and not compared.
public struct WatchedMap<Key: Comparable & Sendable, Value: Sendable>: Sendable, Sequence {
    public private(set) var entries: PagedMap<Key, Value>
    private var changed: [Key] = []

    public init(_ entries: PagedMap<Key, Value> = PagedMap()) { self.entries = entries }

    public var count: Int { entries.count }
    public var isEmpty: Bool { entries.isEmpty }
    public var first: PagedMap<Key, Value>.Entry? { entries.first }
    public func first(after key: Key) -> PagedMap<Key, Value>.Entry? { entries.first(after: key) }
    public func makeIterator() -> PagedMap<Key, Value>.Iterator { entries.makeIterator() }

    /// What `look` says of the value of `key`; nil if there is none.
    public func look<Result>(at key: Key, _ look: (Value) throws -> Result) rethrows -> Result? {
        try entries.look(at: key, look)
    }

    public internal(set) subscript(key: Key) -> Value? {
        get { entries[key] }
        set {
            touch(key)
            entries[key] = newValue
        }
    }

    mutating func insert(_ value: consuming Value, for key: Key) {
        touch(key)
        entries.insert(value, for: key)
    }

    /// Of a change from which nothing is derived.
    mutating func insertUnwatched(_ value: consuming Value, for key: Key) { entries.insert(value, for: key) }

    /// The same in place; nil if there is none.
    @discardableResult
    mutating func updateUnwatched<Result>(_ key: Key, _ change: (inout Value) -> Result) -> Result? {
        entries.update(key, change)
    }

    mutating func removeValue(for key: Key) {
        touch(key)
        entries.removeValue(for: key)
    }

    /// Changes the value of `key` in place; nil if there is none.
    @discardableResult
    mutating func update<Result>(_ key: Key, _ change: (inout Value) throws -> Result) rethrows -> Result? {
        touch(key)
        return try entries.update(key, change)
    }

    /// As if it had changed.
    mutating func touch(_ key: Key) { if changed.last != key { changed.append(key) } }

    var hasChanged: Bool { !changed.isEmpty }

    /// - Parameter keys: gets them; what it had is thrown away. Its memory takes the next ones.
    mutating func takeChanged(into keys: inout [Key]) {
        if !keys.isEmpty { keys.removeAll(keepingCapacity: true) }
        swap(&keys, &changed)
    }
}

extension WatchedMap: Codable where Key: Codable, Value: Codable {
    public init(from decoder: any Decoder) throws { self.init(try PagedMap(from: decoder)) }
    public func encode(to encoder: any Encoder) throws { try entries.encode(to: encoder) }
}
