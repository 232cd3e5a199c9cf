// A compact form for the state of the rules: what JSON needs a second for is packed in some milliseconds.

/// Bytes with a head that tells what they are.
///
/// Head: four bytes of mark, one of version, three reserved, eight of checksum over all that follows, four with the length of
/// the content. Then the content, and behind it the names of the keys that occur in it, each once. The same values are the
/// same bytes in every process. Whole types are packed by `Codable` (`PackWriter.encode`), under the names of their keys, so
/// that keys may be added and left out as in JSON; the few types of which there are ten thousands write their fields one
/// behind the other (`Packable`).
public enum Pack {
    static let mark: [UInt8] = [0xB5, 0x53, 0x42, 0x50]
    package static let headBytes = 20
    /// Values within values.
    public static let depthMax = 160

    /// Whether these are packed bytes, readable or not; JSON never begins so.
    public static func isPack(_ bytes: some Sequence<UInt8>) -> Bool { bytes.starts(with: mark) }

    /// - Parameters:
    ///   - version: of the content; readers refuse those that they do not know.
    ///   - bytesExpected: for how many there shall be room from the beginning.
    public static func encode(
        version: UInt8, bytesExpected: Int = 1 << 16, _ write: (inout PackWriter) throws -> Void
    ) rethrows -> [UInt8] {
        var writer = PackWriter(capacity: bytesExpected)
        for byte in mark { writer.byte(byte) }
        writer.byte(version)
        for _ in 5..<headBytes { writer.byte(0) }
        try write(&writer)
        let length = writer.count - headBytes
        writer.writeNames()
        writer.set(UInt32(length), at: 16)
        return sealed(writer.written())
    }

    /// The same with the checksum that fits.
    package static func sealed(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        let sum = checksum(bytes, from: 16)
        for index in 0..<8 where 8 + index < bytes.count {
            bytes[8 + index] = UInt8(truncatingIfNeeded: sum >> UInt64(8 * index))
        }
        return bytes
    }

    /// - Throws: `PackError`, or what `read` throws.
    public static func decode<T>(
        _ bytes: [UInt8], versionMax: UInt8, _ read: (inout PackReader) throws -> T
    ) throws -> T {
        guard isPack(bytes) else { throw PackError.noPack }
        guard bytes.count >= headBytes else { throw PackError.truncated(offset: bytes.count) }
        guard bytes[4] <= versionMax else { throw PackError.newer(version: Int(bytes[4])) }
        guard checksum(bytes, from: 16) == word(in: bytes, at: 8) else { throw PackError.damaged }
        let content = headBytes + Int(UInt32(truncatingIfNeeded: word(in: bytes, at: 12) >> 32))
        guard content <= bytes.count else { throw PackError.truncated(offset: bytes.count) }
        let source = PackSource(version: bytes[4], bytes: bytes, names: try names(in: bytes, from: content))
        var reader = PackReader(source: source, position: headBytes, end: content, depth: 0)
        let value = try read(&reader)
        guard reader.isAtEnd else { throw PackError.unknownFields(offset: reader.position) }
        return value
    }

    private static func names(in bytes: [UInt8], from start: Int) throws(PackError) -> [String] {
        var reader = PackReader(
            source: PackSource(version: bytes[4], bytes: bytes, names: []), position: start, end: bytes.count, depth: 0)
        var names: [String] = []
        for _ in 0..<(try reader.elements()) { names.append(try reader.string()) }
        guard reader.isAtEnd else { throw .unexpected(offset: reader.position, expected: "end") }
        return names
    }

    static func word(in bytes: [UInt8], at offset: Int) -> UInt64 {
        var word: UInt64 = 0
        for index in 0..<8 where offset + index < bytes.count { word |= UInt64(bytes[offset + index]) << UInt64(8 * index) }
        return word
    }

    /// Against accidents, not against people.
    static func checksum(_ bytes: [UInt8], from start: Int) -> UInt64 {
        bytes.withUnsafeBytes { all in
            var sum = UInt64(truncatingIfNeeded: all.count)
            var index = start
            while index + 8 <= all.count {
                let word = UInt64(littleEndian: all.loadUnaligned(fromByteOffset: index, as: UInt64.self))
                sum = (sum ^ word) &* 0x9E37_79B9_7F4A_7C15
                sum ^= sum >> 29
                index += 8
            }
            while index < all.count {
                sum = (sum ^ UInt64(all[index])) &* 0x9E37_79B9_7F4A_7C15
                sum ^= sum >> 29
                index += 1
            }
            return sum
        }
    }
}

/// A type that writes its fields itself, one behind the other, because there are ten thousands of it.
///
/// A field that comes later goes to the end, is read only where the record goes on (`PackReader.isAtEnd`), and raises the
/// version of the pack. That no field is forgotten is for a test to show: nothing here can.
public protocol Packable {
    func pack(into writer: inout PackWriter) throws
    init(unpacking reader: inout PackReader) throws
}
