// Reads an expression such as `skill(french) >= 3 and (tag(senior) or not agent(anna))`.

internal import Basics

/// Why a text is no requirement.
public enum RequirementError: Error, Hashable, Sendable {
    /// Something else was expected at that character, counted from 1.
    case unexpected(String, at: Int, expected: String)
    case unfinished(expected: String)
    /// What stands for a grade is none of 0 to 100.
    case noGrade(String, at: Int)
    case unknownExpression(String)
    /// Expressions that name each other in a ring; the first is the last.
    case cycle([String])
    case tooLong(charactersMax: Int)
    case tooDeep(levelsMax: Int)
}

extension Requirement {
    /// Characters of one expression.
    public static let charactersMax = 2000
    /// Brackets, `not`s and named expressions inside one another.
    public static let levelsMax = 20
    /// Parts of an expression when all named ones are put in; keeps rings of short names from growing without end.
    public static let partsMax = 1000

    /// - Parameters:
    ///   - text: as an admin writes it; `skill(x)` alone means `skill(x) >= 1`, `any` stands for everybody.
    ///   - expression: the text under a name that is written as `@name`.
    public init(parsing text: String, expression: (String) -> String? = { _ in nil }) throws(RequirementError) {
        var parts = 0
        self = try Self.parsed(text, expression, inside: [], level: 0, &parts)
    }

    fileprivate static func parsed(
        _ text: String, _ expression: (String) -> String?, inside names: [String], level: Int, _ parts: inout Int
    ) throws(RequirementError) -> Requirement {
        guard text.count <= charactersMax else { throw .tooLong(charactersMax: charactersMax) }
        var parser = RequirementParser(text: text, names: names, parts: parts)
        let requirement = try parser.alternatives(expression, level: level)
        try parser.expectEnd()
        parts = parser.parts
        return requirement
    }
}

/// One run over one text.
private struct RequirementParser {
    private struct Token {
        let text: String
        /// From 1.
        let position: Int
    }

    private var tokens: [Token]
    private var next = 0
    private let names: [String]
    var parts: Int

    init(text: String, names: [String], parts: Int) {
        tokens = Self.tokens(of: text)
        self.names = names
        self.parts = parts
    }

    private static func tokens(of text: String) -> [Token] {
        var tokens: [Token] = [], word = "", start = 0
        func isOperator(_ character: Character) -> Bool { "<>=!".contains(character) }
        func isWord(_ character: Character) -> Bool { character.isLetter || character.isNumber || "_-.$@+".contains(character) }
        for (index, character) in (text + " ").enumerated() {
            let goesOn =
                word.last.map { isWord(character) && isWord($0) || isOperator(character) && isOperator($0) } ?? false
            if goesOn {
                word.append(character)
                continue
            }
            if !word.isEmpty { tokens.append(Token(text: word, position: start)) }
            word = character.isWhitespace ? "" : String(character)
            start = index + 1
        }
        return tokens
    }

    // MARK: Grammar

    mutating func alternatives(_ expression: (String) -> String?, level: Int) throws(RequirementError) -> Requirement {
        var found = [try conjunction(expression, level: level)]
        while take("or") { found.append(try conjunction(expression, level: level)) }
        return found.count == 1 ? found[0] : .any(found)
    }

    private mutating func conjunction(_ expression: (String) -> String?, level: Int) throws(RequirementError) -> Requirement {
        var found = [try factor(expression, level: level)]
        while take("and") { found.append(try factor(expression, level: level)) }
        return found.count == 1 ? found[0] : .all(found)
    }

    private mutating func factor(_ expression: (String) -> String?, level: Int) throws(RequirementError) -> Requirement {
        guard level < Requirement.levelsMax else { throw .tooDeep(levelsMax: Requirement.levelsMax) }
        parts += 1
        guard parts <= Requirement.partsMax else { throw .tooLong(charactersMax: Requirement.charactersMax) }
        if take("not") { return .not(try factor(expression, level: level + 1)) }
        if take("(") {
            let inner = try alternatives(expression, level: level + 1)
            try expect(")")
            return inner
        }
        return try term(expression, level: level)
    }

    private mutating func term(_ expression: (String) -> String?, level: Int) throws(RequirementError) -> Requirement {
        let expected = "skill(…), tag(…), agent(…), any, not, @name or a bracket"
        guard next < tokens.count else { throw .unfinished(expected: expected) }
        let token = tokens[next]
        next += 1
        switch token.text {
        case "any": return .anybody
        case "tag": return .tag(try argument())
        case "agent": return .agent(AgentID(try argument()))
        case "skill": return try skill()
        case let word where word.hasPrefix("@"): return try named(String(word.dropFirst()), expression, level: level)
        default: throw .unexpected(token.text, at: token.position, expected: expected)
        }
    }

    private mutating func skill() throws(RequirementError) -> Requirement {
        let name = try argument()
        guard next < tokens.count, let comparison = Requirement.Comparison(rawValue: tokens[next].text) else {
            return .skill(name, .atLeast, 1)
        }
        next += 1
        guard next < tokens.count else { throw .unfinished(expected: "a grade") }
        let token = tokens[next]
        next += 1
        guard let grade = Int(token.text), grade >= 0, grade <= AgentSkills.grades.upperBound else {
            throw .noGrade(token.text, at: token.position)
        }
        return .skill(name, comparison, grade)
    }

    private mutating func named(
        _ name: String, _ expression: (String) -> String?, level: Int
    ) throws(RequirementError) -> Requirement {
        if let first = names.firstIndex(of: name) { throw .cycle(names[first...] + [name]) }
        guard let text = expression(name) else { throw .unknownExpression(name) }
        return try Requirement.parsed(text, expression, inside: names + [name], level: level + 1, &parts)
    }

    private mutating func argument() throws(RequirementError) -> String {
        try expect("(")
        guard next < tokens.count else { throw .unfinished(expected: "a name") }
        let token = tokens[next]
        guard token.text.first.map({ $0.isLetter || $0.isNumber || "_$".contains($0) }) ?? false else {
            throw .unexpected(token.text, at: token.position, expected: "a name")
        }
        next += 1
        try expect(")")
        return token.text
    }

    // MARK: Tokens

    private mutating func take(_ text: String) -> Bool {
        guard next < tokens.count, tokens[next].text == text else { return false }
        next += 1
        return true
    }

    private mutating func expect(_ text: String) throws(RequirementError) {
        guard next < tokens.count else { throw .unfinished(expected: "`\(text)`") }
        guard take(text) else {
            throw .unexpected(tokens[next].text, at: tokens[next].position, expected: "`\(text)`")
        }
    }

    func expectEnd() throws(RequirementError) {
        guard next < tokens.count else { return }
        throw .unexpected(tokens[next].text, at: tokens[next].position, expected: "and, or, or the end")
    }
}

extension RequirementError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unexpected(let text, let position, let expected):
            "`\(text)` at character \(position), where \(expected) was expected"
        case .unfinished(let expected): "it ends where \(expected) was expected"
        case .noGrade(let text, let position): "`\(text)` at character \(position) is no grade from 0 to 100"
        case .unknownExpression(let name): "there is no expression `\(name)`"
        case .cycle(let names): "the expressions go round in a circle: " + names.joined(separator: " → ")
        case .tooLong(let max): "it is too long, with what it names: at most \(max) characters and a thousand parts"
        case .tooDeep(let max): "brackets, nots and names stand more than \(max) deep"
        }
    }
}
