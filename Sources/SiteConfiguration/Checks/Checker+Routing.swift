// Checks who can be asked for whom: skills, expressions, steps, keys, preferred agents.

internal import ACD
internal import Basics

extension Checker {
    mutating func checkSkills() {
        for agent in configuration.agents {
            let path = Path("agents.yaml", "agents", agent.id.rawValue)
            for grade in agent.grades {
                checkReference(grade.skill, among: skills, at: path / "skills" / grade.skill)
            }
        }
        for expression in configuration.skills.expressions {
            check(expression.text, at: Path("skills.yaml", "expressions", expression.name), inside: expression.name)
        }
    }

    /// - Returns: what it means; nil after a finding.
    @discardableResult
    private mutating func check(_ text: String, at path: Path, inside name: String? = nil) -> Requirement? {
        let requirement: Requirement
        do {
            requirement = try configuration.skills.requirement(name.map { "@\($0)" } ?? text)
        } catch {
            reading.error("`\(path.last)`: \(error)", at: path, mend: Self.mend(error))
            return nil
        }
        for skill in requirement.namedSkills where Requirement.attribute(skill) == nil {
            checkReference(skill, among: skills, at: path)
        }
        for agent in requirement.namedAgents { checkReference(agent.rawValue, among: agents, at: path) }
        return requirement
    }

    static func mend(_ error: RequirementError) -> String {
        switch error {
        case .unexpected, .unfinished: "write it like `skill(french) >= 3 and not tag(trainee)`"
        case .noGrade: "write a whole number from 0 to \(AgentSkills.grades.upperBound)"
        case .unknownExpression(let name): "add `\(name)` under `expressions:` in skills.yaml"
        case .cycle: "let one of them say it without the others"
        case .tooLong, .tooDeep: "say it in several steps, or with tags"
        }
    }

    mutating func checkRouting(of queue: QueueSettings) {
        let path = Path("queues.yaml", "queues", queue.id.rawValue)
        checkKeys(of: queue, at: path)
        checkSteps(of: queue, at: path)
        checkWrapUp(of: queue, at: path)
        checkCallback(of: queue, at: path)
        if let hours = queue.rules.limits.hours { checkReference(hours.rawValue, among: self.hours, at: path / "hours") }
        for (index, preferred) in queue.preferred.enumerated() {
            checkReference(preferred.agent.rawValue, among: agents, at: path / "prefer" / index)
            if agents.contains(preferred.agent.rawValue), !queue.rules.members.contains(where: { $0.agent == preferred.agent })
            {
                reading.error(
                    "agent `\(preferred.agent)` is preferred and no member of queue `\(queue.id)`", at: path / "prefer" / index,
                    mend: "add `\(preferred.agent)` to `members`")
            }
        }
        var last: LevelOpening?
        for opening in queue.rules.levelOpenings {
            if let last, opening.afterSeconds <= last.afterSeconds || opening.level == last.level {
                reading.error(
                    "level \(opening.level) of queue `\(queue.id)` does not open later than level \(last.level)",
                    at: path / "open_levels", mend: "give each level once, and higher ones more time")
            }
            last = opening
        }
    }

    private mutating func checkKeys(of queue: QueueSettings, at path: Path) {
        if queue.keys != nil, let strategy = queue.saidStrategy {
            switch strategy {
            // These say how many are rung, and the keys whom.
            case .ringAll, .ringProgressively: break
            case .linear, .roundRobin, .lastOffered, .longestIdle, .leastRecent, .fewestCalls, .fewestCallsOfQueue,
                .leastTalkTime, .random, .weightedRandom, .bestSkills:
                reading.error(
                    "queue `\(queue.id)` has both a strategy and keys", at: path / "keys", mend: "keep one of them")
            }
        }
        let keys = queue.keys ?? queue.strategy.keys
        if let place = keys.firstIndex(where: \.decides), place + 1 < keys.count {
            reading.warning(
                "nothing behind `\(keys[place].rawValue)` is ever compared", at: path / "keys",
                mend: "remove `\(keys[place + 1].rawValue)`, or move it before")
        }
        if keys.count(where: { $0 != .level && !$0.decides }) > Rank.valuesMax {
            reading.error(
                "queue `\(queue.id)` compares too much", at: path / "keys",
                mend: "keep at most \(Rank.valuesMax) keys beside the level and the one that decides")
        }
        if keys.contains(.bestSkills), queue.require.isEmpty {
            reading.warning(
                "`\(SelectionKey.bestSkills.rawValue)` compares the skills of `require`, and there is none", at: path,
                mend: "add `require:`, or choose another strategy")
        }
    }

    private mutating func checkSteps(of queue: QueueSettings, at path: Path) {
        var after = 0
        for (index, step) in queue.require.enumerated() {
            let place = path / "require" / index
            let hasTime = step.afterSeconds != nil || step.expectedWaitOver != nil || step.staffedUnder != nil
            if index == 0, hasTime {
                reading.error(
                    "the first step of `require` holds from the beginning", at: place,
                    mend: "remove its times and conditions, or put `any` before it")
            } else if index > 0, !hasTime {
                reading.error(
                    "a later step of `require` never comes", at: place,
                    mend: "add `after_seconds:`, `expected_wait_over:` or `staffed_under:`")
            }
            if step.expectedWaitOver != nil, step.staffedUnder != nil {
                reading.error("a step has two conditions", at: place, mend: "keep one of them")
            }
            if let seconds = step.afterSeconds, index > 0 {
                if seconds <= after {
                    reading.error(
                        "a step of `require` comes after \(seconds) s, and the one before after \(after) s", at: place,
                        mend: "count all times from the beginning of the wait")
                }
                after = seconds
            }
            guard let requirement = check(step.expression, at: place) else { continue }
            checkMembers(of: queue, meet: requirement, isLast: index == queue.require.count - 1, at: place)
        }
    }

    /// A dry run with everybody signed in.
    private mutating func checkMembers(
        of queue: QueueSettings, meet requirement: Requirement, isLast: Bool, at path: Path
    ) {
        // What an attribute will say is known only of a call.
        guard requirement.attributes.isEmpty, !queue.rules.members.isEmpty else { return }
        let isMet = queue.rules.members.contains {
            requirement.isMet(by: $0.agent, with: skillsOfAgents[$0.agent] ?? AgentSkills())
        }
        guard !isMet else { return }
        let text = "nobody in queue `\(queue.id)` can meet this step"
        let mend = "give a member the skills in agents.yaml, or ask less"
        if isLast {
            reading.error(text, at: path, mend: mend)
        } else {
            reading.warning(text, at: path, mend: mend)
        }
    }
}

extension Requirement {
    /// Every skill that stands in it.
    var namedSkills: [String] {
        switch self {
        case .skill(let name, _, _): [name]
        case .all(let parts), .any(let parts): parts.flatMap(\.namedSkills)
        case .not(let part): part.namedSkills
        case .anybody, .tag, .agent: []
        }
    }

    /// Every agent who stands in it.
    var namedAgents: [AgentID] {
        switch self {
        case .agent(let id): [id]
        case .all(let parts), .any(let parts): parts.flatMap(\.namedAgents)
        case .not(let part): part.namedAgents
        case .anybody, .tag, .skill: []
        }
    }
}
