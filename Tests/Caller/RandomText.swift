// Tags, branches, Call-IDs and client nonces.

enum RandomText {
    static func hexadecimal(byteCount: Int) -> String {
        hexadecimal((0..<byteCount).map { _ in UInt8.random(in: 0...255) })
    }

    static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
