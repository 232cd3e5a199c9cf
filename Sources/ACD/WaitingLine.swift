// Those who wait in one queue, in the order of service.

internal import Basics

/// The keys of a queue's contacts, smallest first. Entering and leaving take the same time at the front as anywhere else.
public struct WaitingLine: Hashable, Sendable, RandomAccessCollection {
    private var keys = PagedMap<OrderKey, Pool.Place>()

    public init() {}

    public var startIndex: Int { 0 }
    public var endIndex: Int { keys.count }

    /// Takes a step for each few hundred keys in front.
    public subscript(place: Int) -> OrderKey {
        guard let entry = keys.entry(at: place) else { preconditionFailure("no place \(place) among \(keys.count)") }
        return entry.key
    }

    public var last: OrderKey? { keys.last?.key }

    public struct Iterator: IteratorProtocol {
        var entries: PagedMap<OrderKey, Pool.Place>.Iterator

        public mutating func next() -> OrderKey? { entries.next()?.key }
    }

    public func makeIterator() -> Iterator { Iterator(entries: keys.makeIterator()) }

    public func contains(_ key: OrderKey) -> Bool { keys.look(at: key) { _ in true } ?? false }
    /// How many are served before one with this key.
    public func count(before key: OrderKey) -> Int { keys.count(before: key) }

    mutating func insert(_ key: OrderKey) { keys[key] = Pool.Place() }
    mutating func remove(_ key: OrderKey) { keys[key] = nil }
}

// Stored as the list of the keys.
extension WaitingLine: Codable {
    public init(from decoder: any Decoder) throws {
        for key in try [OrderKey](from: decoder) { insert(key) }
    }

    public func encode(to encoder: any Encoder) throws { try Array(self).encode(to: encoder) }
}

extension WaitingLine: ExpressibleByArrayLiteral {
    public init(arrayLiteral keys: OrderKey...) { for key in keys { insert(key) } }
}
