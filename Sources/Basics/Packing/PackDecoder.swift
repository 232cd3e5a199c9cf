// Values out of a pack by their `Codable`.

/// Stands before one value.
struct PackDecoder: Decoder {
    let source: PackSource
    let position: Int
    let end: Int
    let depth: Int

    init(_ source: PackSource, _ position: Int, _ end: Int, _ depth: Int) {
        self.source = source
        self.position = position
        self.end = end
        self.depth = depth
    }

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    var reader: PackReader { PackReader(source: source, position: position, end: end, depth: depth) }

    /// The content of a container.
    func block(_ wanted: PackTag, _ expected: String) throws(PackError) -> PackReader {
        var reader = reader
        guard try reader.tag() == wanted else { throw .unexpected(offset: position, expected: expected) }
        return try reader.block()
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(try KeyedPackReader(self))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer { try ListPackReader(self) }
    func singleValueContainer() throws -> any SingleValueDecodingContainer { ValuePackReader(decoder: self) }

    // MARK: Values

    func isNull() throws(PackError) -> Bool {
        var reader = reader
        return try reader.tag() == .null
    }

    func bool() throws(PackError) -> Bool {
        var reader = reader
        switch try reader.tag() {
        case .no: return false
        case .yes: return true
        case .null, .integer, .unsigned, .double, .string, .list, .object:
            throw .unexpected(offset: position, expected: "flag")
        }
    }

    func string() throws(PackError) -> String {
        var reader = reader
        guard try reader.tag() == .string else { throw .unexpected(offset: position, expected: "text") }
        return try reader.string()
    }

    func double() throws(PackError) -> Double {
        var reader = reader
        guard try reader.tag() == .double else { throw .unexpected(offset: position, expected: "fraction") }
        return try reader.double()
    }

    func integer<T: FixedWidthInteger>(_ type: T.Type = T.self) throws(PackError) -> T {
        var reader = reader
        let value: T? =
            switch try reader.tag() {
            case .integer: T(exactly: try reader.integer())
            case .unsigned: T(exactly: try reader.number())
            case .null, .no, .yes, .double, .string, .list, .object: nil
            }
        guard let value else { throw .unexpected(offset: position, expected: "whole number") }
        return value
    }
}

/// The entries of an object, found by the names of their keys.
private final class KeyedPackReader<Key: CodingKey>: KeyedDecodingContainerProtocol {
    private let source: PackSource
    private let end: Int
    private let depth: Int
    private var entries: [(name: Int, position: Int)] = []
    /// Behind the one that was found last: most are asked for in the order in which they were written.
    private var next = 0

    init(_ decoder: PackDecoder) throws(PackError) {
        var reader = try decoder.block(.object, "object")
        source = decoder.source
        end = reader.limit
        depth = reader.depth
        while !reader.isAtEnd {
            let offset = reader.position
            let name = try reader.number()
            guard name >= 1, name <= UInt64(source.names.count) else { throw .unexpected(offset: offset, expected: "key") }
            entries.append((Int(name) - 1, reader.position))
            try reader.skip()
        }
    }

    var codingPath: [any CodingKey] { [] }
    var allKeys: [Key] { entries.compactMap { Key(stringValue: source.names[$0.name]) } }

    private func find(_ name: String) -> PackDecoder? {
        for step in entries.indices {
            let index = (next + step) % entries.count
            guard source.names[entries[index].name] == name else { continue }
            next = index + 1
            return PackDecoder(source, entries[index].position, end, depth)
        }
        return nil
    }

    private func value(_ key: some CodingKey) throws -> PackDecoder {
        if let found = find(key.stringValue) { return found }
        let text = "there is no `\(key.stringValue)`"
        throw DecodingError.keyNotFound(key, DecodingError.Context(codingPath: [], debugDescription: text))
    }

    func contains(_ key: Key) -> Bool {
        let (found, before) = (find(key.stringValue) != nil, next)
        // It is asked for again when it is read.
        if found { next = before - 1 }
        return found
    }

