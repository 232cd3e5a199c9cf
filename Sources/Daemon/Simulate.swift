// `switchboard simulate`: what would happen, on the real rules under a virtual clock.

import ACD
import ArgumentParser
import Basics
import ContactCenter
@preconcurrency import Dispatch
import Foundation
import KPI
import Simulation
import SiteConfiguration
import Switchboard

struct Simulate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Simulates a day of calls on the real router: service level, waits, abandons and occupancy.",
        discussion: """
            The day is described by a YAML file, or by --calls-per-hour, --aht and --agents for one queue, or it is one that \
            was: --day takes its callers, agents and rules from the journal. With --config the queues' rules come from that \
            folder, and without agents their members work. Each figure is the mean over the runs, with the band in which the \
            true mean lies with 95 % confidence.
            """)

    @Option(help: "A YAML file that describes queues, calls and teams.")
    var workload: String?

    @Option(help: "A day of the journal to live again: today, yesterday, or YYYY-MM-DD, in the house's time zone.")
    var day: String?

    @Option(help: "The folder with the journal; default: `state:` in site.yaml of --config, or of Config.")
    var state: String?

    @Option(
        help: """
            With --day: so many agents more than there were, in --queue, or in every queue, as long as anybody was there.
            """)
    var addAgents: Int?

    @Option(help: "With --add-agents: they have the skills of this agent; default: none.")
    var like: String?

    @Option(help: "With --day: leave out this agent; may be given more than once.")
    var dropAgent: [String] = []

    @Option(help: "Calls that come in an hour to --queue.")
    var callsPerHour: Double?

    @Option(help: "Average handling time in seconds, exponentially distributed.")
    var aht: Double?

    @Option(help: "The mean patience of callers in seconds; default: nobody hangs up.")
    var patience: Double?

    @Option(help: "Agents of --queue; default with --config: its members.")
    var agents: Int?

    @Option(help: "The queue of --calls-per-hour (default: calls), or of --add-agents and --within with --day (default: all).")
    var queue: String?

    @Option(help: "In time is within so many seconds; default: the queue's own threshold.")
    var within: Int?

    @Option(help: "How many hours the day of --calls-per-hour has; default: 8.")
    var hours: Int?

    @Option(help: "The configuration folder whose queues' rules apply; default: a queue without wrap-up and limits.")
    var config: String?

    @OptionGroup(title: "Other skills and rules") var changes: RuleChanges

    @Option(help: "How many days are simulated, each with its own seed.")
    var runs = 20

    @Option(help: "The first seed; the same seeds give the same figures.")
    var seed: UInt64 = 1

    @Flag(help: "Print each interval, not only the day.")
    var intervals = false

    @Flag(help: "Print every figure of the day with its formula, all variants of the service level side by side.")
    var figures = false

    @Flag(help: "Print one JSON object, with the intervals and all figures.")
    var json = false

    func validate() throws {
        guard (1...WhatIf.runsMax).contains(runs) else { throw ValidationError("--runs takes 1 to \(WhatIf.runsMax)") }
        guard hours.map({ (1...168).contains($0) }) ?? true else { throw ValidationError("--hours takes 1 to 168") }
        guard workload == nil || day == nil else {
            throw ValidationError("--workload and --day each describe the whole day; give one of them")
        }
        try checkSource()
        guard day != nil || config != nil || changes.isEmpty else {
            throw ValidationError("--skill, --require and --strategy change rules; give --config, or --day")
        }
        guard addAgents.map({ (1...Workload.agentsMax).contains($0) }) ?? true else {
            throw ValidationError("--add-agents takes 1 to \(Workload.agentsMax)")
        }
        guard like == nil || addAgents != nil else {
            throw ValidationError("--like says how added agents are; give --add-agents")
        }
        guard day == nil || queue == nil || addAgents != nil || within != nil else {
            throw ValidationError("--queue says where agents are added or what is in time; give --add-agents or --within")
        }
        guard workload != nil || day != nil || (callsPerHour != nil && aht != nil && (agents != nil || config != nil)) else {
            throw ValidationError("give --workload, or --day, or --calls-per-hour, --aht and --agents")
        }
    }

    /// What would change nothing is refused: nobody shall take a figure for an answer to a question that was not asked.
    private func checkSource() throws {
        let isDay = day != nil, isFile = workload != nil, isDescribed = !isDay && !isFile
        let source = isDay ? "--day" : isFile ? "--workload" : "--calls-per-hour"
        for (option, isGiven, isAllowed, with) in [
            ("--calls-per-hour", callsPerHour != nil, isDescribed, ""), ("--aht", aht != nil, isDescribed, "--calls-per-hour"),
            ("--patience", patience != nil, isDescribed, "--calls-per-hour"),
            ("--agents", agents != nil, isDescribed, "--calls-per-hour"),
            ("--hours", hours != nil, isDescribed, "--calls-per-hour"),
            ("--within", within != nil, isDescribed || isDay, "--calls-per-hour or --day"),
            ("--queue", queue != nil, isDescribed || isDay, "--calls-per-hour or --day"),
            ("--add-agents", addAgents != nil, isDay, "--day"), ("--drop-agent", !dropAgent.isEmpty, isDay, "--day"),
            ("--state", state != nil, isDay, "--day"),
        ] where isGiven && !isAllowed {
            throw ValidationError(
                with.isEmpty
                    ? "\(option) and \(source) each describe the whole day; give one of them"
                    : "\(option) goes with \(with) and changes nothing with \(source); leave it out")
        }
    }

    func run() throws {
        do {
            let report = try wait { try await simulate() }
            if json {
                try printJSON(report)
            } else {
                SimulationTable(report, showsIntervals: intervals, showsFigures: figures).print()
            }
        } catch let error as WorkloadError {
            throw ValidationError("\(error)")
        }
    }

    /// As in `replay`: the root command is synchronous, and this one only waits.
    private func wait<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) throws -> Value {
        let done = DispatchSemaphore(value: 0)
        nonisolated(unsafe) var outcome: Result<Value, any Error>?
        Task.detached {
            do { outcome = .success(try await work()) } catch { outcome = .failure(error) }
            done.signal()
        }
        done.wait()
        guard let outcome else { throw ExitCode(1) }
        return try outcome.get()
    }

    private func simulate() async throws -> WorkloadReport {
        let whatIf: WhatIf
        if let day {
            let trace = try await recorded(day)
            let rules = try changes.applied(to: rules() ?? trace.configuration)
            whatIf = WhatIf(try changed(trace, rules), rules: rules, trace: trace, seed: seed, runs: runs)
        } else {
            let rules = try rules().map { try changes.applied(to: $0) }
            whatIf = try WhatIf(described(), rules: rules, seed: seed, runs: runs)
        }
        let bar = ProgressBar(of: runs)
        defer { bar.clear() }
        return try await whatIf.run { bar.show($0) }
    }

    /// The day as a workload, with what the options say otherwise of it.
    private func changed(_ trace: DayTrace, _ rules: CenterConfiguration) throws -> Workload {
        var workload = try trace.workload(intervalSeconds: 1800)
        // Queues that another configuration does not have any more are named among the notes.
        workload.queues.removeAll { queue in !rules.queues.contains { $0.id == queue.id } }
        let ids =
            try queue.map { name in
                guard workload.queues.contains(where: { $0.id == QueueID(name) }) else {
                    let known = workload.queues.map(\.id.rawValue).joined(separator: ", ")
                    throw ValidationError("nobody entered queue \(name) that day; give one of: \(known)")
                }
                return [QueueID(name)]
            } ?? workload.queues.map(\.id)
        for index in workload.queues.indices where ids.contains(workload.queues[index].id) {
            workload.queues[index].thresholdSeconds = within
        }
        for agent in changes.skilledAgents where !trace.shifts.contains(where: { $0.agent == agent }) {
            throw ValidationError(
                "agent \(agent) was not there that day, so that other skills change nothing; leave --skill out")
        }
        guard let addAgents else { return workload }
        var skills = AgentSkills()
        if let like {
            guard let agent = rules.agents.first(where: { $0.id == AgentID(like) }) else {
                throw ValidationError("there is no agent \(like); give one of the configuration")
            }
            skills = agent.skills
        }
        // As long as somebody is there: at night nobody would be.
        let agents = (0..<workload.intervals).map { interval in
            let begin = trace.from + .seconds(interval * workload.intervalSeconds)
            let end = begin + .seconds(workload.intervalSeconds)
            return trace.shifts.contains { $0.from < end && $0.to > begin } ? addAgents : 0
        }
        let isEver = agents.contains(addAgents)
        workload.teams = [
            Workload.Team(name: "added", agents: isEver ? agents : [addAgents], queues: ids, skills: skills)
        ]
        return workload
    }

    private func recorded(_ day: String) async throws -> DayTrace {
        let loaded = SiteConfiguration.load(folder: config ?? "Config", missing: .willBeMade)
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(identifier: loaded.configuration.site.timeZone) ?? .gmt
        var date: Date?
        switch day {
        case "today": date = calendar.startOfDay(for: Date())
        case "yesterday": date = calendar.date(byAdding: .day, value: -1, to: calendar.startOfDay(for: Date()))
        default:
            let parts = day.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
            guard day.utf8.count == 10, parts.count == 3, let year = parts[0], let month = parts[1], let dayOfMonth = parts[2]
            else { break }
            let components = DateComponents(
                calendar: calendar, timeZone: calendar.timeZone, year: year, month: month, day: dayOfMonth)
            if components.isValidDate { date = components.date }
        }
        guard let date, let next = calendar.date(byAdding: .day, value: 1, to: date) else {
            throw ValidationError("--day takes today, yesterday or a date such as 2026-11-21, not `\(day)`")
        }
        let state = state ?? loaded.stateFolder
        let from = Instant(seconds: Int64(date.timeIntervalSince1970))
        let to = min(Instant(seconds: Int64(next.timeIntervalSince1970)), Instant(seconds: Int64(Date().timeIntervalSince1970)))
        guard from < to else { throw ValidationError("--day \(day) has not begun yet; give a day that is past") }
        var trace = try await Replay(stateFolder: state).trace(from: from, to: to)
        for agent in dropAgent {
            guard trace.shifts.contains(where: { $0.agent == AgentID(agent) }) else {
                throw ValidationError("agent \(agent) was not there that day; nothing to leave out")
            }
            trace.drop(AgentID(agent))
        }
        guard !trace.arrivals.isEmpty else {
            throw ValidationError("nobody entered a queue that day; give another --day, or another --state")
        }
        return trace
    }

    private func described() throws -> Workload {
        if let workload {
            let (read, findings) = WorkloadFile.read(workload)
            for finding in findings { try? FileHandle.standardError.write(contentsOf: Data("\(finding)\n".utf8)) }
            guard let read else { throw ExitCode(1) }
            return read
        }
        let name = queue ?? "calls"
        let id = QueueID(name)
        return Workload(
            queues: [
                Workload.Queue(
                    id: id, callsPerHour: [callsPerHour ?? 0], handle: .exponential(mean: aht ?? 0),
                    patience: patience.map { .exponential(mean: $0) }, thresholdSeconds: within)
            ], teams: agents.map { [Workload.Team(name: name, agents: [$0], queues: [id])] } ?? [], intervals: (hours ?? 8) * 2)
    }

    private func rules() throws -> CenterConfiguration? {
        guard let config else { return nil }
        let loaded = SiteConfiguration.load(folder: config, missing: .willBeMade)
        for finding in loaded.findings where finding.severity == .error {
            try? FileHandle.standardError.write(contentsOf: Data("\(finding)\n".utf8))
        }
        if loaded.hasErrors { throw ExitCode(1) }
        return loaded.configuration.compile(now: Instant(seconds: Int64(Date().timeIntervalSince1970)))
    }

    private func printJSON(_ report: WorkloadReport) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        print(String(decoding: try encoder.encode(report), as: UTF8.self))
    }
}

/// On a terminal alone: in a file it would be noise.
private struct ProgressBar {
    let of: Int
    private static let width = 40
    private let isShown = isatty(STDERR_FILENO) == 1

    init(of: Int) { self.of = of }

    func show(_ done: Int) {
        let filled = Self.width * done / max(1, of)
        write(
            "\r[" + String(repeating: "=", count: filled) + String(repeating: " ", count: Self.width - filled)
                + "] \(done) of \(of) days")
    }

    func clear() { write("\r" + String(repeating: " ", count: Self.width + 30) + "\r") }

    private func write(_ text: String) {
        if isShown { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }
    }
}
