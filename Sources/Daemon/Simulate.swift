// `switchboard simulate`: what would happen, on the real rules under a virtual clock.

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

    @Option(help: "With --day: so many agents more than there were, in --queue, or in every queue.")
    var addAgents: Int?

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

    @Option(help: "The queue of --calls-per-hour (default: calls) or --add-agents.")
    var queue: String?

    @Option(help: "In time is within so many seconds; default: the queue's own threshold.")
    var within: Int?

    @Option(help: "How many hours the day has.")
    var hours = 8

    @Option(help: "The configuration folder whose queues' rules apply; default: a queue without wrap-up and limits.")
    var config: String?

    @OptionGroup(title: "Other skills and rules") var changes: RuleChanges

    @Option(help: "How many days are simulated, each with its own seed.")
    var runs = 20

    @Option(help: "The first seed; the same seeds give the same figures.")
    var seed: UInt64 = 1

    @Flag(help: "Print each interval, not only the day.")
    var intervals = false

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        guard (1...WhatIf.runsMax).contains(runs) else { throw ValidationError("--runs takes 1 to \(WhatIf.runsMax)") }
        guard (1...168).contains(hours) else { throw ValidationError("--hours takes 1 to 168") }
        let isDescribed = callsPerHour != nil || aht != nil || patience != nil || agents != nil || within != nil
        guard workload == nil || !isDescribed, workload == nil || day == nil, day == nil || !isDescribed else {
            throw ValidationError("--workload, --day and --calls-per-hour each describe the whole day; give one of them")
        }
        guard day != nil || (addAgents == nil && dropAgent.isEmpty) else {
            throw ValidationError("--add-agents and --drop-agent change a day of the journal; give --day")
        }
        guard day != nil || config != nil || changes.isEmpty else {
            throw ValidationError("--skill, --require and --strategy change rules; give --config, or --day")
        }
        guard addAgents.map({ (1...Workload.agentsMax).contains($0) }) ?? true else {
            throw ValidationError("--add-agents takes 1 to \(Workload.agentsMax)")
        }
        guard workload != nil || day != nil || (callsPerHour != nil && aht != nil && (agents != nil || config != nil)) else {
            throw ValidationError("give --workload, or --day, or --calls-per-hour, --aht and --agents")
        }
    }

    func run() throws {
        do {
            let report = try wait { try await simulate() }
            if json { try printJSON(report) } else { SimulationTable(report, showsIntervals: intervals).print() }
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
            var workload = try trace.workload(intervalSeconds: 1800)
            if let addAgents {
                let ids = queue.map { [QueueID($0)] } ?? workload.queues.map(\.id)
                workload.teams = [Workload.Team(name: "added", agents: [addAgents], queues: ids)]
            }
            let rules = try changes.applied(to: rules() ?? trace.configuration)
            whatIf = WhatIf(workload, rules: rules, trace: trace, seed: seed, runs: runs)
        } else {
            let rules = try rules().map { try changes.applied(to: $0) }
            whatIf = try WhatIf(described(), rules: rules, seed: seed, runs: runs)
        }
        let bar = ProgressBar(of: runs)
        defer { bar.clear() }
        return try await whatIf.run { bar.show($0) }
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
            ], teams: agents.map { [Workload.Team(name: name, agents: [$0], queues: [id])] } ?? [], intervals: hours * 2)
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
