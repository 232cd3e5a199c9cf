// Values into a pack by their `Codable`.

/// Writes values with tags, and objects with the names of their keys.
///
/// A container ends when its value has been written, or when something is written into the one around it: nobody may write
/// into two containers by turns.
final class PackEncoder: Encoder {
    var writer = PackWriter(capacity: 1)
    /// What could not be said where it was found: asking for a container cannot fail.
    private(set) var failure: EncodingError?
    /// Where the contents of the open containers begin.
    private var open: [Int] = []

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func write<T: Encodable>(_ value: T) throws {
        let (level, start) = (open.count, writer.count)
        try value.encode(to: self)
        close(to: level)
        // Something that encodes nothing, as JSON has it.
        if writer.count == start { _ = begin(.object); close(to: level) }
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        KeyedEncodingContainer(KeyedPackWriter(self, level: begin(.object)))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer { ListPackWriter(self, level: begin(.list)) }
    func singleValueContainer() -> any SingleValueEncodingContainer { ValuePackWriter(encoder: self) }

    // MARK: Containers

    func begin(_ tag: PackTag) -> Int {
        writer.byte(tag.rawValue)
        open.append(writer.beginBlock())
        return open.count
    }

    /// Ends the containers inside the one of that level, which has to be open itself.
    func goOn(in level: Int) {
        if open.count == level { return }
        if open.count < level { return fail("a container is written to after its end") }
        close(to: level)
    }

    private func close(to level: Int) {
        while open.count > level, let start = open.popLast() { writer.endBlock(start) }
    }

    func fail(_ text: String) {
        failure = failure ?? .invalidValue(text, EncodingError.Context(codingPath: [], debugDescription: text))
    }

    // MARK: Values

    func tag(_ tag: PackTag) { writer.byte(tag.rawValue) }

    func write(_ value: Bool) { tag(value ? .yes : .no) }

    func write(_ value: String) {
        tag(.string)
        writer.string(value)
    }

    func write(_ value: Double) {
        tag(.double)
        writer.double(value)
    }

    func write<T: BinaryInteger>(integer value: T) {
        if let small = Int(exactly: value) {
            tag(.integer)
            writer.integer(small)
        } else if let large = UInt64(exactly: value) {
            tag(.unsigned)
            writer.number(large)
        } else {
            fail("a number is greater than 64 bits hold")
        }
    }
}

private struct KeyedPackWriter<Key: CodingKey>: KeyedEncodingContainerProtocol {
    private let encoder: PackEncoder
    private let level: Int

    init(_ encoder: PackEncoder, level: Int) {
        self.encoder = encoder
        self.level = level
    }

    var codingPath: [any CodingKey] { [] }

    private func begin(_ key: some CodingKey) {
        encoder.goOn(in: level)
        encoder.writer.name(key.stringValue)
    }

    func encodeNil(forKey key: Key) { begin(key); encoder.tag(.null) }
    func encode(_ value: Bool, forKey key: Key) { begin(key); encoder.write(value) }
    func encode(_ value: String, forKey key: Key) { begin(key); encoder.write(value) }
    func encode(_ value: Double, forKey key: Key) { begin(key); encoder.write(value) }
    func encode(_ value: Float, forKey key: Key) { begin(key); encoder.write(Double(value)) }
    func encode(_ value: Int, forKey key: Key) { begin(key); encoder.write(integer: value) }
    func encode(_ value: Int8, forKey key: Key) { begin(key); encoder.write(integer: value) }
    func encode(_ value: Int16, forKey key: Key) { begin(key); encoder.write(integer: value) }
    func encode(_ value: Int32, forKey key: Key) { begin(key); encoder.write(integer: value) }
    func encode(_ value: Int64, forKey key: Key) { begin(key); encoder.write(integer: value) }
    func encode(_ value: UInt, forKey key: Key) { begin(key); encoder.write(integer: value) }
    func encode(_ value: UInt8, forKey key: Key) { begin(key); encoder.write(integer: value) }
    func encode(_ value: UInt16, forKey key: Key) { begin(key); encoder.write(integer: value) }
    func encode(_ value: UInt32, forKey key: Key) { begin(key); encoder.write(integer: value) }
    func encode(_ value: UInt64, forKey key: Key) { begin(key); encoder.write(integer: value) }

