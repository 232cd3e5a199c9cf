// Which agents may have a contact: an expression over skills, tags and names (definitions.md 3.3).

public import Basics

/// What an agent can do, graded, and what an agent is.
public struct AgentSkills: Codable, Hashable, Sendable {
    public struct Grade: Codable, Hashable, Sendable {
        public var skill: String
        public var grade: Int

        public init(skill: String, grade: Int) {
            self.skill = skill
            self.grade = grade
        }
    }

    /// The range of grades; who does not have a skill has grade 0.
    public static let grades = 1...100

    /// Each skill once, in the order of the names.
    public internal(set) var grades: [Grade]
    /// Each once, sorted.
    public internal(set) var tags: [String]

    /// Of a skill given twice the last grade counts.
    public init(grades: [Grade] = [], tags: [String] = []) {
        var bySkill = PagedMap<String, Int>()
        for grade in grades { bySkill[grade.skill] = grade.grade }
        self.grades = bySkill.map { Grade(skill: $0.key, grade: $0.value) }
        var sorted: [String] = []
        for tag in tags.sorted() where sorted.last != tag { sorted.append(tag) }
        self.tags = sorted
    }

    public var isEmpty: Bool { grades.isEmpty && tags.isEmpty }

    /// Sum of the grades in those skills.
    public func fit(_ names: [String]) -> Int { names.reduce(0) { $0 + grade(of: $1) } }

    /// 0: the agent does not have it.
    public func grade(of skill: String) -> Int {
        var low = 0, high = grades.count
        while low < high {
            let middle = (low + high) / 2
            if grades[middle].skill < skill { low = middle + 1 } else { high = middle }
        }
        return low < grades.count && grades[low].skill == skill ? grades[low].grade : 0
    }
}

/// An expression that an agent meets or does not.
public indirect enum Requirement: Codable, Hashable, Sendable {
    public enum Comparison: String, Codable, Hashable, Sendable, CaseIterable {
        case atLeast = ">="
        case atMost = "<="
        case equal = "=="
        case unequal = "!="
        case over = ">"
        case under = "<"
    }

    case anybody
    case skill(String, Comparison, Int)
    case tag(String)
    case agent(AgentID)
    case all([Requirement])
    case any([Requirement])
    case not(Requirement)

    public func isMet(by agent: AgentID, with skills: AgentSkills) -> Bool {
        switch self {
        case .anybody: true
        case .skill(let name, let comparison, let grade): comparison.holds(skills.grade(of: name), grade)
        case .tag(let tag): skills.tags.contains(tag)
        case .agent(let id): id == agent
        case .all(let parts): parts.allSatisfy { $0.isMet(by: agent, with: skills) }
        case .any(let parts): parts.contains { $0.isMet(by: agent, with: skills) }
        case .not(let part): !part.isMet(by: agent, with: skills)
        }
    }

    /// The skills that it asks for, each once, sorted; those under a `not` are not asked for.
    public var skills: [String] {
        var names: [String] = []
        for name in wanted.sorted() where names.last != name { names.append(name) }
        return names
    }

    private var wanted: [String] {
        switch self {
        case .skill(let name, let comparison, _):
            switch comparison {
            case .atLeast, .over, .equal: [name]
            case .atMost, .under, .unequal: []
            }
        case .all(let parts), .any(let parts): parts.flatMap(\.wanted)
        case .anybody, .tag, .agent, .not: []
        }
    }

    /// Sum of the grades in the skills that are asked for.
    public func fit(of skills: AgentSkills) -> Int { skills.fit(self.skills) }

    /// Names of contact attributes in whose place their values are to be put.
    public var attributes: [String] {
        var names: [String] = []
        for name in attributeNames.sorted() where names.last != name { names.append(name) }
        return names
    }

    private var attributeNames: [String] {
        switch self {
        case .skill(let name, _, _), .tag(let name): Self.attribute(name).map { [$0] } ?? []
        case .all(let parts), .any(let parts): parts.flatMap(\.attributeNames)
        case .not(let part): part.attributeNames
        case .anybody, .agent: []
        }
    }

    /// The same with the values of a contact's attributes in their places.
    public func resolved(_ value: (String) -> String?) -> Requirement {
        func name(_ text: String) -> String { Self.attribute(text).map { value($0) ?? "" } ?? text }
        switch self {
        case .skill(let text, let comparison, let grade): return .skill(name(text), comparison, grade)
        case .tag(let text): return .tag(name(text))
        case .all(let parts): return .all(parts.map { $0.resolved(value) })
        case .any(let parts): return .any(parts.map { $0.resolved(value) })
        case .not(let part): return .not(part.resolved(value))
        case .anybody, .agent: return self
        }
    }

    /// The same with these values in the places of `attributes`, in their order.
    public func resolved(with values: [String]) -> Requirement {
        let names = attributes
        guard !names.isEmpty else { return self }
        return resolved { name in
            names.firstIndex(of: name).flatMap { values.indices.contains($0) ? values[$0] : nil }
        }
    }

    /// `$language` stands for the value of the attribute `language`.
    public static func attribute(_ name: String) -> String? { name.hasPrefix("$") ? String(name.dropFirst()) : nil }
}

extension Requirement.Comparison {
    public func holds(_ grade: Int, _ limit: Int) -> Bool {
        switch self {
        case .atLeast: grade >= limit
        case .atMost: grade <= limit
        case .equal: grade == limit
        case .unequal: grade != limit
        case .over: grade > limit
        case .under: grade < limit
        }
    }
}
