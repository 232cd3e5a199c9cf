// What a route takes in its body.

internal import HTTP
internal import HTTPTypes

/// A text in the JSON object of a request.
struct BodyMember: Sendable {
    let name: String
    let description: String
    let isRequired: Bool
    /// Empty: any text up to `lengthMax`.
    var words: [String] = []
    var lengthMax = 64

    var schema: JSON {
        let schema: JSON = ["type": "string", "description": .text(description), "maxLength": .integer(lengthMax)]
        return words.isEmpty ? schema : schema.setting("enum", to: .list(words.map { .text($0) }))
    }

    func check(_ text: String) throws {
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
