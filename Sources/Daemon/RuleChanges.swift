// Other skills and rules for a what-if, said on the command line.

import ACD
import ArgumentParser
import Basics
import ContactCenter
import Simulation

/// Changes to the rules of `--config`, or to those of the day that is lived again.
struct RuleChanges: ParsableArguments {
    @Option(
        help: ArgumentHelp("An agent's grade in a skill; 0: none. May be given more than once.", valueName: "agent:skill=grade")
    )
    var skill: [String] = []

    @Option(help: ArgumentHelp("What a queue requires of agents, in one step, or `any`.", valueName: "queue=expression"))
    var require: [String] = []

    @Option(help: ArgumentHelp("How a queue chooses its agents, as in queues.yaml.", valueName: "queue=strategy"))
    var strategy: [String] = []

    var isEmpty: Bool { skill.isEmpty && require.isEmpty && strategy.isEmpty }

    /// Those of whom another skill is said.
    var skilledAgents: [AgentID] {
        skill.compactMap { $0.split(separator: ":", maxSplits: 1).first.map { AgentID(String($0)) } }
    }

    /// The same configuration with the changes.
    func applied(to rules: CenterConfiguration) throws -> CenterConfiguration {
        var changed = rules
        for text in skill {
            let parts = try Self.parts(text, "--skill", "AGENT:SKILL=GRADE")
            let names = parts.left.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard names.count == 2, !names[1].isEmpty, let grade = Int(parts.right),
                (0...AgentSkills.grades.upperBound).contains(grade)
            else {
                throw ValidationError(
                    "--skill takes AGENT:SKILL=GRADE with a grade from 0 to \(AgentSkills.grades.upperBound), not `\(text)`")
            }
            guard let index = changed.agents.firstIndex(where: { $0.id == AgentID(names[0]) }) else {
                throw ValidationError("there is no agent \(names[0]); give one of the configuration")
            }
            let skills = changed.agents[index].skills
            let others = skills.grades.filter { $0.skill != names[1] }
            let new = grade == 0 ? [] : [AgentSkills.Grade(skill: names[1], grade: grade)]
            changed.agents[index].skills = AgentSkills(grades: others + new, tags: skills.tags)
        }
        for text in require {
            let parts = try Self.parts(text, "--require", "QUEUE=EXPRESSION")
            let index = try Self.queue(parts.left, changed)
            do {
                let requirement = try Requirement(parsing: parts.right)
                changed.queues[index].require = requirement == .anybody ? [] : [RequirementStep(requirement)]
            } catch {
                throw ValidationError("--require `\(parts.right)`: \(error); write it like `skill(french) >= 3`")
            }
        }
        for text in strategy {
            let parts = try Self.parts(text, "--strategy", "QUEUE=STRATEGY")
            let index = try Self.queue(parts.left, changed)
            guard let strategy = Strategy(rawValue: parts.right) else {
                let known = Strategy.allCases.map(\.rawValue).joined(separator: ", ")
                throw ValidationError("there is no strategy \(parts.right); give one of: \(known)")
            }
            changed.queues[index].use(strategy)
        }
        return changed
    }

    private static func parts(_ text: String, _ option: String, _ form: String) throws -> (left: String, right: String) {
        guard let index = text.firstIndex(of: "="), index > text.startIndex, text.index(after: index) < text.endIndex else {
            throw ValidationError("\(option) takes \(form), not `\(text)`")
        }
        return (String(text[..<index]), String(text[text.index(after: index)...]))
    }

    private static func queue(_ name: String, _ rules: CenterConfiguration) throws -> Int {
        guard let index = rules.queues.firstIndex(where: { $0.id == QueueID(name) }) else {
            throw ValidationError("there is no queue \(name); give one of the configuration")
        }
        return index
    }
}
