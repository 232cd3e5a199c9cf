// `skills.yaml`: what agents can do, and expressions over it that queues use under a name.

internal import ACD
internal import Yams

/// The skills of the house.
public struct SkillSettings: Hashable, Sendable {
    /// One skill, by the name under which agents are graded.
    public struct Skill: Hashable, Sendable {
        public var name: String
        public var label: String
    }

    /// An expression that stands for its text wherever `@name` is written.
    public struct Expression: Hashable, Sendable {
        public var name: String
        public var text: String
    }

    static let skillsMax = 1000
    static let expressionsMax = 200

    public var skills: [Skill] = []
    public var expressions: [Expression] = []

    public init() {}

    /// What a text with named expressions means.
    func requirement(_ text: String) throws(RequirementError) -> Requirement {
        try Requirement(parsing: text) { name in expressions.first { $0.name == name }?.text }
    }
}

extension SkillSettings {
    static var schema: Schema<SkillSettings> {
        Schema(
            "skills.yaml",
            [
                Field(
                    "skills", \.skills,
                    .named("skill", countMax: skillsMax, write: { "\($0.name) \"\($0.label)\"" }) { name, node, path, reading in
                        Value<String>.text(charactersMax: 100).read(node, path, &reading).map { Skill(name: name, label: $0) }
                    }),
                Field(
                    "expressions", \.expressions,
                    .named("expression", countMax: expressionsMax, write: { "\($0.name) \"\($0.text)\"" }) {
                        name, node, path, reading in
                        Value<String>.text(charactersMax: Requirement.charactersMax).read(node, path, &reading)
                            .map { Expression(name: name, text: $0) }
                    }),
            ])
    }
}
