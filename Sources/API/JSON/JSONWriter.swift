// JSON text, written straight into bytes: an answer for a thousand agents is no tree first.

internal import Basics

/// Appends JSON (RFC 8259) to bytes. Commas and brackets come from `list` and `object`.
struct JSONWriter: Sendable {
    private(set) var bytes: [UInt8] = []

    init(capacity: Int = 512) { bytes.reserveCapacity(capacity) }

    mutating func null() { bytes.append(contentsOf: "null".utf8) }
    mutating func boolean(_ value: Bool) { bytes.append(contentsOf: (value ? "true" : "false").utf8) }
    mutating func integer(_ value: Int) { bytes.append(contentsOf: String(value).utf8) }
    mutating func integer(_ value: UInt64) { bytes.append(contentsOf: String(value).utf8) }
    mutating func colon() { bytes.append(UInt8(ascii: ":")) }
    mutating func comma() { bytes.append(UInt8(ascii: ",")) }
    mutating func raw(_ text: [UInt8]) { bytes.append(contentsOf: text) }

    /// At most three decimals: seconds to the millisecond, shares to a tenth of a percent. JSON knows no infinity.
    mutating func number(_ value: Double) {
        guard value.isFinite, abs(value) < 1e15 else { return null() }
        let rounded = (value * 1000).rounded() / 1000
        if rounded == rounded.rounded() {
            integer(Int(rounded))
        } else {
            bytes.append(contentsOf: rounded.description.utf8)
        }
    }

    mutating func text(_ value: String) {
        bytes.append(UInt8(ascii: "\""))
        guard value.utf8.contains(where: { $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) else {
            bytes.append(contentsOf: value.utf8)
            bytes.append(UInt8(ascii: "\""))
            return
        }
        for byte in value.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0..<0x20:
                let digits = Array("0123456789abcdef".utf8)
                bytes.append(contentsOf: "\\u00".utf8)
                bytes.append(digits[Int(byte >> 4)])
                bytes.append(digits[Int(byte & 15)])
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    mutating func time(_ instant: Instant) {
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: instant.iso8601Bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    mutating func list<Element>(_ elements: [Element], _ write: (Element, inout JSONWriter) -> Void) {
        bytes.append(UInt8(ascii: "["))
        separate(elements, write)
        bytes.append(UInt8(ascii: "]"))
    }

    mutating func object<Element>(_ members: [Element], _ write: (Element, inout JSONWriter) -> Void) {
        bytes.append(UInt8(ascii: "{"))
        separate(members, write)
        bytes.append(UInt8(ascii: "}"))
    }

    private mutating func separate<Element>(_ elements: [Element], _ write: (Element, inout JSONWriter) -> Void) {
        var isFirst = true
        for element in elements {
            if !isFirst { comma() }
            isFirst = false
            write(element, &self)
        }
    }

    /// An object whose members may be left out; `write` says whether it wrote one.
    mutating func sparseObject<Element>(_ members: [Element], _ write: (Element, inout JSONWriter) -> Bool) {
        bytes.append(UInt8(ascii: "{"))
        var isFirst = true
        for member in members {
            let before = bytes.count
            if !isFirst { comma() }
            if write(member, &self) { isFirst = false } else { bytes.removeLast(bytes.count - before) }
        }
        bytes.append(UInt8(ascii: "}"))
    }
}
