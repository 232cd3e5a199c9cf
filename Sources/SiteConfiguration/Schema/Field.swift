// One key of a mapping: its name, its kind, and where its value goes.

internal import Yams

/// A key that may stand in a mapping that becomes a `Target`. Its default is what `Target` holds before reading.
struct Field<Target> {
    let name: String
    let isRequired: Bool
    let read: (YAMLNode, Path, inout Target, inout Reading) -> Void
    /// The present value as differences print it.
    let write: (Target) -> String
    let key: OptionKey

    init<V>(_ name: String, _ place: WritableKeyPath<Target, V>, _ value: Value<V>, required: Bool = false) {
        self.name = name
        isRequired = required
        read = { node, path, target, reading in
            if let found = value.read(node, path, &reading) { target[keyPath: place] = found }
        }
        write = { value.write($0[keyPath: place]) }
        key = OptionKey(name: name, below: value.keys())
    }

    /// A key without a default: nothing is there until it is written.
    init<V>(_ name: String, _ place: WritableKeyPath<Target, V?>, _ value: Value<V>, required: Bool = false) {
        self.name = name
        isRequired = required
        read = { node, path, target, reading in
            if let found = value.read(node, path, &reading) { target[keyPath: place] = found }
        }
        write = { $0[keyPath: place].map(value.write) ?? "none" }
        key = OptionKey(name: name, below: value.keys())
    }
}
