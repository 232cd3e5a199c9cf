// A table that remembers what was changed in it, so that what is derived from it can follow.

public import Basics

/// A `PagedMap` with a list of the keys whose values may have changed since `takeChanged` was called last.
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
            changed.append(key)
            entries[key] = newValue
        }
    }

    /// Changes the value of `key` in place; nil if there is none.
    @discardableResult
    mutating func update<Result>(_ key: Key, _ change: (inout Value) throws -> Result) rethrows -> Result? {
        changed.append(key)
        return try entries.update(key, change)
    }

    /// As if it had changed.
    mutating func touch(_ key: Key) { changed.append(key) }

    var hasChanged: Bool { !changed.isEmpty }

    mutating func takeChanged() -> [Key] {
        defer { changed.removeAll(keepingCapacity: true) }
        return changed
    }
}

extension WatchedMap: Codable where Key: Codable, Value: Codable {
    public init(from decoder: any Decoder) throws { self.init(try PagedMap(from: decoder)) }
    public func encode(to encoder: any Encoder) throws { try entries.encode(to: encoder) }
}
