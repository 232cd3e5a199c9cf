// Refuses what makes YAML dangerous or surprising, before the parser sees it.

/// Looks over the text of a file once for anchors, aliases, tags and directives, and for too deep nesting.
///
/// An alias lets a few lines stand for billions of nodes, and a tag changes what a value means; a configuration needs
/// neither. These signs count only where a token may begin: `sales & support` is text. So the scan follows libyaml's
/// scanner (scanner.c): what that one takes for text, a comment or a token has to be the same here, or else a quote that
/// only one of the two sees would hide what follows it. The tests compare both over many small texts.
struct YAMLGuard {
    struct Refusal: Equatable {
        var line: Int
        var column: Int
        var text: String
        var mend: String
    }

    /// What the next sign belongs to; goes on over the end of a line.
    private enum Place { case betweenTokens, plainText, singleQuotes, doubleQuotes }

    static let flowDepthMax = 16
    static let indentMax = 80
    static let nestedOnOneLineMax = 4

    private var place = Place.betweenTokens
    private var flowDepth = 0
    /// The columns of the mappings and lists that are open outside brackets, outermost first (libyaml's `indents`).
    private var indents: [Int] = []
    /// Lines indented deeper than this belong to a block scalar.
    private var blockScalarIndent: Int?
    /// Where the text, quote or bracket began that a colon on this line would make a key.
    private var keyColumn: Int?
    /// Dashes and such on this line.
    private var nested = 0

    /// The column of the innermost mapping or list.
    private var indent: Int { indents.last ?? -1 }

    /// The first thing in `text` that is refused.
    static func refusal(in text: String) -> Refusal? {
        var scan = YAMLGuard()
        let text = text.unicodeScalars.first == byteOrderMark ? String(text.unicodeScalars.dropFirst()) : text
        for (index, line) in lines(of: text).enumerated() {
            if var refusal = controlCharacter(in: line) ?? scan.read(line) {
                refusal.line = index + 1
                return refusal
            }
        }
        return nil
    }

    /// Allowed as the first sign of a file only; elsewhere it would shift the columns unseen.
    private static let byteOrderMark: Unicode.Scalar = "\u{FEFF}"

    /// Cut at every line break that YAML 1.1 knows, or else a comment would hide what stands behind an unusual one.
    private static func lines(of text: String) -> [[Unicode.Scalar]] {
        var lines: [[Unicode.Scalar]] = [[]]
        var last: Unicode.Scalar?
        for sign in text.unicodeScalars {
            switch sign {
            case "\n" where last == "\r": break
            case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": lines.append([])
            default: lines[lines.count - 1].append(sign)
            }
            last = sign
        }
        return lines
    }

    private static func controlCharacter(in line: [Unicode.Scalar]) -> Refusal? {
        let found = line.firstIndex { sign in
            (sign.value < 0x20 && sign != "\t") || (0x7F...0x9F).contains(sign.value) || (0xFFFE...0xFFFF).contains(sign.value)
                || sign == byteOrderMark
        }
        return found.map {
            Refusal(
                line: 0, column: $0 + 1, text: "there is a control character (U+\(String(line[$0].value, radix: 16)))",
                mend: "remove it, or save the file as UTF-8 text")
        }
    }

    private mutating func read(_ line: [Unicode.Scalar]) -> Refusal? {
        guard let spaces = line.firstIndex(where: { $0 != " " }) else { return nil }
        if let outer = blockScalarIndent {
            if spaces > outer { return nil }
            blockScalarIndent = nil
        }
        let isOutside = flowDepth == 0 && (place == .betweenTokens || place == .plainText)
        if isOutside, spaces > Self.indentMax {
            return refused(at: spaces, "this line is indented by \(spaces) columns", "indent by at most \(Self.indentMax)")
        }
        // Only what stands on one line can be a key.
        keyColumn = nil
        nested = 0
        guard let first = line.firstIndex(where: { $0 != " " && $0 != "\t" }) else { return nil }
        if isOutside, Self.isDocumentMark(line) {
            place = .betweenTokens
            indents = []
            return readTokens(line, from: 3)
        }
        // A text goes on in lines that are indented deeper than what holds it.
        if place == .plainText, flowDepth == 0, first <= indent { place = .betweenTokens }
        return readTokens(line, from: first)
    }

