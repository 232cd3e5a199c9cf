// Writes packed values, one behind the other.

/// What the bytes of a pack are made with.
///
/// Memory of its own instead of an array: most fields are a byte or two, and an array would ask before each of them whether
/// it is shared.
public struct PackWriter: ~Copyable {
    @usableFromInline var memory: UnsafeMutableRawPointer
    @usableFromInline var capacity: Int
    /// Bytes written.
    @usableFromInline var count = 0
    /// Keys in the order in which they came first, and where each is found again.
    private var names: [String] = []
    private var numbers: [String: Int] = [:]
    /// The name that came behind the name of that number the last time: most keys come in the same order again.
    private var followers: [Int] = []
    private var lastName = 0

    init(capacity: Int = 1 << 16) {
        self.capacity = max(1, capacity)
        memory = .allocate(byteCount: self.capacity, alignment: 8)
    }

    deinit { memory.deallocate() }

    /// What was written.
    func written() -> [UInt8] { Array(UnsafeRawBufferPointer(start: memory, count: count)) }

    @inlinable mutating func makeRoom(_ wanted: Int) {
        if capacity - count < wanted { grow(wanted) }
    }

    @usableFromInline mutating func grow(_ wanted: Int) {
        capacity = 2 * capacity + wanted
        let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 8)
        larger.copyMemory(from: memory, byteCount: count)
        memory.deallocate()
        memory = larger
    }

    // MARK: Fields

    @inlinable public mutating func byte(_ value: UInt8) {
        makeRoom(1)
        memory.storeBytes(of: value, toByteOffset: count, as: UInt8.self)
        count += 1
    }

    @inlinable public mutating func flag(_ value: Bool) { byte(value ? 1 : 0) }

    /// Small numbers take one byte.
    @inlinable public mutating func number(_ value: UInt64) {
        makeRoom(10)
        var rest = value
        while rest >= 0x80 {
            memory.storeBytes(of: UInt8(truncatingIfNeeded: rest) | 0x80, toByteOffset: count, as: UInt8.self)
            count += 1
            rest >>= 7
        }
        memory.storeBytes(of: UInt8(truncatingIfNeeded: rest), toByteOffset: count, as: UInt8.self)
        count += 1
    }

    /// Small numbers of either sign take one byte.
    @inlinable public mutating func integer(_ value: Int) {
        let wide = Int64(value)
        number(UInt64(bitPattern: (wide << 1) ^ (wide >> 63)))
    }

    /// Eight bytes.
    @inlinable public mutating func word(_ value: UInt64) {
        makeRoom(8)
        memory.storeBytes(of: value.littleEndian, toByteOffset: count, as: UInt64.self)
        count += 8
    }

    @inlinable public mutating func double(_ value: Double) { word(value.bitPattern) }
    @inlinable public mutating func instant(_ value: Instant) { word(UInt64(bitPattern: value.microseconds)) }

    @inlinable public mutating func duration(_ value: Duration) {
        let (seconds, attoseconds) = value.components
        word(UInt64(bitPattern: seconds))
        word(UInt64(bitPattern: attoseconds))
    }

    @inlinable public mutating func string(_ value: String) {
        var value = value
        value.withUTF8 { text in
            number(UInt64(text.count))
            makeRoom(text.count)
            if let start = text.baseAddress { memory.advanced(by: count).copyMemory(from: start, byteCount: text.count) }
            count += text.count
        }
    }

    @inlinable public mutating func id(_ value: some NumericIdentifier) { number(value.rawValue) }
    @inlinable public mutating func id(_ value: some NamedIdentifier) { string(value.rawValue) }

    /// One byte where there is nothing.
    @inlinable public mutating func optional<T>(_ value: T?, _ write: (inout PackWriter, T) throws -> Void) rethrows {
        guard let value else { return byte(0) }
        byte(1)
        try write(&self, value)
    }

    @inlinable public mutating func list<Elements: Collection>(
        _ elements: Elements, _ write: (inout PackWriter, Elements.Element) throws -> Void
    ) rethrows {
        number(UInt64(elements.count))
        for element in elements { try write(&self, element) }
    }

    @inlinable public mutating func list(_ elements: some Collection<some Packable>) throws {
        number(UInt64(elements.count))
        for element in elements { try element.pack(into: &self) }
    }

    /// Fields with their length in front: a reader knows where they end.
    @inlinable public mutating func record(_ write: (inout PackWriter) throws -> Void) rethrows {
        let start = beginBlock()
        try write(&self)
        endBlock(start)
    }

    /// Any value, by its `Codable`.
    public mutating func encode(_ value: some Encodable) throws {
        let encoder = PackEncoder()
        swap(&encoder.writer, &self)
        defer { swap(&encoder.writer, &self) }
        try encoder.write(value)
        if let failure = encoder.failure { throw failure }
    }

    @inlinable public mutating func encodeIfPresent(_ value: (some Encodable)?) throws {
        guard let value else { return byte(0) }
        byte(1)
        try encode(value)
    }

    // MARK: Blocks and names

    @inlinable mutating func beginBlock() -> Int {
        makeRoom(4)
        count += 4
        return count
    }

    @inlinable mutating func endBlock(_ start: Int) { set(UInt32(count - start), at: start - 4) }

    /// Over what was written at `offset` already.
    @inlinable mutating func set(_ value: some FixedWidthInteger, at offset: Int) {
        precondition(offset >= 0 && offset + value.bitWidth / 8 <= count, "nothing was written there")
        memory.storeBytes(of: value.littleEndian, toByteOffset: offset, as: type(of: value))
    }

    /// The number of a key, from 1.
    mutating func name(_ name: String) {
        let guess = followers.isEmpty ? 0 : followers[lastName]
        if guess > 0, names[guess - 1] == name {
            lastName = guess
        } else {
            let found = numbers[name] ?? add(name)
            followers[lastName] = found
            lastName = found
        }
        number(UInt64(lastName))
    }

    private mutating func add(_ name: String) -> Int {
        names.append(name)
        if followers.isEmpty { followers.append(0) }
        followers.append(0)
        numbers[name] = names.count
        return names.count
    }

    mutating func writeNames() { list(names) { $0.string($1) } }
}
