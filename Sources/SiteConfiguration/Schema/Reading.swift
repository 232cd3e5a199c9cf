// What one run of the reader gathers: findings, and where each value stood.

internal import Yams

/// The state of one run over a configuration folder.
struct Reading {
    /// The folder as it was given, for the file names in findings.
    let folder: String
    private(set) var findings: [Finding] = []
    private var positions: [Path: Mark] = [:]
    /// Not among the positions yet: nobody asks for them unless there is something to find fault with.
    private var noted: [(path: Path, mark: Mark)] = []
    /// Files that could not be read; nothing is said about references into them.
    private(set) var unreadable: Set<String> = []
    /// Named entries that could not be read, by the path of what holds them: their names are known all the same.
    private(set) var unfinished: [Path: [String]] = [:]

    /// More findings of one severity than this help nobody. Errors count apart: many warnings must not hide one.
    static let findingsMax = 500

    init(folder: String) { self.folder = folder }

    /// Remembers where the value at `path` stands.
    mutating func note(_ node: YAMLNode, at path: Path) {
        if let mark = node.mark { noted.append((path, mark)) }
    }

    mutating func giveUp(on file: String) { unreadable.insert(file) }

    mutating func giveUp(on name: String, in path: Path) { unfinished[path, default: []].append(name) }

    /// Where `path` stands, or else what holds it.
    mutating func position(of path: Path) -> Position {
        for (path, mark) in noted { positions[path] = mark }
        noted.removeAll(keepingCapacity: true)
        var place: Path? = path
        while let here = place {
            if let mark = positions[here] {
                return Position(file: file(path.file), line: mark.line, column: mark.column)
            }
            place = here.parent
        }
        return Position(file: file(path.file))
    }

    func file(_ name: String) -> String { folder.isEmpty ? name : folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)" }

    mutating func error(_ text: String, at path: Path, mend: String) {
        add(Finding(.error, at: position(of: path), text, mend: mend))
    }

    mutating func warning(_ text: String, at path: Path, mend: String) {
        add(Finding(.warning, at: position(of: path), text, mend: mend))
    }

    mutating func add(_ finding: Finding) {
        guard findings.count(where: { $0.severity == finding.severity }) < Self.findingsMax, !findings.contains(finding)
        else { return }
        findings.append(finding)
    }
}
