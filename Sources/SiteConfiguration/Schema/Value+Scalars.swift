// The kinds of single values: numbers, words, texts.

internal import Basics
internal import Foundation
internal import Yams

extension Value where T == Int {
    /// A whole number within bounds.
    static func integer(_ range: ClosedRange<Int>) -> Value {
        let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        return Value(
            expected: expected,
            read: { node, path, reading in
                guard let text = node.plainText, let number = Int(text) else {
                    reading.wrongType(node, at: path, expected: expected)
                    return nil
                }
                guard range.contains(number) else {
                    reading.error("`\(path.last)` is \(number), out of range", at: path, mend: "write \(expected)")
                    return nil
                }
                return number
            }, write: { String($0) })
    }

    /// Seconds with at most three decimals, kept as milliseconds.
    static func milliseconds(_ range: ClosedRange<Int>) -> Value {
        let expected = "seconds from \(seconds(range.lowerBound)) to \(seconds(range.upperBound))"
        return Value(
            expected: expected,
            read: { node, path, reading in
                guard let text = node.plainText, let number = Double(text), number.isFinite, abs(number) < 1e9 else {
                    reading.wrongType(node, at: path, expected: expected)
                    return nil
                }
                let milliseconds = Int((number * 1000).rounded())
                guard range.contains(milliseconds) else {
                    reading.error("`\(path.last)` is \(text), out of range", at: path, mend: "write \(expected)")
                    return nil
                }
                return milliseconds
            }, write: { seconds($0) })
    }

    private static func seconds(_ milliseconds: Int) -> String {
        milliseconds % 1000 == 0 ? String(milliseconds / 1000) : String(Double(milliseconds) / 1000)
    }
}

extension Value where T == Int? {
    /// A whole number within bounds, or a word that stands for "none".
    static func integer(_ range: ClosedRange<Int>, orNil word: String) -> Value {
        let number = Value<Int>.integer(range)
        return Value(
            expected: "\(number.expected), or `\(word)`",
            read: { node, path, reading in
                if node.text == word { return .some(nil) }
                return number.read(node, path, &reading).map { .some($0) }
            }, write: { $0.map(String.init) ?? word })
    }
}

extension Value where T == Bool {
    /// `true` or `false`; YAML 1.1's `yes`, `no`, `on` and `off` are refused, because they surprise.
    static var flag: Value {
        let expected = "`true` or `false`"
        return Value(
            expected: expected,
            read: { node, path, reading in
                switch node.plainText {
                case "true": return true
                case "false": return false
                default:
                    reading.wrongType(node, at: path, expected: expected)
                    return nil
                }
            }, write: { $0 ? "true" : "false" })
    }
}

extension Value where T == String {
    /// Something to read or to say.
    static func text(charactersMax: Int = 1000) -> Value {
        .matching("a text of 1 to \(charactersMax) characters") { !$0.trimmed.isEmpty && $0.count <= charactersMax }
    }

    /// A text of a given shape.
    static func matching(_ expected: String, _ isValid: @escaping (String) -> Bool) -> Value {
        Value(
            expected: expected,
            read: { node, path, reading in
                guard let text = node.text, isValid(text) else {
                    reading.wrongType(node, at: path, expected: expected)
                    return nil
                }
                return text
            }, write: { $0 })
    }

    /// The name of a queue, agent, node, …
    static var name: Value { .matching(NameRule.expected, NameRule.isValid) }

    /// An IPv4 or IPv6 address; never a host name, because looking one up would stop the loop.
    static var address: Value { .matching("an IP address such as `127.0.0.1`", NetworkAddress.isAddress) }

    /// A telephone number, or the user part of a SIP address.
    static var number: Value {
        .matching("a number: 1 to 32 letters, digits, `+`, `*`, `#`, `.`, `-` or `_`") { text in
            (1...32).contains(text.utf8.count)
                && text.utf8.allSatisfy { NameRule.isAlphanumeric($0) || "+*#.-_".utf8.contains($0) }
        }
    }
}

extension Value where T: NamedIdentifier {
    /// A reference to something by its name.
    static var reference: Value { Value<String>.name.map(to: { T(rawValue: $0) }, from: \.rawValue) }
}

extension Value where T: RawRepresentable & CaseIterable, T.RawValue == String {
    /// One of the words of an enumeration.
    static var word: Value {
        let words = T.allCases.map(\.rawValue)
        let expected = "one of " + words.joined(separator: ", ")
        return Value(
            expected: expected,
            read: { node, path, reading in
                guard let text = node.text else {
                    reading.wrongType(node, at: path, expected: expected)
                    return nil
                }
                guard let value = T(rawValue: text) else {
                    let mend = Nearest.name(to: text, among: words).map { "did you mean `\($0)`?" } ?? "write \(expected)"
                    reading.error("`\(path.last)` is \(node.described)", at: path, mend: mend)
                    return nil
                }
                return value
            }, write: \.rawValue)
    }
}

extension String {
    var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
