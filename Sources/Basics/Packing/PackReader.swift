// Reads packed values, one behind the other, and never beyond the end of what holds them.

/// The bytes of a pack with the names of its keys.
final class PackSource: Sendable {
    let version: UInt8
    let bytes: [UInt8]
    let names: [String]

    init(version: UInt8, bytes: [UInt8], names: [String]) {
        self.version = version
        self.bytes = bytes
        self.names = names
    }
}

/// A stretch of a pack and how far it has been read.
public struct PackReader {
    let source: PackSource
    private(set) var position: Int
    let limit: Int
    /// Values around this one.
    let depth: Int

    init(source: PackSource, position: Int, end: Int, depth: Int) {
        self.source = source
        self.position = position
        limit = min(end, source.bytes.count)
        self.depth = depth
    }

    /// That the pack was written with: what came later is not in it.
    public var version: UInt8 { source.version }

    public var isAtEnd: Bool { position >= limit }

    /// The error for a byte, just read, that stands for nothing.
    public func unexpected(_ expected: String) -> PackError { .unexpected(offset: position - 1, expected: expected) }

    // MARK: Fields

    public mutating func byte() throws(PackError) -> UInt8 {
        guard position < limit else { throw .truncated(offset: position) }
        position += 1
        return source.bytes[position - 1]
    }

    public mutating func flag() throws(PackError) -> Bool {
        switch try byte() {
        case 0: false
        case 1: true
        default: throw .unexpected(offset: position - 1, expected: "flag")
        }
    }

    public mutating func number() throws(PackError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            let byte = try byte()
            if shift == 63, byte > 1 { break }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        throw .unexpected(offset: position, expected: "number")
    }

    public mutating func integer() throws(PackError) -> Int {
        let number = try number()
        return Int(Int64(bitPattern: number >> 1) ^ -Int64(bitPattern: number & 1))
    }

    public mutating func word() throws(PackError) -> UInt64 {
        guard limit - position >= 8 else { throw .truncated(offset: position) }
        defer { position += 8 }
        let position = position
        return source.bytes.withUnsafeBytes {
            UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: position, as: UInt64.self))
        }
    }

    public mutating func double() throws(PackError) -> Double { Double(bitPattern: try word()) }
    public mutating func instant() throws(PackError) -> Instant { Instant(microseconds: Int64(bitPattern: try word())) }

    public mutating func duration() throws(PackError) -> Duration {
        let (seconds, attoseconds) = (Int64(bitPattern: try word()), Int64(bitPattern: try word()))
        // Elsewhere a duration would trap (SE-0329: 128 bits of attoseconds).
        guard abs(Double(seconds)) < 1e18, abs(Double(attoseconds)) < 1e18 else {
            throw .unexpected(offset: position, expected: "duration")
        }
        return Duration(secondsComponent: seconds, attosecondsComponent: attoseconds)
    }

    public mutating func string() throws(PackError) -> String {
        let length = try number()
        guard length <= UInt64(limit - position) else { throw .truncated(offset: position) }
        let bytes = source.bytes[position..<(position + Int(length))]
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .unexpected(offset: position, expected: "text")
        }
        position += Int(length)
        return text
    }

    public mutating func id<ID: NumericIdentifier>() throws(PackError) -> ID { ID(rawValue: try number()) }
    public mutating func id<ID: NamedIdentifier>() throws(PackError) -> ID { ID(rawValue: try string()) }

    public mutating func optional<T>(_ read: (inout PackReader) throws -> T) throws -> T? {
        try flag() ? try read(&self) : nil
    }

    /// Of a list; each element takes at least one byte.
    public mutating func elements() throws(PackError) -> Int {
        let count = try number()
        guard count <= UInt64(limit - position) else { throw .truncated(offset: position) }
        return Int(count)
    }

    public mutating func list<T>(_ read: (inout PackReader) throws -> T) throws -> [T] {
        let count = try elements()
        var elements: [T] = []
        for _ in 0..<count { elements.append(try read(&self)) }
        return elements
    }

    public mutating func list<T: Packable>(of type: T.Type = T.self) throws -> [T] { try list { try T(unpacking: &$0) } }

    /// What `PackWriter.record` wrote; everything in it has to be read.
    public mutating func record<T>(_ read: (inout PackReader) throws -> T) throws -> T {
        var inner = try block()
        let value = try read(&inner)
        try inner.end()
        return value
    }

    /// Whether a record was read to its end: a newer program may have written more.
    public func end() throws(PackError) {
        guard isAtEnd else { throw .unknownFields(offset: position) }
    }

    /// Any value, by its `Codable`.
    public mutating func decode<T: Decodable>(_ type: T.Type = T.self) throws -> T {
        let decoder = PackDecoder(source, position, limit, depth)
        let value = try T(from: decoder)
        try skip()
        return value
    }

    public mutating func decodeIfPresent<T: Decodable>(_ type: T.Type = T.self) throws -> T? {
        try flag() ? try decode() : nil
    }

    // MARK: Blocks

    /// The stretch whose length stands here; goes on behind it.
    public mutating func block() throws(PackError) -> PackReader {
        guard limit - position >= 4 else { throw .truncated(offset: position) }
        guard depth < Pack.depthMax else { throw .tooDeep(offset: position) }
        let bytes = source.bytes, start = position + 4
        var length = 0
        for index in 0..<4 { length |= Int(bytes[position + index]) << (8 * index) }
        guard length <= limit - start else { throw .truncated(offset: start) }
        position = start + length
        return PackReader(source: source, position: start, end: position, depth: depth + 1)
    }

    mutating func tag() throws(PackError) -> PackTag {
        guard let tag = PackTag(rawValue: try byte()) else {
            throw .unexpected(offset: position - 1, expected: "value")
        }
        return tag
    }

    /// Passes over one value that was encoded.
    mutating func skip() throws(PackError) {
        switch try tag() {
        case .null, .no, .yes: break
        case .integer, .unsigned: _ = try number()
        case .double: _ = try word()
        case .string:
            let length = try elements()
            position += length
        case .list, .object: _ = try block()
        }
    }
}

/// What kind of value stands behind it; only in what is encoded by `Codable`.
enum PackTag: UInt8 {
    case null, no, yes, integer, unsigned, double, string, list, object
}
