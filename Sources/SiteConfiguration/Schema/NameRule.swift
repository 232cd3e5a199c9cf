// What the names in the configuration look like.

/// The shape of the names that an admin gives. They travel into URLs, file names, SIP user parts and logs unquoted.
enum NameRule {
    static let lengthMax = 64
    static let expected = "a name: lower-case letters, digits, `-` and `_`, at most \(lengthMax), not beginning with `-` or `_`"

    static func isValid(_ text: String) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= lengthMax else { return false }
        return isLowerOrDigit(first)
            && text.utf8.allSatisfy { isLowerOrDigit($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
    }

    static func isAlphanumeric(_ byte: UInt8) -> Bool {
        isLowerOrDigit(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }

    static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isLowerOrDigit(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
    }
}
