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

    /// `text` as a quoted-string (RFC 3261 §25.1). By scalars: a quote with a combining mark is one character, and not `"`.
    static func quoted(_ text: String) -> String {
        var quoted = "\"".unicodeScalars
        for scalar in line(text).unicodeScalars {
            if scalar == "\"" || scalar == "\\" { quoted.append("\\") }
            quoted.append(scalar)
        }
        quoted.append("\"")
        return String(quoted)
    }

    /// `text` up to the last whole scalar within so many bytes of UTF-8.
    static func cut(_ text: String, bytesMax: Int) -> String {
        guard text.utf8.count > bytesMax else { return text }
        var cut = String.UnicodeScalarView()
        var bytes = 0
        for scalar in text.unicodeScalars {
            bytes += UTF8.width(scalar)
            guard bytes <= bytesMax else { break }
            cut.append(scalar)
        }
        return String(cut)
    }

    /// The user of a URI's user part, unescaped and without parameters such as `;npdi=yes` or `;cpc=payphone`
    /// (RFC 3261 §19.1.6, RFC 4694).
    static func userName(_ part: String, bytesMax: Int) -> String {
        cut(unescaped(String(part.unicodeScalars.prefix { $0 != ";" })), bytesMax: bytesMax)
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
        let scalars = text.unicodeScalars
        guard scalars.count >= 2, scalars.first == "\"", scalars.last == "\"" else { return String(text) }
        var value = String.UnicodeScalarView()
        var escaped = false
        for scalar in scalars.dropFirst().dropLast() {
            if scalar == "\\", !escaped {
                escaped = true
            } else {
                value.append(scalar)
                escaped = false
            }
        }
        return String(value)
    }
}