    func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
        begin(key)
        try encoder.write(value)
    }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key) -> KeyedEncodingContainer<Nested> {
        begin(key)
        return encoder.container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        begin(key)
        return encoder.unkeyedContainer()
    }

    func superEncoder() -> any Encoder {
        encoder.fail("classes are not packed")
        return encoder
    }

    func superEncoder(forKey key: Key) -> any Encoder { superEncoder() }
}

private struct ListPackWriter: UnkeyedEncodingContainer {
    private let encoder: PackEncoder
    private let level: Int
    private(set) var count = 0

    init(_ encoder: PackEncoder, level: Int) {
        self.encoder = encoder
        self.level = level
    }

    var codingPath: [any CodingKey] { [] }

    private mutating func begin() {
        encoder.goOn(in: level)
        count += 1
    }

    mutating func encodeNil() { begin(); encoder.tag(.null) }
    mutating func encode(_ value: Bool) { begin(); encoder.write(value) }
    mutating func encode(_ value: String) { begin(); encoder.write(value) }
    mutating func encode(_ value: Double) { begin(); encoder.write(value) }
    mutating func encode(_ value: Float) { begin(); encoder.write(Double(value)) }
    mutating func encode(_ value: Int) { begin(); encoder.write(integer: value) }
    mutating func encode(_ value: Int8) { begin(); encoder.write(integer: value) }
    mutating func encode(_ value: Int16) { begin(); encoder.write(integer: value) }
    mutating func encode(_ value: Int32) { begin(); encoder.write(integer: value) }
    mutating func encode(_ value: Int64) { begin(); encoder.write(integer: value) }
    mutating func encode(_ value: UInt) { begin(); encoder.write(integer: value) }
    mutating func encode(_ value: UInt8) { begin(); encoder.write(integer: value) }
    mutating func encode(_ value: UInt16) { begin(); encoder.write(integer: value) }
    mutating func encode(_ value: UInt32) { begin(); encoder.write(integer: value) }
    mutating func encode(_ value: UInt64) { begin(); encoder.write(integer: value) }

    mutating func encode<T: Encodable>(_ value: T) throws {
        begin()
        try encoder.write(value)
    }

    mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        begin()
        return encoder.container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        begin()
        return encoder.unkeyedContainer()
    }

    mutating func superEncoder() -> any Encoder {
        encoder.fail("classes are not packed")
        return encoder
    }
}

private struct ValuePackWriter: SingleValueEncodingContainer {
    let encoder: PackEncoder

    var codingPath: [any CodingKey] { [] }

    func encodeNil() { encoder.tag(.null) }
    func encode(_ value: Bool) { encoder.write(value) }
    func encode(_ value: String) { encoder.write(value) }
    func encode(_ value: Double) { encoder.write(value) }
    func encode(_ value: Float) { encoder.write(Double(value)) }
    func encode(_ value: Int) { encoder.write(integer: value) }
    func encode(_ value: Int8) { encoder.write(integer: value) }
    func encode(_ value: Int16) { encoder.write(integer: value) }
    func encode(_ value: Int32) { encoder.write(integer: value) }
    func encode(_ value: Int64) { encoder.write(integer: value) }
    func encode(_ value: UInt) { encoder.write(integer: value) }
    func encode(_ value: UInt8) { encoder.write(integer: value) }
    func encode(_ value: UInt16) { encoder.write(integer: value) }
    func encode(_ value: UInt32) { encoder.write(integer: value) }
    func encode(_ value: UInt64) { encoder.write(integer: value) }
    func encode<T: Encodable>(_ value: T) throws { try encoder.write(value) }
}
