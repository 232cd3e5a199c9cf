// What the program tells the test: one JSON object per line on standard output.

import Glibc

/// Writes JSON lines at once, unbuffered, so that the reader sees them when they happen.
enum Report {
    enum Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
        case text(String), whole(Int), fraction(Double), flag(Bool)

        init(stringLiteral value: String) { self = .text(value) }
        init(integerLiteral value: Int) { self = .whole(value) }
        init(booleanLiteral value: Bool) { self = .flag(value) }

        fileprivate var json: String {
            switch self {
            case .text(let text): Report.quoted(text)
            case .whole(let number): String(number)
            case .fraction(let number): String(number)
            case .flag(let flag): flag ? "true" : "false"
            }
        }
    }

    /// `{"t": milliseconds of CLOCK_MONOTONIC, "event": ..., fields...}`
    static func line(_ event: String, _ fields: KeyValuePairs<String, Value> = [:]) {
        var text = "{\"t\":\(Moment.now.milliseconds),\"event\":\(quoted(event))"
        for (name, value) in fields { text += ",\(quoted(name)):\(value.json)" }
        text += "}\n"
        show(text, on: STDOUT_FILENO)
    }

    /// Writes text as it is.
    static func show(_ text: String, on descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            // A reader that has gone away needs no report any more.
            guard written > 0 else { return }
            bytes = bytes.dropFirst(written)
        }
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case let other where other.value < 0x20:
                let digits = String(other.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            case let other: result.unicodeScalars.append(other)
            }
        }
        return result + "\""
    }
}
