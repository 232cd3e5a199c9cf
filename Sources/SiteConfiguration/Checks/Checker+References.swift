// Checks that names lead to something.

internal import Basics

extension Checker {
    var trunkNames: [String] { configuration.trunks.map(\.id.rawValue) }

    /// Adds a finding if `name` is unknown. An empty name was already reported as missing or malformed; and nothing is said
    /// about a file that could not be read.
    mutating func checkReference(_ name: String, what: String, known: [String], in file: String? = nil, at path: Path) {
        guard !name.isEmpty, !known.contains(name) else { return }
        if let file, reading.unreadable.contains(file) { return }
        reading.error(
            "there is no \(what) `\(name)`", at: path,
            mend: Nearest.mend(for: name, among: known.filter { !$0.isEmpty }, what: what))
    }
}
