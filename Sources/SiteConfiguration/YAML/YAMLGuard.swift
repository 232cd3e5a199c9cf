// Refuses what makes YAML dangerous or surprising, before the parser sees it.

/// Looks over the text of a file once for anchors, aliases, tags and directives, and for too deep nesting.
///
/// An alias lets a few lines stand for billions of nodes, and a tag changes what a value means; a configuration needs
/// neither. The scan follows YAML's own rule that these signs count only where a token may begin: `sales & support` is text.
struct YAMLGuard {
    struct Refusal: Equatable {
        var line: Int
        var column: Int
        var text: String
        var mend: String
    }

    private enum Quote { case none, single, double }

    static let flowDepthMax = 16
    static let indentMax = 80
    static let nestedOnOneLineMax = 4

    private var quote = Quote.none
    private var flowDepth = 0
    /// Lines indented deeper than this belong to a block scalar.
    private var blockScalarIndent: Int?
    /// The indentation of the line on which an unquoted text was left open; deeper lines continue it.
    private var openTextIndent: Int?

    /// The first thing in `text` that is refused.
    static func refusal(in text: String) -> Refusal? {
        var scan = YAMLGuard()
        for (index, line) in lines(of: text).enumerated() {
            if var refusal = controlCharacter(in: line) ?? scan.read(line) {
                refusal.line = index + 1
                return refusal
            }
        }
        return nil
    }

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
        }
        return found.map {
            Refusal(
                line: 0, column: $0 + 1, text: "there is a control character (U+\(String(line[$0].value, radix: 16)))",
                mend: "remove it, or save the file as UTF-8 text")
        }
    }

    private mutating func read(_ line: [Unicode.Scalar]) -> Refusal? {
        guard let indent = line.firstIndex(where: { $0 != " " }) else { return nil }
        if let outer = blockScalarIndent {
            if indent > outer { return nil }
            blockScalarIndent = nil
        }
        if quote == .none, flowDepth == 0, indent > Self.indentMax {
            return refused(at: indent, "this line is indented by \(indent) columns", "indent by at most \(Self.indentMax)")
        }
        let continuesText = openTextIndent.map { indent > $0 } ?? false
        if !continuesText { openTextIndent = nil }
        return readTokens(line, from: indent, mayBegin: !continuesText && quote == .none)
    }

    private mutating func readTokens(_ line: [Unicode.Scalar], from indent: Int, mayBegin start: Bool) -> Refusal? {
        var mayBegin = start
        var nested = 0
        var index = indent
        while index < line.count {
            let sign = line[index]
            let next = index + 1 < line.count ? line[index + 1] : " "
            let isBeforeSpace = next == " " || next == "\t"
            defer { index += 1 }
            switch quote {
            case .single:
                if sign == "'" {
                    if next == "'" { index += 1 } else { quote = .none }
                }
                continue
            case .double:
                if sign == "\\" { index += 1 } else if sign == "\"" { quote = .none }
                continue
            case .none: break
            }
            if sign == " " || sign == "\t" { continue }
            if sign == "#", index == indent || line[index - 1] == " " || line[index - 1] == "\t" { return nil }
            if flowDepth > 0 || mayBegin, "[]{},".unicodeScalars.contains(sign) {
                if let refusal = bracket(sign, at: index) { return refusal }
                mayBegin = sign != "]" && sign != "}"
                continue
            }
            guard mayBegin else {
                if sign == ":", isBeforeSpace || flowDepth > 0 {
                    mayBegin = true
                    openTextIndent = nil
                }
                continue
            }
            if sign == "&" || sign == "*" || sign == "!" || (sign == "%" && index == 0) { return sign.refusal(at: index) }
            if sign == "-" || sign == "?", isBeforeSpace {
                nested += 1
                if nested > Self.nestedOnOneLineMax {
                    return refused(at: index, "lists nested too deep on one line", "write each list on lines of its own")
                }
                continue
            }
            if flowDepth == 0, sign == "|" || sign == ">" {
                blockScalarIndent = indent
                return nil
            }
            mayBegin = false
            switch sign {
            case "'": quote = .single
            case "\"": quote = .double
            default: if flowDepth == 0 { openTextIndent = indent }
            }
        }
        return nil
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
