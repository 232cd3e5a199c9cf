// What a calculator prints: rows `name: value` with the formulas below them, or one JSON object.

import ArgumentParser
import Foundation

/// How an answer is printed; shared by every calculator.
struct AnswerOptions: ParsableArguments {
    @Flag(help: "Print one JSON object.")
    var json = false

    func show(_ rows: [(name: String, value: Double?)], formulas: [String]) throws {
        guard json else {
            for row in rows { print("\(row.name): \(row.value.map(Self.text) ?? "-")") }
            for formula in formulas { print("  \(formula)") }
            return
        }
        var object: [String: Any] = ["formulas": formulas]
        for row in rows { object[row.name] = row.value.map { $0 as Any } ?? NSNull() }
        let data = try JSONSerialization.data(
            withJSONObject: object, options: [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes])
        print(String(decoding: data, as: UTF8.self))
    }

    /// At most seven decimals, and none that say nothing.
    static func text(_ value: Double) -> String {
        let text = String(format: "%.7f", value)
        guard text.contains(".") else { return text }
        let short = text.reversed().drop { $0 == "0" }.drop { $0 == "." }
        let isWhole = !String(short.reversed()).contains(".")
        return isWhole ? String(format: "%.0f", value) : String(short.reversed())
    }
}

extension ParsableCommand {
    /// What cannot be worked out is a wrong argument: exit code 64, with the error's own mend.
    func checked<Value, Failure: Error>(_ work: () throws(Failure) -> Value) throws -> Value {
        do { return try work() } catch { throw ValidationError("\(error)") }
    }
}