    func decodeNil(forKey key: Key) throws -> Bool {
        let isNull = try value(key).isNull()
        next -= 1
        return isNull
    }

    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try value(key).bool() }
    func decode(_ type: String.Type, forKey key: Key) throws -> String { try value(key).string() }
    func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try value(key).double() }
    func decode(_ type: Float.Type, forKey key: Key) throws -> Float { Float(try value(key).double()) }
    func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try value(key).integer() }
    func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try value(key).integer() }
    func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try value(key).integer() }
    func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try value(key).integer() }
    func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try value(key).integer() }
    func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try value(key).integer() }
    func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try value(key).integer() }
    func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try value(key).integer() }
    func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try value(key).integer() }
    func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try value(key).integer() }
    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T { try T(from: value(key)) }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> { try value(key).container(keyedBy: type) }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer { try value(key).unkeyedContainer() }
    func superDecoder() throws -> any Decoder { throw PackError.unexpected(offset: end, expected: "class") }
    func superDecoder(forKey key: Key) throws -> any Decoder { try superDecoder() }
}

private struct ListPackReader: UnkeyedDecodingContainer {
    private var reader: PackReader
    private(set) var currentIndex = 0

    init(_ decoder: PackDecoder) throws(PackError) { reader = try decoder.block(.list, "list") }

    var codingPath: [any CodingKey] { [] }
    /// Not known before they are read.
    var count: Int? { nil }
    var isAtEnd: Bool { reader.isAtEnd }

    /// The next value, whose reading moves on.
    private mutating func next() throws(PackError) -> PackDecoder {
        guard !reader.isAtEnd else { throw .truncated(offset: reader.position) }
        let decoder = PackDecoder(reader.source, reader.position, reader.limit, reader.depth)
        try reader.skip()
        currentIndex += 1
        return decoder
    }

    mutating func decodeNil() throws -> Bool {
        guard !reader.isAtEnd else { throw PackError.truncated(offset: reader.position) }
        guard try PackDecoder(reader.source, reader.position, reader.limit, reader.depth).isNull() else { return false }
        _ = try next()
        return true
    }

    mutating func decode(_ type: Bool.Type) throws -> Bool { try next().bool() }
    mutating func decode(_ type: String.Type) throws -> String { try next().string() }
    mutating func decode(_ type: Double.Type) throws -> Double { try next().double() }
    mutating func decode(_ type: Float.Type) throws -> Float { Float(try next().double()) }
    mutating func decode(_ type: Int.Type) throws -> Int { try next().integer() }
    mutating func decode(_ type: Int8.Type) throws -> Int8 { try next().integer() }
    mutating func decode(_ type: Int16.Type) throws -> Int16 { try next().integer() }
    mutating func decode(_ type: Int32.Type) throws -> Int32 { try next().integer() }
    mutating func decode(_ type: Int64.Type) throws -> Int64 { try next().integer() }
    mutating func decode(_ type: UInt.Type) throws -> UInt { try next().integer() }
    mutating func decode(_ type: UInt8.Type) throws -> UInt8 { try next().integer() }
    mutating func decode(_ type: UInt16.Type) throws -> UInt16 { try next().integer() }
    mutating func decode(_ type: UInt32.Type) throws -> UInt32 { try next().integer() }
    mutating func decode(_ type: UInt64.Type) throws -> UInt64 { try next().integer() }
    mutating func decode<T: Decodable>(_ type: T.Type) throws -> T { try T(from: next()) }

    mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) throws -> KeyedDecodingContainer<Nested> {
        try next().container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { try next().unkeyedContainer() }
    mutating func superDecoder() throws -> any Decoder {
        throw PackError.unexpected(offset: reader.position, expected: "class")
    }
}

private struct ValuePackReader: SingleValueDecodingContainer {
    let decoder: PackDecoder

    var codingPath: [any CodingKey] { [] }

    func decodeNil() -> Bool { (try? decoder.isNull()) ?? false }
    func decode(_ type: Bool.Type) throws -> Bool { try decoder.bool() }
    func decode(_ type: String.Type) throws -> String { try decoder.string() }
    func decode(_ type: Double.Type) throws -> Double { try decoder.double() }
    func decode(_ type: Float.Type) throws -> Float { Float(try decoder.double()) }
    func decode(_ type: Int.Type) throws -> Int { try decoder.integer() }
    func decode(_ type: Int8.Type) throws -> Int8 { try decoder.integer() }
    func decode(_ type: Int16.Type) throws -> Int16 { try decoder.integer() }
    func decode(_ type: Int32.Type) throws -> Int32 { try decoder.integer() }
    func decode(_ type: Int64.Type) throws -> Int64 { try decoder.integer() }
    func decode(_ type: UInt.Type) throws -> UInt { try decoder.integer() }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try decoder.integer() }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try decoder.integer() }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try decoder.integer() }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try decoder.integer() }
    func decode<T: Decodable>(_ type: T.Type) throws -> T { try T(from: decoder) }
}
