// Bytes as digits, and the comparison that takes the same time whatever it finds.

internal import COpenSSL

nonisolated enum Hexadecimal {
    private static let digits = Array("0123456789abcdef".utf8)

    static func text(_ bytes: some Collection<UInt8>) -> String {
        String(unsafeUninitializedCapacity: bytes.count * 2) { output in
            var at = 0
            for byte in bytes {
                output.initializeElement(at: at, to: digits[Int(byte >> 4)])
                output.initializeElement(at: at + 1, to: digits[Int(byte & 15)])
                at += 2
            }
            return at
        }
    }

    static func random(bytes count: Int) -> String {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: count) { bytes in
            precondition(RAND_bytes(bytes.baseAddress, Int32(count)) == 1, "the system has no random numbers")
            return text(UnsafeBufferPointer(bytes))
        }
    }

    /// Takes as long for texts that differ early as for those that differ late.
    static func equal(_ one: String, _ other: String) -> Bool {
        var one = one, other = other
        return one.withUTF8 { a in
            other.withUTF8 { b in
                a.count == b.count && (a.isEmpty || CRYPTO_memcmp(a.baseAddress, b.baseAddress, a.count) == 0)
            }
        }
    }
}
