// A header field that the caller adds, and the quoting that keeps outside text inside its field.

/// A header field of a request or response.
public nonisolated struct Header: Sendable, Hashable {
    public let name: String
    public let value: String

    /// Everything that could end the field or the line is taken out of both.
    public init(_ name: String, _ value: String) {
        self.name = String(
            name.unicodeScalars.filter {
                $0.isASCII && ($0.properties.isAlphabetic || "-0123456789".unicodeScalars.contains($0))
            })
        self.value = Header.line(value)
    }

    /// `text` without control characters.
    static func line(_ text: String) -> String {
        text.utf8.contains { $0 < 0x20 || $0 == 0x7f }
            ? String(text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7f }) : text
    }

    /// `text` as a quoted-string (RFC 3261 §25.1).
    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for character in line(text) {
            if character == "\"" || character == "\\" { quoted.append("\\") }
            quoted.append(character)
        }
        return quoted + "\""
    }

    /// `text` as the user part of a SIP URI: what RFC 3261 §25.1 does not allow there is escaped.
    static func user(_ text: String) -> String {
        var user = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                user.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                if "-_.!~*'()&=+$,?/".utf8.contains(byte) {
                    user.unicodeScalars.append(Unicode.Scalar(byte))
                } else {
                    user += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
                }
            }
        }
        return user
    }

    /// A user part with its escapes undone.
    static func unescaped(_ user: String) -> String {
        guard user.utf8.contains(UInt8(ascii: "%")) else { return user }
        var bytes: [UInt8] = []
        var rest = Array(user.utf8)[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(2).compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
            // A control character stays escaped: nobody dials it, and it does harm wherever it is printed.
            if byte == UInt8(ascii: "%"), digits.count == 2, let value = UInt8(exactly: digits[0] * 16 + digits[1]),
                value >= 0x20, value != 0x7f
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Several fields as one text; nil if there are none.
    static func block(_ headers: [Header]) -> String? {
        headers.isEmpty ? nil : headers.map { "\($0.name): \($0.value)\r\n" }.joined()
    }

    /// A token as it is, a quoted-string without its quotes and escapes.
    static func unquoted(_ text: Substring) -> String {
        guard text.count >= 2, text.first == "\"", text.last == "\"" else { return String(text) }
        guard text.contains("\\") else { return String(text.dropFirst().dropLast()) }
        var value = ""
        var escaped = false
        for character in text.dropFirst().dropLast() {
            if character == "\\", !escaped {
                escaped = true
            } else {
                value.append(character)
                escaped = false
            }
        }
        return value
    }
}
