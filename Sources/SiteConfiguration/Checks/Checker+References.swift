// Checks that names lead to something.

/// The names of one kind of thing.
struct KnownNames {
    /// For findings: "queue".
    let what: String
    /// Where they stand; nothing is said about a file that could not be read.
    let file: String?
    /// In the order of the file.
    let names: [String]
    private let set: Set<String>

    init(_ what: String, in file: String? = nil, _ names: [String]) {
        self.what = what
        self.file = file
        self.names = names
        set = Set(names)
    }

    func contains(_ name: String) -> Bool { set.contains(name) }
}

extension Checker {
    /// Adds a finding if `name` is unknown. An empty name was already reported as missing or malformed.
    mutating func checkReference(_ name: String, among known: KnownNames, at path: @autoclosure () -> Path) {
        guard !name.isEmpty, !known.contains(name) else { return }
        if let file = known.file, reading.unreadable.contains(file) { return }
        reading.error(
            "unknown \(known.what) `\(name)`", at: path(), mend: Nearest.mend(for: name, among: known.names, what: known.what))
    }
}
