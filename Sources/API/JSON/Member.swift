// One member of an answer's object.

/// A name, what it means, and where its value comes from.
struct Member<Object: Sendable>: Sendable {
    let name: String
    let schema: JSON
    let definitions: [String: JSON]
    /// False: left out where there is nothing to say.
    let isRequired: Bool
    /// Writes name and value; false if the member is left out.
    let write: @Sendable (Object, inout JSONWriter) -> Bool

    /// A member that is always there.
    init<Value>(
        _ name: String, _ shape: Shape<Value>, _ description: String, _ value: @escaping @Sendable (Object) -> Value
    ) {
        self.init(name, shape, description, isRequired: true) { object, writer in
            shape.write(value(object), &writer)
            return true
        }
    }

    /// A member that is left out where there is nothing to say.
    init<Value>(
        ifAny name: String, _ shape: Shape<Value>, _ description: String, _ value: @escaping @Sendable (Object) -> Value?
    ) {
        self.init(name, shape, description, isRequired: false) { object, writer in
            guard let value = value(object) else { return false }
            shape.write(value, &writer)
            return true
        }
    }

    private init<Value>(
        _ name: String, _ shape: Shape<Value>, _ description: String, isRequired: Bool,
        _ write: @escaping @Sendable (Object, inout JSONWriter) -> Bool
    ) {
        self.name = name
        self.isRequired = isRequired
        schema = description.isEmpty ? shape.schema : shape.schema.setting("description", to: .text(description))
        definitions = shape.definitions
        let key = Array("\"\(name)\":".utf8)
        self.write = { object, writer in
            writer.raw(key)
            return write(object, &writer)
        }
    }
}
