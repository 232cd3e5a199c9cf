// The kinds of values that hold others: lists, mappings with fixed keys, and mappings whose keys are names.

internal import Yams

extension Value {
    /// A list of one kind.
    static func list<Element>(_ element: Value<Element>, countMax: Int) -> Value where T == [Element] {
        let expected = "a list, each \(element.expected)"
        return Value(
            expected: expected,
            read: { node, path, reading in
                guard case .sequence(let sequence) = node else {
                    reading.wrongType(node, at: path, expected: expected)
                    return nil
                }
                guard sequence.count <= countMax else {
                    reading.error("`\(path.last)` has \(sequence.count) entries", at: path, mend: "write at most \(countMax)")
                    return nil
                }
                var elements: [Element] = []
                for (index, child) in sequence.enumerated() {
                    let place = path / index
                    reading.note(child, at: place)
                    if let element = element.read(child, place, &reading) { elements.append(element) }
                }
                return elements
            }, write: { $0.isEmpty ? "none" : $0.map(element.write).joined(separator: ", ") }, keys: element.keys)
    }

    /// A mapping with the keys of a schema.
    static func section(_ schema: Schema<T>, initial: T) -> Value {
        Value(
            expected: "the keys of \(schema.what)",
            read: { node, path, reading in
                var value = initial
                schema.read(node, at: path, into: &value, &reading)
                return value
            },
            write: { value in schema.fields.map { "\($0.name) \($0.write(value))" }.joined(separator: ", ") },
            keys: { schema.fields.map(\.key) })
    }

    /// A mapping from names to values; the order of the file is kept.
    static func named<Element>(
        _ what: String, name: Value<String> = .name, countMax: Int, keys: [OptionKey] = [],
        write: @escaping (Element) -> String,
        read: @escaping (String, YAMLNode, Path, inout Reading) -> Element?
    ) -> Value where T == [Element] {
        let expected = "a mapping from the name of each \(what) to its keys"
        return Value(
            expected: expected,
            read: { node, path, reading in
                guard case .mapping(let mapping) = node else {
                    reading.wrongType(node, at: path, expected: expected)
                    return nil
                }
                guard mapping.count <= countMax else {
                    reading.error("`\(path.last)` has \(mapping.count) entries", at: path, mend: "write at most \(countMax)")
                    return nil
                }
                var elements: [Element] = []
                var seen: Set<String> = []
                for (keyNode, child) in mapping {
                    let place = path / (keyNode.text ?? "")
                    reading.note(keyNode, at: place)
                    guard let key = name.read(keyNode, place, &reading) else { continue }
                    // YAML takes `100` and `"100"` for two keys; here they are one name.
                    guard seen.insert(key).inserted else {
                        reading.error("`\(key)` stands twice among these", at: place, mend: "keep one of them")
                        continue
                    }
                    guard let element = read(key, child, place, &reading) else {
                        reading.giveUp(on: key, in: path)
                        continue
                    }
                    elements.append(element)
                }
                return elements
            }, write: { $0.isEmpty ? "none" : $0.map(write).joined(separator: ", ") }, keys: { keys })
    }

    /// A mapping from names to mappings with the keys of a schema. `nameOf` gives the name back for differences.
    static func named<Element>(
        _ schema: Schema<Element>, what: String, name: Value<String> = .name, countMax: Int,
        initial: @escaping (String) -> Element, nameOf: @escaping (Element) -> String
    ) -> Value where T == [Element] {
        let write = { (element: Element) in
            nameOf(element) + " (" + schema.fields.map { "\($0.name) \($0.write(element))" }.joined(separator: ", ") + ")"
        }
        return named(what, name: name, countMax: countMax, keys: schema.fields.map(\.key), write: write) {
            key, node, path, reading in
            var element = initial(key)
            schema.read(node, at: path, into: &element, &reading)
            return element
        }
    }
}