    /// `---` or `...` at the beginning of a line.
    private static func isDocumentMark(_ line: [Unicode.Scalar]) -> Bool {
        (line.starts(with: ["-", "-", "-"]) || line.starts(with: [".", ".", "."])) && isBlank(line, 3)
    }

    private static func isBlank(_ line: [Unicode.Scalar], _ index: Int) -> Bool {
        index >= line.count || line[index] == " " || line[index] == "\t"
    }

    private mutating func readTokens(_ line: [Unicode.Scalar], from first: Int) -> Refusal? {
        var index = first
        while index < line.count, blockScalarIndent == nil {
            let sign = line[index]
            defer { index += 1 }
            switch place {
            case .singleQuotes:
                guard sign == "'" else { continue }
                if index + 1 < line.count, line[index + 1] == "'" { index += 1 } else { place = .betweenTokens }
            case .doubleQuotes:
                if sign == "\\" { index += 1 } else if sign == "\"" { place = .betweenTokens }
            case .plainText:
                if sign == "#", index == first || Self.isBlank(line, index - 1) {
                    place = .betweenTokens
                    return nil
                }
                guard ends(line, index) else { continue }
                place = .betweenTokens
                index -= 1
            case .betweenTokens:
                if sign == " " || sign == "\t" { continue }
                if sign == "#" { return nil }
                if let refusal = beginToken(line, index) { return refusal }
            }
        }
        return nil
    }

    /// Whether an unquoted text ends before this sign.
    private func ends(_ line: [Unicode.Scalar], _ index: Int) -> Bool {
        line[index] == ":" && Self.isBlank(line, index + 1) || flowDepth > 0 && "[]{},".unicodeScalars.contains(line[index])
    }

    private mutating func beginToken(_ line: [Unicode.Scalar], _ column: Int) -> Refusal? {
        let sign = line[column]
        let isBeforeBlank = Self.isBlank(line, column + 1)
        if flowDepth == 0 { while indent > column { indents.removeLast() } }
        switch sign {
        case "&", "*", "!": return sign.refusal(at: column)
        case "%" where column == 0: return sign.refusal(at: column)
        case "[", "]", "{", "}", ",":
            if flowDepth == 0 { keyColumn = keyColumn ?? column }
            return bracket(sign, at: column)
        case "-" where isBeforeBlank, "?" where isBeforeBlank || flowDepth > 0:
            return nest(at: column)
        case ":" where isBeforeBlank || flowDepth > 0:
            guard let key = keyColumn else { return nest(at: column) }
            open(at: key)
            if flowDepth == 0 { keyColumn = nil }
        case "|" where flowDepth == 0, ">" where flowDepth == 0: blockScalarIndent = max(indent, 0)
        default:
            if flowDepth == 0 { keyColumn = keyColumn ?? column }
            place = sign == "'" ? .singleQuotes : sign == "\"" ? .doubleQuotes : .plainText
        }
        return nil
    }

    /// What begins here may hold another of its kind on the same line.
    private mutating func nest(at column: Int) -> Refusal? {
        guard flowDepth == 0 else { return nil }
        open(at: column)
        nested += 1
        guard nested > Self.nestedOnOneLineMax else { return nil }
        return refused(at: column, "lists nested too deep on one line", "write each list on lines of its own")
    }

    /// A mapping or list begins here, unless it is open already.
    private mutating func open(at column: Int) {
        if flowDepth == 0, column > indent { indents.append(column) }
    }

    private mutating func bracket(_ sign: Unicode.Scalar, at index: Int) -> Refusal? {
        if sign == "[" || sign == "{" { flowDepth += 1 }
        if sign == "]" || sign == "}" { flowDepth = max(0, flowDepth - 1) }
        guard flowDepth > Self.flowDepthMax else { return nil }
        return refused(at: index, "brackets nested deeper than \(Self.flowDepthMax)", "write fewer of them")
    }

    private func refused(at index: Int, _ text: String, _ mend: String) -> Refusal {
        Refusal(line: 0, column: index + 1, text: text, mend: mend)
    }
}

extension Unicode.Scalar {
    fileprivate func refusal(at index: Int) -> YAMLGuard.Refusal {
        let what =
            switch self {
            case "&": "an anchor (`&`)"
            case "*": "an alias (`*`)"
            case "!": "a tag (`!`)"
            default: "a directive (`%`)"
            }
        return YAMLGuard.Refusal(
            line: 0, column: index + 1, text: "\(what) is not allowed here",
            mend: "write the value out, or put a text that begins with `\(self)` in quotes")
    }
}
