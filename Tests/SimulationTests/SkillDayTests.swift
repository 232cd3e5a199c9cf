// Simulated days with skills and rules: who may have whom, and what other skills and rules change.

import ACD
import Basics
import ContactCenter
import KPI
import Simulation
import Testing

struct SkillDayTests {
    /// Ten callers in an hour; three of ten want French, which one of three agents speaks.
    private func workload(_ change: (inout Workload) -> Void = { _ in }) -> Workload {
        var workload = Workload(
            queues: [
                .init(
                    id: "sales", callsPerHour: [40], handle: .exponential(mean: 180), patience: .exponential(mean: 300),
                    require: [RequirementStep(.skill("$language", .atLeast, 50))],
                    kinds: [
                        .init(name: "french", share: 0.3, attributes: [.init(name: "language", value: "french")]),
                        .init(name: "german", share: 0.7, attributes: [.init(name: "language", value: "german")]),
                    ])
            ],
            teams: [
                .init(
                    name: "both", agents: [1], queues: ["sales"],
                    skills: AgentSkills(grades: [.init(skill: "french", grade: 90), .init(skill: "german", grade: 60)])),
                .init(
                    name: "german", agents: [2], queues: ["sales"],
                    skills: AgentSkills(grades: [.init(skill: "german", grade: 80), .init(skill: "french", grade: 10)])),
            ], intervals: 8)
        change(&workload)
        return workload
    }

    private func day(_ workload: Workload, rules: CenterConfiguration? = nil, trace: DayTrace? = nil) throws -> SimulatedDay {
        var day = try SimulatedDay(workload, rules: rules, trace: trace, seed: 1, keepsRecords: true)
        _ = try day.run()
        return day
    }

    /// Who answered the callers of a language.
    private func agents(_ day: SimulatedDay, _ language: String) -> Set<String> {
        Set(day.closed.filter { $0.attribute("language") == language }.compactMap { $0.agent?.rawValue })
    }

    @Test("callers are answered by those who meet what is required of them, and by nobody else")
    func skills() throws {
        let day = try day(workload())
        #expect(agents(day, "french") == ["both-1"] && agents(day, "german") == ["both-1", "german-1", "german-2"])
        let french = day.closed.count { $0.attribute("language") == "french" }
        #expect(abs(Double(french) / Double(day.closed.count) - 0.3) < 0.1)
        let trained = try self.day(
            workload { $0.teams[1].skills = AgentSkills(grades: ["french", "german"].map { .init(skill: $0, grade: 70) }) })
        #expect(agents(trained, "french") == ["both-1", "german-1", "german-2"])
        #expect(trained.figures.total.counts.abandoned < day.figures.total.counts.abandoned)
    }

    @Test("a second step lets others answer after its time, and kinds of callers have their place in the order")
    func steps() throws {
        let relaxed = try day(
            workload { $0.queues[0].require.append(RequirementStep(.anybody, afterSeconds: 60)) })
        #expect(agents(relaxed, "french").count == 3)
        func meanWait(_ language: String, priority: Int) throws -> Double {
            let day = try day(
                workload {
                    $0.teams = [.init(name: "all", agents: [2], queues: ["sales"])]
                    $0.queues[0].require = []
                    $0.queues[0].callsPerHour = [60]
                    $0.queues[0].patience = .exponential(mean: 900)
                    $0.queues[0].kinds[0].priorityClass = priority
                })
            let waits = day.closed.filter { $0.attribute("language") == language }.compactMap { contact -> Double? in
                for case .answered(_, _, let seconds) in contact.timeline.map(\.what) { return seconds }
                return nil
            }
            return waits.reduce(0, +) / Double(max(1, waits.count))
        }
        let french = try [0, 1].map { try meanWait("french", priority: $0) }
        let german = try [0, 1].map { try meanWait("german", priority: $0) }
        #expect(french[1] < 0.7 * french[0] && german[1] > german[0], "\(french), \(german)")
    }

    /// The same as a house's own configuration.
    private var house: CenterConfiguration {
        func agent(_ name: String, _ french: Int) -> AgentRules {
            AgentRules(
                id: AgentID(name), devices: [DeviceID(name)],
                skills: AgentSkills(grades: [.init(skill: "french", grade: french), .init(skill: "german", grade: 80)]))
        }
        var queue = QueueRules(
            id: "sales", members: [.init(agent: "anna"), .init(agent: "ben", level: 2)], wrapUpSeconds: 0)
        queue.require = [RequirementStep(.skill("$language", .atLeast, 50))]
        return CenterConfiguration(version: "1", queues: [queue], agents: [agent("anna", 90), agent("ben", 10)])
    }

    @Test("without teams the house's own members work, with their skills, levels and the queue's requirement")
    func ownConfiguration() throws {
        var described = workload()
        described.teams = []
        described.queues[0].require = []
        let day = try day(described, rules: house)
        #expect(agents(day, "french") == ["anna"] && agents(day, "german") == ["anna", "ben"])
        described.queues[0].strategy = .ringAll
        let all = try self.day(described, rules: house)
        #expect(all.center.queues["sales"]?.rules.ring == .all)
    }

