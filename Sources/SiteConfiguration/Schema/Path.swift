// Names a place in the configuration by its keys, so that checks can say where something stands.

/// A file's name and the keys from its top to a value: `queues.yaml`, `queues`, `sales`, `members`, `2`.
struct Path: Hashable {
    private(set) var components: [String]

    init(_ components: String...) { self.components = components }

    var file: String { components.first ?? "" }
    /// The key itself, as findings quote it.
    var last: String { components.last ?? "" }
    /// One level up; nil above the file.
    var parent: Path? {
        guard components.count > 1 else { return nil }
        var parent = self
        parent.components.removeLast()
        return parent
    }

    static func / (path: Path, key: String) -> Path {
        var longer = path
        longer.components.append(key)
        return longer
    }

    static func / (path: Path, index: Int) -> Path { path / String(index) }
}
