// What an answer looks like, said once: its schema and its text come from the same declaration, so they cannot differ.

internal import Basics

/// How a value is written as JSON, and the JSON Schema (draft 2020-12, as in OpenAPI 3.1) that says so.
struct Shape<Value: Sendable>: Sendable {
    let schema: JSON
    /// Schemas that `schema` refers to, by name.
    let definitions: [String: JSON]
    let write: @Sendable (Value, inout JSONWriter) -> Void

    init(schema: JSON, definitions: [String: JSON] = [:], write: @escaping @Sendable (Value, inout JSONWriter) -> Void) {
        self.schema = schema
        self.definitions = definitions
        self.write = write
    }

    /// The value as the bytes of a JSON text.
    func bytes(of value: Value) -> [UInt8] {
        var writer = JSONWriter(capacity: 1024)
        write(value, &writer)
        return writer.bytes
    }

    /// Null where there is nothing.
    var orNull: Shape<Value?> {
        let nullable: JSON
        if case .text(let type)? = schema["type"] {
            var both = schema.setting("type", to: .list([.text(type), "null"]))
            if case .list(let values)? = schema["enum"] { both = both.setting("enum", to: .list(values + [.null])) }
            nullable = both
        } else {
            nullable = ["anyOf": [schema, ["type": "null"]]]
        }
        return Shape<Value?>(schema: nullable, definitions: definitions) { [write] value, writer in
            if let value { write(value, &writer) } else { writer.null() }
        }
    }

    var list: Shape<[Value]> {
        Shape<[Value]>(schema: ["type": "array", "items": schema], definitions: definitions) { [write] values, writer in
            writer.list(values, write)
        }
    }

    /// An object that the OpenAPI document shows under `name`.
    static func object(_ name: String, _ description: String, _ members: [Member<Value>]) -> Shape<Value> {
        let required = members.filter(\.isRequired).map { JSON.text($0.name) }
        let schema: JSON = [
            "type": "object", "description": .text(description),
            "properties": .ordered(members.map { ($0.name, $0.schema) }), "required": .list(required),
        ]
        var definitions = [name: schema]
        for member in members { definitions.merge(member.definitions) { first, _ in first } }
        return Shape(schema: ["$ref": .text("#/components/schemas/\(name)")], definitions: definitions) { value, writer in
            writer.sparseObject(members) { member, writer in member.write(value, &writer) }
        }
    }
}

extension Shape where Value == String {
    static var text: Shape { Shape(schema: ["type": "string"]) { $1.text($0) } }

    /// One of a few words.
    static func word(_ words: [String]) -> Shape {
        Shape(schema: ["type": "string", "enum": .list(words.map { .text($0) })]) { $1.text($0) }
    }
}

extension Shape where Value == Int {
    static var count: Shape { Shape(schema: ["type": "integer", "minimum": 0]) { $1.integer($0) } }
}

extension Shape where Value == UInt64 {
    static var identifier: Shape { Shape(schema: ["type": "integer", "minimum": 0]) { $1.integer($0) } }
}

extension Shape where Value == Double {
    static var number: Shape { Shape(schema: ["type": "number"]) { $1.number($0) } }
    static var seconds: Shape { Shape(schema: ["type": "number", "minimum": 0]) { $1.number($0) } }
    static var share: Shape { Shape(schema: ["type": "number", "minimum": 0, "maximum": 1]) { $1.number($0) } }
}

extension Shape where Value == Bool {
    static var flag: Shape { Shape(schema: ["type": "boolean"]) { $1.boolean($0) } }
}

extension Shape where Value == Instant {
    /// ISO 8601, UTC, milliseconds.
    static var time: Shape { Shape(schema: ["type": "string", "format": "date-time"]) { $1.time($0) } }
}
