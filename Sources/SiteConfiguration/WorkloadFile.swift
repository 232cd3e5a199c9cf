// Reads a workload for `switchboard simulate` from YAML, with the same care as the configuration.

internal import ACD
internal import Basics
public import Simulation
internal import Yams

/// A described day: who calls, how long it takes, who is there.
public enum WorkloadFile {
    /// Reads the file. Never throws: whatever is wrong is among the findings, and then there is no workload.
    ///
    /// - Parameter path: of a YAML file; its options are explained in the README.
    public static func read(_ path: String) -> (workload: Workload?, findings: [Finding]) {
        var reading = Reading(folder: "")
        guard RegularFile(path, bytesMax: YAMLFile.bytesMax) != nil else {
            let finding = Finding(
                .error, at: Position(file: path), "there is no such file, or it cannot be read", mend: "give a workload's path")
            return (nil, [finding])
        }
        var settings = WorkloadSettings()
        let place = Path(path)
        if let node = YAMLFile.read(path, &reading) {
            WorkloadSettings.schema.read(node, at: place, into: &settings, &reading)
        } else if reading.findings.isEmpty {
            reading.error("nothing is described", at: place, mend: "write `queues:` with calls and agents")
        }
        for queue in settings.queues where (queue.callsPerHour.isEmpty || queue.handle == nil) && !queue.hasWorkAlone {
            guard reading.findings.isEmpty else { break }
            reading.error(
                "`\(queue.id)` has no calls, or no time for one", at: place / "queues" / queue.id,
                mend: "write `calls_per_hour:` and `aht:`, or `work:`")
        }
        settings.checkSteps(&reading, at: place)
        let hasErrors = reading.findings.contains { $0.severity == .error }
        return (hasErrors ? nil : settings.workload, reading.findings)
    }
}

/// As the file has it.
struct WorkloadSettings {
    struct Queue {
        var id: String
        var callsPerHour: [Double] = []
        var handle: Distribution?
        var patience: Distribution?
        var within: Int?
        var agents: [Int] = []
        var require: [RequireSettings] = []
        var strategy: Strategy?
        var kinds: [Workload.Kind] = []
        var work: [Workload.Work] = []
        var callbacks: Workload.Callbacks?

        /// Nobody calls there.
        var hasWorkAlone: Bool { callsPerHour.isEmpty && handle == nil && !work.isEmpty }
    }

    struct Team {
        var name: String
        var agents: [Int] = []
        var queues: [QueueID] = []
        var level = 1
        var grades: [AgentSkills.Grade] = []
        var tags: [String] = []
    }

    var intervals = 16
    var intervalSeconds = 1800
    var warmUpSeconds = 0
    var answer = Distribution.fixed(0)
    var queues: [Queue] = []
    var teams: [Team] = []

    /// The agents of a queue are a team that serves it alone.
    var workload: Workload {
        let own = queues.filter { !$0.agents.isEmpty }
            .map { Workload.Team(name: $0.id, agents: $0.agents, queues: [QueueID($0.id)]) }
        return Workload(
            queues: queues.map {
                Workload.Queue(
                    id: QueueID($0.id), callsPerHour: $0.callsPerHour, handle: $0.handle ?? .fixed(0), patience: $0.patience,
                    thresholdSeconds: $0.within, require: $0.require.map { $0.compiled(with: SkillSettings()) },
                    strategy: $0.strategy, kinds: $0.kinds, work: $0.work, callbacks: $0.callbacks)
            },
            teams: own
                + teams.map {
                    Workload.Team(
                        name: $0.name, agents: $0.agents, queues: $0.queues, level: $0.level,
                        skills: AgentSkills(grades: $0.grades, tags: $0.tags))
                },
            intervals: intervals, intervalSeconds: intervalSeconds, warmUpSeconds: warmUpSeconds, answer: answer)
    }
}

extension WorkloadSettings {
    static var schema: Schema<WorkloadSettings> {
        Schema(
            "a workload",
            [
                Field("intervals", \.intervals, .integer(1...Workload.intervalsMax)),
                Field("interval_seconds", \.intervalSeconds, .integer(60...86_400)),
                Field("warm_up_seconds", \.warmUpSeconds, .integer(0...604_800)),
                Field("answer", \.answer, .time),
                Field(
                    "queues", \.queues,
                    .named(
                        queueSchema, what: "queue", countMax: Workload.queuesMax, initial: { Queue(id: $0) }, nameOf: \.id),
                    required: true),
                Field(
                    "teams", \.teams,
                    .named(
                        teamSchema, what: "team", countMax: Workload.queuesMax, initial: { Team(name: $0) }, nameOf: \.name)),
            ])
    }

    private static var queueSchema: Schema<Queue> {
        Schema(
            "a queue of a workload",
            [
                Field("calls_per_hour", \.callsPerHour, .oneOrMany(.number(0...1e9))),
                Field("aht", \.handle, .time), Field("patience", \.patience, .time),
                Field("within", \.within, .integer(0...86_400)),
                Field("agents", \.agents, .oneOrMany(.integer(0...Workload.agentsMax))),
                Field("require", \.require, .list(.requireStep, countMax: RequirementStep.stepsMax)),
                Field("strategy", \.strategy, .word),
                Field(
                    "kinds", \.kinds,
                    .named(
                        kindSchema, what: "kind of caller", countMax: Workload.kindsMax,
                        initial: { Workload.Kind(name: $0, share: 0) }, nameOf: \.name)),
                Field(
                    "work", \.work,
                    .named(
                        workSchema, what: "kind of work", countMax: Workload.worksMax,
                        initial: { Workload.Work(kind: WorkKindID($0), perHour: [], handle: .fixed(0)) },
                        nameOf: \.kind.rawValue)),
                Field("callbacks", \.callbacks, .callbacks),
            ])
    }

