// What a route takes in its body.

internal import HTTP
internal import HTTPTypes

/// A text, or a whole number, in the JSON object of a request.
struct BodyMember: Sendable {
    let name: String
    let description: String
    let isRequired: Bool
    /// Empty: any text up to `lengthMax`.
    var words: [String] = []
    var lengthMax = 64
    /// Nil: it is a text.
    var integers: ClosedRange<Int>?

    var schema: JSON {
        if let integers {
            return [
                "type": "integer", "description": .text(description), "minimum": .integer(integers.lowerBound),
                "maximum": .integer(integers.upperBound),
            ]
        }
        let schema: JSON = ["type": "string", "description": .text(description), "maxLength": .integer(lengthMax)]
        return words.isEmpty ? schema : schema.setting("enum", to: .list(words.map { .text($0) }))
    }

    func check(_ number: Int) throws {
        guard let integers else { throw BodyMember.refusal(name, "Give a text in quotes.") }
        guard integers.contains(number) else {
            throw BodyMember.refusal(name, "Give a whole number from \(integers.lowerBound) to \(integers.upperBound).")
        }
    }

    func check(_ text: String) throws {
        guard integers == nil else { throw BodyMember.refusal(name, "Give a whole number without quotes.") }
        guard words.isEmpty || words.contains(text) else {
            throw BodyMember.refusal(name, "Give one of: \(words.joined(separator: ", ")).")
        }
        guard text.utf8.count <= lengthMax else { throw BodyMember.refusal(name, "Give at most \(lengthMax) bytes.") }
    }

    static func refusal(_ name: String, _ mend: String) -> Problem {
        Problem(
            .unprocessableContent, code: "body_invalid", detail: "The member `\(name)` of the body is not valid.",
            field: "/" + name, mend: mend)
    }
}
