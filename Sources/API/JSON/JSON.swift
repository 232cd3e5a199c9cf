// JSON as a tree, for what is made once: schemas and the OpenAPI document.

/// A JSON value that keeps the order of its members.
indirect enum JSON: Sendable, Hashable {
    case null
    case boolean(Bool)
    case integer(Int)
    case number(Double)
    case text(String)
    case list([JSON])
    case object([Member])

    struct Member: Sendable, Hashable {
        let name: String
        let value: JSON
    }

    static func ordered(_ members: [(String, JSON)]) -> JSON { .object(members.map { Member(name: $0.0, value: $0.1) }) }

    /// The member of that name of an object.
    subscript(name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// An object with one member more, or with another value for the one it has.
    func setting(_ name: String, to value: JSON) -> JSON {
        guard case .object(let members) = self else { return self }
        return .object(members.filter { $0.name != name } + [Member(name: name, value: value)])
    }

    func write(to writer: inout JSONWriter) {
        switch self {
        case .null: writer.null()
        case .boolean(let value): writer.boolean(value)
        case .integer(let value): writer.integer(value)
        case .number(let value): writer.number(value)
        case .text(let value): writer.text(value)
        case .list(let values): writer.list(values) { value, writer in value.write(to: &writer) }
        case .object(let members):
            writer.object(members) { member, writer in
                writer.text(member.name)
                writer.colon()
                member.value.write(to: &writer)
            }
        }
    }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    init(stringLiteral value: String) { self = .text(value) }
    init(integerLiteral value: Int) { self = .integer(value) }
    init(booleanLiteral value: Bool) { self = .boolean(value) }
    init(arrayLiteral elements: JSON...) { self = .list(elements) }
    init(dictionaryLiteral elements: (String, JSON)...) { self = .ordered(elements) }
}