    @Test("a day of the journal is lived again with the attributes of its callers, and with other skills it is another one")
    func again() throws {
        let day = try day(workload())
        // The journal of the simulated day is that of a day that was.
        let from = try #require(day.journal.first?.at)
        var trace = DayTrace(from: from, to: from + .seconds(8 * 1800)), center = Center()
        trace.begin(with: center)
        for (at, event) in day.journal {
            var commands: [Command] = []
            center.handle(event, at: at, into: &commands)
            trace.note(event, commands, in: center, at: at)
        }
        trace.finish(with: center)
        #expect(trace.arrivals.count { $0.attributes == [.init(name: "language", value: "french")] } > 20)
        #expect(Set(trace.arrivals.map(\.caller)).count == trace.arrivals.count)
        let same = try self.day(trace.workload(intervalSeconds: 1800), rules: trace.configuration, trace: trace)
        #expect(agents(same, "french") == ["both-1"])
        let was = Double(day.figures.total.counts.abandoned), is_ = Double(same.figures.total.counts.abandoned)
        #expect(abs(was - is_) <= 0.25 * was + 3, "\(was), again \(is_)")
        var trained = trace.configuration
        for index in trained.agents.indices {
            trained.agents[index].skills = AgentSkills(grades: ["french", "german"].map { .init(skill: $0, grade: 70) })
        }
        let better = try self.day(trace.workload(intervalSeconds: 1800), rules: trained, trace: trace)
        #expect(agents(better, "french").count == 3)
        #expect(better.figures.total.counts.abandoned < same.figures.total.counts.abandoned)
    }

    @Test("what cannot be served is named, and so are shares that are none")
    func errors() throws {
        func error(_ change: (inout Workload) -> Void, rules: CenterConfiguration? = nil) -> WorkloadError? {
            do {
                _ = try SimulatedDay(workload(change), rules: rules, seed: 1)
                return nil
            } catch { return error }
        }
        #expect(error { $0.teams.removeFirst() } == .unmeetable("sales", kind: "french"))
        // Callers of no kind have no language, and nobody speaks none.
        #expect(error { $0.queues[0].kinds[1].share = 0.5 } == .unmeetable("sales", kind: nil))
        #expect(
            error(
                {
                    $0.teams = []; $0.queues[0].require = [RequirementStep(.tag("senior"))]
                }, rules: house)
                == .unmeetable("sales", kind: "french"))
        for share in [-0.1, 1.2, .nan, .infinity] {
            #expect(error { $0.queues[0].kinds[0].share = share } != nil, "\(share)")
        }
        #expect(error { $0.queues[0].kinds[0].share = 0.9 } != nil, "together more than all")
        #expect(error { $0.queues[0].kinds[0].boostSeconds = .max } != nil)
        let many = (0...Workload.kindsMax).map { Workload.Kind(name: "\($0)", share: 0) }
        #expect(error { $0.queues[0].kinds = many } != nil)
        #expect(WorkloadError.unmeetable("sales", kind: "french").description.contains("give an agent the skills"))
    }

    @Test("the live figures of a simulated day are those of its contacts' records, service levels and all")
    func figures() throws {
        let day = try day(
            workload {
                $0.queues[0].callsPerHour = [40, 60]
                $0.queues.append(
                    .init(
                        id: "support", callsPerHour: [30], handle: .exponential(mean: 240), patience: .exponential(mean: 60),
                        thresholdSeconds: 45))
                $0.teams[1].queues = ["sales", "support"]
            },
            rules: CenterConfiguration(
                version: "1",
                queues: [
                    QueueRules(id: "sales", members: [], waitSecondsMax: 400),
                    QueueRules(id: "support", members: [], waitingMax: 3),
                ]))
        for queue in day.center.queues.map(\.value) {
            let counts = QueueCounts(queue.figures)
            let threshold = Double(queue.rules.serviceLevelSeconds)
            #expect(counts == self.counts(of: day.closed, in: queue.id, threshold: threshold), "\(queue.id)")
            #expect(counts.abandonedShort > 0 && counts.abandonedInTime > counts.abandonedShort && counts.flowedOut > 0)
            #expect(counts.abandoned > counts.abandonedInTime && counts.answered > counts.answeredInTime)
            let total = day.figures.total(of: try #require(day.figures.queues.firstIndex(of: queue.id))).counts
            for level in ServiceLevel.all where total.waitingBeyondThreshold == 0 {
                #expect(level.value(of: counts) == level.value(of: total), "\(level.name)")
            }
        }
    }

    /// From the stories of the contacts alone.
    private func counts(of contacts: [Contact], in queue: QueueID, threshold: Double) -> QueueCounts {
        var counts = QueueCounts.none, wait = Duration.zero
        for contact in contacts {
            var since: Instant?
            for line in contact.timeline {
                let waited = (line.at - (since ?? line.at)).inSeconds
                switch line.what {
                case .enqueued(queue, _): since = line.at
                case .answered(_, queue, _):
                    counts.answered += 1
                    if waited <= threshold { counts.answeredInTime += 1 }
                    wait += line.at - (since ?? line.at)
                    since = nil
                case .diverted(queue, _):
                    counts.flowedOut += 1
                    since = nil
                case .ended(.abandoned, _) where since != nil:
                    counts.abandoned += 1
                    if waited <= threshold { counts.abandonedInTime += 1 }
                    if waited <= 5 { counts.abandonedShort += 1 }
                    since = nil
                default: break
                }
            }
        }
        counts.waitOfAnswered = wait.inSeconds
        return counts
    }
}
