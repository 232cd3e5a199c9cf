// The table of the keys of one mapping. It alone drives reading, types, unknown and missing keys, and differences.

internal import Yams

/// Everything that may stand in a mapping that becomes a `Target`.
struct Schema<Target> {
    /// For findings: "a queue".
    let what: String
    let fields: [Field<Target>]

    init(_ what: String, _ fields: [Field<Target>]) {
        self.what = what
        self.fields = fields
    }

    /// Reads the mapping into `target`, which holds the defaults. `ignoring` are keys that the caller reads itself.
    func read(_ node: YAMLNode, at path: Path, into target: inout Target, ignoring: [String] = [], _ reading: inout Reading) {
        guard !node.isEmpty else {
            requireAll(except: [], at: path, &reading)
            return
        }
        guard case .mapping(let mapping) = node else {
            reading.error("`\(path.last)` is \(node.described)", at: path, mend: "write the keys of \(what)")
            return
        }
        var seen: [String] = []
        for (keyNode, valueNode) in mapping {
            let name = keyNode.text ?? ""
            let place = path / name
            reading.note(keyNode, at: place)
            if ignoring.contains(name) { continue }
            guard let field = fields.first(where: { $0.name == name }) else {
                unknown(name, ignoring: ignoring, at: place, &reading)
                continue
            }
            seen.append(name)
            if valueNode.isEmpty {
                if field.isRequired { seen.removeLast() }
                continue
            }
            // Findings about a mapping point to its key, others to the value.
            if case .mapping = valueNode {} else { reading.note(valueNode, at: place) }
            field.read(valueNode, place, &target, &reading)
        }
        requireAll(except: seen, at: path, &reading)
    }

    private func requireAll(except seen: [String], at path: Path, _ reading: inout Reading) {
        for field in fields where field.isRequired && !seen.contains(field.name) {
            reading.error("`\(path.last)` has no `\(field.name)`", at: path, mend: "add `\(field.name):`")
        }
    }

    private func unknown(_ name: String, ignoring: [String], at place: Path, _ reading: inout Reading) {
        if ["password", "passwd", "pass", "secret", "pin"].contains(name.lowercased()) {
            reading.error(
                "`\(name)` would be a plain secret, which never stands here", at: place, mend: PlainSecret.mend)
            return
        }
        let known = fields.map(\.name) + ignoring
        reading.error(
            "unknown key `\(name)` in \(what)", at: place, mend: Nearest.mend(for: name, among: known, what: "key"))
    }
}
