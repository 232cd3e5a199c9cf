// A value that lies apart from what it belongs to.

/// Makes what most of its kind do not have as small as a reference. Stored as the value itself.
public indirect enum Boxed<Value: Sendable>: Sendable {
    case one(Value)

    @inlinable public init(_ value: Value) { self = .one(value) }
    @inlinable public var value: Value { switch self { case .one(let value): value } }
}

extension Boxed: Equatable where Value: Equatable {}
extension Boxed: Hashable where Value: Hashable {}

extension Boxed: Decodable where Value: Decodable {
    public init(from decoder: any Decoder) throws { self.init(try Value(from: decoder)) }
}

extension Boxed: Encodable where Value: Encodable {
    public func encode(to encoder: any Encoder) throws { try value.encode(to: encoder) }
}
