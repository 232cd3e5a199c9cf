// How one kind of value is read from YAML and written for people. The schema is made of these.

internal import Yams

/// A kind of value that may stand behind a key.
struct Value<T> {
    /// Completes the sentence "`key` must be …".
    let expected: String
    /// The value, or nil after a finding was added.
    let read: (YAMLNode, Path, inout Reading) -> T?
    /// The value as differences print it; never a secret.
    let write: (T) -> String
    /// The keys inside, for kinds that have any: the test that every option is explained walks them.
    var keys: () -> [OptionKey] = { [] }
}

/// An option's name with those below it.
struct OptionKey {
    var name: String
    var below: [OptionKey]
}

extension Value {
    /// The same value in another shape; `nil` from `to` means that the text fits no value.
    func map<U>(expected: String? = nil, to: @escaping (T) -> U?, from: @escaping (U) -> T) -> Value<U> {
        let expected = expected ?? self.expected
        return Value<U>(
            expected: expected,
            read: { node, path, reading in
                guard let inner = read(node, path, &reading) else { return nil }
                guard let outer = to(inner) else {
                    reading.wrongType(node, at: path, expected: expected)
                    return nil
                }
                return outer
            }, write: { write(from($0)) }, keys: keys)
    }
}

extension Reading {
    /// Says that the value at `path` is of the wrong type.
    mutating func wrongType(_ node: YAMLNode, at path: Path, expected: String) {
        let described = node.described
        // A key that is wrong itself is not called by its name twice.
        let text = described == "`\(path.last)`" ? "\(described) cannot stand here" : "`\(path.last)` is \(described)"
        error(text, at: path, mend: "write \(expected)")
    }
}

extension YAMLNode {
    /// The length from which a quoted value is cut in a finding.
    private static let describedMax = 40

    /// What stands there, for a finding.
    var described: String {
        switch self {
        case .scalar(let scalar):
            isEmpty ? "empty" : "`\(scalar.string.prefix(Self.describedMax).split(whereSeparator: \.isNewline).first ?? "")`"
        case .mapping: "a mapping"
        case .sequence: "a list"
        case .alias: "an alias"
        }
    }

    /// Nothing, `~` or `null`: the key counts as not written.
    var isEmpty: Bool {
        guard case .scalar(let scalar) = self, scalar.style == .plain else { return false }
        return scalar.string.isEmpty || scalar.string == "~" || scalar.string == "null"
    }

    /// The text of a scalar, whatever YAML would make of it: `0049` and `no` stay what was written.
    var text: String? {
        guard case .scalar(let scalar) = self, !isEmpty else { return nil }
        return scalar.string
    }

    /// The text of a scalar without quotes.
    var plainText: String? {
        guard case .scalar(let scalar) = self, scalar.style == .plain, !isEmpty else { return nil }
        return scalar.string
    }
}