    private static var workSchema: Schema<Workload.Work> {
        Schema(
            "a kind of work",
            [
                Field("per_hour", \.perHour, .oneOrMany(.number(0...1e9)), required: true),
                Field("aht", \.handle, .time, required: true), Field("patience", \.patience, .time),
                Field("session", \.hasSession, .flag), Field("at_once", \.atOnce, .integer(1...Workload.atOnceMax)),
            ])
    }

    private static var kindSchema: Schema<Workload.Kind> {
        Schema(
            "a kind of caller",
            [
                Field("share", \.share, .number(0...1), required: true),
                Field(
                    "attributes", \.attributes,
                    .named("attribute", countMax: 50, write: { "\($0.name) \($0.value)" }) { name, node, path, reading in
                        Value<String>.text(charactersMax: 100).read(node, path, &reading).map { .init(name: name, value: $0) }
                    }),
                Field("priority", \.priorityClass, .integer(-1000...1000)),
                Field("head_start", \.boostSeconds, .integer(-86_400...86_400)),
            ])
    }

    /// A text that means nothing is named; the compiled step would ask nothing of anybody.
    func checkSteps(_ reading: inout Reading, at place: Path) {
        for queue in queues {
            for (index, step) in queue.require.enumerated() {
                let path = place / "queues" / queue.id / "require" / index
                do {
                    _ = try SkillSettings().requirement(step.expression)
                } catch {
                    reading.error("`\(step.expression)`: \(error)", at: path, mend: Checker.mend(error))
                }
                if index > 0, step.afterSeconds == nil, step.expectedWaitOver == nil, step.staffedUnder == nil {
                    reading.error(
                        "a later step of `require` never comes", at: path,
                        mend: "add `after_seconds:`, `expected_wait_over:` or `staffed_under:`")
                }
            }
        }
    }

    private static var teamSchema: Schema<Team> {
        Schema(
            "a team",
            [
                Field("agents", \.agents, .oneOrMany(.integer(0...Workload.agentsMax)), required: true),
                Field("queues", \.queues, .list(.reference, countMax: Workload.queuesMax), required: true),
                Field("level", \.level, .integer(1...1000)),
                Field(
                    "skills", \.grades,
                    .named("skill", countMax: 100, write: { "\($0.skill) \($0.grade)" }) { skill, node, path, reading in
                        Value<Int>.integer(AgentSkills.grades).read(node, path, &reading)
                            .map { AgentSkills.Grade(skill: skill, grade: $0) }
                    }),
                Field("tags", \.tags, .list(.name, countMax: 50)),
            ])
    }
}

extension Value where T == Double {
    static func number(_ range: ClosedRange<Double>) -> Value {
        let expected = "a number from \(range.lowerBound) to \(range.upperBound)"
        return Value(
            expected: expected,
            read: { node, path, reading in
                guard let text = node.plainText, let number = Double(text), range.contains(number) else {
                    reading.wrongType(node, at: path, expected: expected)
                    return nil
                }
                return number
            }, write: { String($0) })
    }
}

extension Value {
    /// One value for all intervals, or a list with one for each.
    static func oneOrMany<Element>(_ element: Value<Element>) -> Value where T == [Element] {
        let many = Value<[Element]>.list(element, countMax: Workload.intervalsMax)
        return Value(
            expected: "\(element.expected), or a list of them, one for each interval",
            read: { node, path, reading in
                if case .sequence = node { return many.read(node, path, &reading) }
                return element.read(node, path, &reading).map { [$0] }
            }, write: many.write)
    }
}

extension Value where T == Workload.Callbacks {
    /// A share, or that and how many are reached.
    static var callbacks: Value {
        let share = Value<Double>.number(0...1)
        let expected = "a share from 0 to 1, or `{share: 0.3, reached: 0.9}`"
        let schema = Schema<Workload.Callbacks>(
            "callbacks", [Field("share", \.share, share, required: true), Field("reached", \.reached, share)])
        return Value(
            expected: expected,
            read: { node, path, reading in
                guard case .mapping = node else {
                    return share.read(node, path, &reading).map { Workload.Callbacks(share: $0) }
                }
                var callbacks = Workload.Callbacks(share: 0)
                schema.read(node, at: path, into: &callbacks, &reading)
                return callbacks
            }, write: { "\($0)" })
    }
}

extension Value where T == Distribution {
    private struct Shape {
        var mean: Double?
        var variation = 1.0
        var fixed: Double?
    }

    /// Seconds on average, exponentially distributed; or `{fixed: 20}`; or `{mean: 180, variation: 0.6}`, log-normally.
    static var time: Value {
        let seconds = Value<Double>.number(0...604_800)
        let expected = "seconds on average, `{fixed: SECONDS}`, or `{mean: SECONDS, variation: SHARE}`"
        let schema = Schema<Shape>(
            "a time",
            [
                Field("mean", \.mean, seconds), Field("variation", \.variation, .number(0...100)),
                Field("fixed", \.fixed, seconds),
            ])
        return Value(
            expected: expected,
            read: { node, path, reading in
                guard case .mapping = node else {
                    return seconds.read(node, path, &reading).map { $0 > 0 ? .exponential(mean: $0) : .fixed(0) }
                }
                var shape = Shape()
                schema.read(node, at: path, into: &shape, &reading)
                switch (shape.fixed, shape.mean) {
                case (let fixed?, nil): return .fixed(fixed)
                case (nil, let mean?): return .logNormal(mean: mean, variation: shape.variation)
                case (nil, nil), (_?, _?):
                    reading.error("`\(path.last)` is not one time", at: path, mend: "write \(expected)")
                    return nil
                }
            }, write: { "\($0)" })
    }
}
