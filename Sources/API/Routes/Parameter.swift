// What a route takes in its path, its query and its header.

internal import Basics
internal import HTTP
internal import HTTPTypes

/// A value in the path, in the query or in a header field, with its type and range.
struct Parameter: Sendable {
    enum Place: String, Sendable { case path, query, header }

    enum Kind: Sendable {
        /// The name of something in the configuration.
        case name
        case integer(ClosedRange<UInt64>)
        case word([String])
        /// As it stood in `next`.
        case cursor
        /// RFC 3339.
        case time
    }

    static let nameLengthMax = 64

    let name: String
    let place: Place
    let kind: Kind
    let description: String
    /// Used if the query does not have the parameter.
    var initial: String?

    static func path(_ name: String, _ kind: Kind, _ description: String) -> Parameter {
        Parameter(name: name, place: .path, kind: kind, description: description)
    }

    static func query(_ name: String, _ kind: Kind, _ description: String, initial: String? = nil) -> Parameter {
        Parameter(name: name, place: .query, kind: kind, description: description, initial: initial)
    }

    static func header(_ name: String, _ kind: Kind, _ description: String) -> Parameter {
        Parameter(name: name, place: .header, kind: kind, description: description)
    }

    /// Pages of lists: `limit` and `cursor`.
    static func page(_ most: UInt64) -> [Parameter] {
        [
            .query("limit", .integer(1...most), "How many at most.", initial: "50"),
            .query("cursor", .cursor, "The `next` of the page before; without it the list begins with the newest."),
        ]
    }

    var schema: JSON {
        var schema: JSON =
            switch kind {
            case .name: ["type": "string", "minLength": 1, "maxLength": .integer(Self.nameLengthMax)]
            case .integer(let range):
                [
                    "type": "integer", "minimum": .integer(Int(clamping: range.lowerBound)),
                    "maximum": .integer(Int(clamping: range.upperBound)),
                ]
            case .word(let words): ["type": "string", "enum": .list(words.map { .text($0) })]
            case .cursor: ["type": "string", "pattern": "^[0-9]{1,19}$"]
            case .time: ["type": "string", "format": "date-time"]
            }
        if let initial {
            let isNumber = if case .integer = kind { true } else { false }
            schema = schema.setting("default", to: isNumber ? .integer(Int(initial) ?? 0) : .text(initial))
        }
        return schema
    }

    /// Throws 400 and says what would do.
    func check(_ text: String) throws {
        switch kind {
        case .name:
            guard !text.isEmpty, text.utf8.count <= Self.nameLengthMax else {
                throw refusal("a name of at most \(Self.nameLengthMax) characters")
            }
        case .integer(let range):
            guard Self.isDigits(text), let number = UInt64(text), range.contains(number) else {
                throw refusal("a whole number from \(range.lowerBound) to \(range.upperBound)")
            }
        case .word(let words):
            guard words.contains(text) else { throw refusal("one of: \(words.joined(separator: ", "))") }
        case .cursor:
            guard Self.isDigits(text), text.utf8.count <= 19, UInt64(text) != nil else {
                throw refusal("the `next` of the page before, unchanged")
            }
        case .time:
            guard text.utf8.count <= Self.nameLengthMax, Instant(iso8601: text) != nil else {
                throw refusal("a time such as 2026-11-22T04:18:14Z")
            }
        }
    }

    private func refusal(_ wanted: String) -> Problem {
        Problem(
            .badRequest, code: "parameter_invalid", detail: "The parameter `\(name)` is not valid.", field: name,
            mend: "Give \(wanted).")
    }

    private static func isDigits(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}
