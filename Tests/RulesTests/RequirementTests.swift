// Expressions over skills: what they mean, and what is wrong with those that mean nothing.

import ACD
import Basics
import Testing

struct RequirementTests {
    private static let anna = AgentSkills(
        grades: [.init(skill: "french", grade: 3), .init(skill: "billing", grade: 80)], tags: ["senior"])

    @Test(
        "expressions hold as logic says",
        arguments: [
            ("any", true), ("skill(french)", true), ("skill(german)", false), ("skill(french) >= 3", true),
            ("skill(french) > 3", false), ("skill(french) == 3 and skill(billing) >= 80", true),
            ("skill(german) >= 1 or tag(senior)", true), ("not tag(senior)", false), ("not not tag(senior)", true),
            ("agent(anna)", true), ("agent(ben) or agent(anna)", true), ("skill(german) < 1", true),
            // `and` binds closer than `or`.
            ("skill(german) and tag(junior) or agent(anna)", true), ("skill(german) and (tag(junior) or agent(anna))", false),
            ("skill(french)!=3", false), ("skill(french)<=3", true),
        ])
    func meaning(text: String, isMet: Bool) throws {
        let requirement = try Requirement(parsing: text)
        #expect(requirement.isMet(by: "anna", with: Self.anna) == isMet)
    }

    @Test("skills that are asked for count for the fit, those under a not or below a limit do not")
    func fit() throws {
        let requirement = try Requirement(parsing: "skill(french) >= 2 and (skill(billing) or skill(german)) and not skill(x)")
        #expect(requirement.skills == ["billing", "french", "german"])
        #expect(requirement.fit(of: Self.anna) == 83)
    }

    @Test("named expressions stand for their texts")
    func named() throws {
        let texts = ["fluent": "skill(french) >= 3", "good": "@fluent and tag(senior)"]
        let requirement = try Requirement(parsing: "@good or agent(ben)") { texts[$0] }
        #expect(requirement.isMet(by: "anna", with: Self.anna))
        #expect(!requirement.isMet(by: "carla", with: AgentSkills()))
    }

    @Test(
        "what means nothing is a named error with its place",
        arguments: [
            ("", RequirementError.unfinished(expected: "skill(…), tag(…), agent(…), any, not, @name or a bracket")),
            ("skill(french) >= NaN", .noGrade("NaN", at: 18)), ("skill(french) >= 101", .noGrade("101", at: 18)),
            ("skill(french) >= -1", .noGrade("-1", at: 18)),
            ("skill(french) >= 99999999999999999999", .noGrade("99999999999999999999", at: 18)),
            ("skill(french", .unfinished(expected: "`)`")), ("skill french", .unexpected("french", at: 7, expected: "`(`")),
            ("(any", .unfinished(expected: "`)`")), ("any any", .unexpected("any", at: 5, expected: "and, or, or the end")),
            ("@lost", .unknownExpression("lost")), ("@a", .cycle(["a", "b", "a"])), ("@self", .cycle(["self", "self"])),
        ])
    func errors(text: String, expected: RequirementError) {
        let texts = ["a": "tag(x) or @b", "b": "not @a", "self": "@self"]
        #expect(throws: expected) { try Requirement(parsing: text) { texts[$0] } }
    }

    @Test("neither length nor depth nor names within names bring it down")
    func limits() {
        #expect(throws: RequirementError.tooLong(charactersMax: 2000)) {
            try Requirement(parsing: String(repeating: "any and ", count: 300) + "any")
        }
        #expect(throws: RequirementError.tooDeep(levelsMax: 20)) {
            try Requirement(parsing: String(repeating: "(", count: 500) + "any" + String(repeating: ")", count: 500))
        }
        // Each name stands ten times in the one before: ten million parts if nobody stopped it.
        #expect(throws: RequirementError.tooLong(charactersMax: 2000)) {
            try Requirement(parsing: "@n0") { name in
                let number = Int(name.dropFirst()) ?? 0
                return number == 7 ? "any" : Array(repeating: "@n\(number + 1)", count: 10).joined(separator: " or ")
            }
        }
    }
}
