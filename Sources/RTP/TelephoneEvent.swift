// The payload of a telephone-event (RFC 4733, section 2.3).

/// One packet's worth of a key that is held down.
public struct TelephoneEvent: Hashable, Sendable {
    public static let bytes = 4

    /// 0...15 are the keys of a telephone (RFC 4733, table 3).
    public var code: UInt8
    public var isEnd: Bool
    /// Power in -dBm0, 0...63.
    public var volume: UInt8
    /// In units of the stream's clock.
    public var duration: UInt16

    public init(code: UInt8, isEnd: Bool, volume: UInt8 = 10, duration: UInt16) {
        self.code = code
        self.isEnd = isEnd
        self.volume = volume & 0x3F
        self.duration = duration
    }

    public init?(_ payload: UnsafeRawBufferPointer) {
        guard payload.count >= Self.bytes else { return nil }
        code = payload[0]
        isEnd = payload[1] & 0x80 != 0
        volume = payload[1] & 0x3F
        duration = UInt16(payload[2]) << 8 | UInt16(payload[3])
    }

    /// Writes the four bytes of the payload.
    public func write(to target: UnsafeMutableRawPointer) {
        target.storeBytes(of: code, as: UInt8.self)
        target.storeBytes(of: (isEnd ? 0x80 : 0) | volume, toByteOffset: 1, as: UInt8.self)
        target.storeBytes(of: duration.bigEndian, toByteOffset: 2, as: UInt16.self)
    }

    private static let keys: [Character] = Array("0123456789*#ABCD")

    /// The key, `nil` for events that are no keys (flash, tones).
    public static func key(for code: UInt8) -> Character? { code < 16 ? keys[Int(code)] : nil }
    public static func code(for key: Character) -> UInt8? { keys.firstIndex(of: key).map { UInt8($0) } }
}
