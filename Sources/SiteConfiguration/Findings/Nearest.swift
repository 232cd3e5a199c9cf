// Finds what somebody probably meant when a name is unknown.

/// Names that an admin may have meant.
enum Nearest {
    /// Longer words are not compared: the distance costs the product of both lengths.
    private static let lengthMax = 64

    /// The candidate with the smallest edit distance from `word`, if it is near enough to be a slip of the pen.
    static func name(to word: String, among candidates: [String]) -> String? {
        guard word.count <= lengthMax else { return nil }
        let farthest = max(1, min(3, word.count / 2))
        var best: (name: String, distance: Int)?
        for candidate in candidates where candidate.count <= lengthMax && candidate != word {
            let distance = distance(Array(word.lowercased()), Array(candidate.lowercased()))
            if distance <= farthest, distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        return best?.name
    }

    /// The edit distance of Damerau and Levenshtein (optimal string alignment): insertions, deletions, replacements and
    /// swaps of neighbours count one each.
    static func distance(_ a: [Character], _ b: [Character]) -> Int {
        var beforeLast = [Int](repeating: 0, count: b.count + 1)
        var last = Array(0...b.count)
        for i in a.indices {
            var row = [i + 1]
            row.reserveCapacity(b.count + 1)
            for j in b.indices {
                var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, beforeLast[j - 1] + 1) }
                row.append(cost)
            }
            beforeLast = last
            last = row
        }
        return last[b.count]
    }

    /// The mend for an unknown name: the nearest one, or all that there are.
    static func mend(for word: String, among candidates: [String], what: String) -> String {
        if let nearest = name(to: word, among: candidates) { return "did you mean `\(nearest)`?" }
        guard !candidates.isEmpty else { return "no \(what) is defined yet" }
        return "known: " + candidates.sorted().prefix(shownMax).joined(separator: ", ")
            + (candidates.count > shownMax ? ", …" : "")
    }

    private static let shownMax = 20
}
