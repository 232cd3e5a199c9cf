// Which bytes of a file a request asks for.

/// The `Range` field of a request (RFC 9110, 14.2).
enum ByteRange: Hashable {
    case whole
    case part(Range<Int>)
    /// It begins behind the end.
    case unsatisfiable

    /// Digits of a number in the field; a longer one is no place in a file.
    private static let digitsMax = 18

    /// What cannot be understood is left out of account, and so is a list of several parts: the answer is the whole then.
    init(_ field: String?, of count: Int) {
        self = .whole
        guard let field, field.utf8.count <= 64, field.lowercased().hasPrefix("bytes=") else { return }
        let parts = field.dropFirst("bytes=".count).split(separator: "-", omittingEmptySubsequences: false)
            .map { $0.filter { $0 != " " } }
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.count <= Self.digitsMax }) else { return }
        guard parts.allSatisfy({ $0.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } }) else { return }
        switch (Int(parts[0]), Int(parts[1])) {
        case (nil, nil): break
        case (nil, let last?): self = last > 0 && count > 0 ? .part(max(0, count - last)..<count) : .unsatisfiable
        case (let first?, let last):
            if let last, last < first { return }
            self = first < count ? .part(first..<min(count, last.map { $0 + 1 } ?? count)) : .unsatisfiable
        }
    }
}
