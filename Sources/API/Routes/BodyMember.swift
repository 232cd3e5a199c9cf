// What a route takes in its body.

internal import HTTP
internal import HTTPTypes

/// A text, a whole number, or an object of texts, in the JSON object of a request.
struct BodyMember: Sendable {
    let name: String
    let description: String
    let isRequired: Bool
    /// Empty: any text up to `lengthMax`.
    var words: [String] = []
    var lengthMax = 64
    /// Nil: it is a text.
    var integers: ClosedRange<Int>?
    /// It is an object of so many texts at most, each of at most `lengthMax` bytes; nil: it is none.
    var textsMax: Int?

    var schema: JSON {
        if let textsMax {
            return [
                "type": "object", "description": .text(description), "maxProperties": .integer(textsMax),
                "additionalProperties": ["type": "string", "maxLength": .integer(lengthMax)],
            ]
        }
        if let integers {
            return [
                "type": "integer", "description": .text(description), "minimum": .integer(integers.lowerBound),
                "maximum": .integer(integers.upperBound),
            ]
        }
        let schema: JSON = ["type": "string", "description": .text(description), "maxLength": .integer(lengthMax)]
        return words.isEmpty ? schema : schema.setting("enum", to: .list(words.map { .text($0) }))
    }

    func check(_ texts: [String: String]) throws {
        guard let textsMax else { throw BodyMember.refusal(name, wanted) }
        guard texts.count <= textsMax else { throw BodyMember.refusal(name, "Give at most \(textsMax) members.") }
        for (key, text) in texts {
            let place = name + "/" + key.prefix(lengthMax).replacing("~", with: "~0").replacing("/", with: "~1")
            guard !key.isEmpty, key.utf8.count <= lengthMax, text.utf8.count <= lengthMax else {
                throw BodyMember.refusal(place, "Give a name and a text of at most \(lengthMax) bytes each.")
            }
        }
    }

    /// What would do in place of a value of another type.
    var wanted: String {
        textsMax != nil ? "Give an object of texts." : integers != nil ? "Give a whole number." : "Give a text in quotes."
    }

    func check(_ number: Int) throws {
        guard let integers else { throw BodyMember.refusal(name, wanted) }
        guard integers.contains(number) else {
            throw BodyMember.refusal(name, "Give a whole number from \(integers.lowerBound) to \(integers.upperBound).")
        }
    }

    func check(_ text: String) throws {
        guard textsMax == nil else { throw BodyMember.refusal(name, wanted) }
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
