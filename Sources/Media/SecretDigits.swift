// Digits that nobody is to see by accident.

internal import Glibc

/// What a caller keyed in at a collect step: a card number, a PIN. Printing, logging and dumping it show nothing, and its memory
/// is overwritten when nobody holds it any more.
public nonisolated struct SecretDigits: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    private let memory: SecretMemory

    public init(_ digits: String) { memory = SecretMemory(Array(digits.utf8)) }

    /// Copies what `memory` holds.
    init(_ digits: [UInt8]) { memory = SecretMemory(digits) }

    public var count: Int { memory.bytes.count }
    /// The digits themselves as ASCII, for the one who must use them; not to be kept.
    public func withBytes<Value>(_ use: (UnsafeRawBufferPointer) throws -> Value) rethrows -> Value {
        try memory.bytes.withUnsafeBytes(use)
    }

    /// The digits themselves, for tests: a text cannot be overwritten.
    public func reveal() -> String { String(decoding: memory.bytes, as: UTF8.self) }

    /// The check digit of card numbers (ISO/IEC 7812-1, annex B) fits; not of what has other keys in it than digits.
    public var passesLuhn: Bool {
        var sum = 0
        for (place, byte) in memory.bytes.reversed().enumerated() {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return false }
            let digit = Int(byte - UInt8(ascii: "0"))
            let doubled = place % 2 == 1 ? digit * 2 : digit
            sum += doubled > 9 ? doubled - 9 : doubled
        }
        return count > 1 && sum % 10 == 0
    }

    public static func == (a: SecretDigits, b: SecretDigits) -> Bool { a.memory.bytes == b.memory.bytes }
    /// Says nothing but the length.
    public func hash(into hasher: inout Hasher) { hasher.combine(count) }

    public var description: String { "<\(count) digits>" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

nonisolated private final class SecretMemory: Sendable {
    /// Shared with nobody, so that overwriting it overwrites all that there is.
    let bytes: [UInt8]

    init(_ content: [UInt8]) {
        bytes = Array(unsafeUninitializedCapacity: content.count) { place, count in
            count = place.initialize(fromContentsOf: content)
        }
    }

    deinit {
        // Unlike memset never optimised away (explicit_bzero(3)).
        bytes.withUnsafeBytes { place in
            if let start = place.baseAddress { explicit_bzero(UnsafeMutableRawPointer(mutating: start), place.count) }
        }
    }
}
