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
            The day is described by a YAML file, or by --calls-per-hour, --aht and --agents for one queue. With --config the \
            queue's rules come from that folder, and without agents its members work. Each figure is the mean over the runs, \
            with the band in which the true mean lies with 95 % confidence.
            """)

    @Option(help: "A YAML file that describes queues, calls and teams.")
    var workload: String?

    @Option(help: "Calls that come in an hour to --queue.")
    var callsPerHour: Double?

    @Option(help: "Average handling time in seconds, exponentially distributed.")
    var aht: Double?

    @Option(help: "The mean patience of callers in seconds; default: nobody hangs up.")
    var patience: Double?

    @Option(help: "Agents of --queue; default with --config: its members.")
    var agents: Int?

    @Option(help: "The queue of --calls-per-hour.")
    var queue = "calls"

    @Option(help: "In time is within so many seconds; default: the queue's own threshold.")
    var within: Int?

    @Option(help: "How many hours the day has.")
    var hours = 8

    @Option(help: "The configuration folder whose queues' rules apply; default: a queue without wrap-up and limits.")
    var config: String?

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
        if workload != nil {
            guard callsPerHour == nil, aht == nil, patience == nil, agents == nil, within == nil else {
                throw ValidationError("--workload describes calls and agents; leave out the options that do so too")
            }
        } else {
            guard callsPerHour != nil, aht != nil, agents != nil || config != nil else {
                throw ValidationError("give --workload, or --calls-per-hour, --aht and --agents")
            }
        }
    }

    func run() throws {
        let whatIf = try WhatIf(described(), rules: rules(), seed: seed, runs: runs)
        let bar = ProgressBar(of: runs)
        // As in `replay`: the root command is synchronous, and this one only waits.
        let done = DispatchSemaphore(value: 0)
        nonisolated(unsafe) var outcome: Result<WorkloadReport, any Error>?
        Task.detached {
            do { outcome = .success(try await whatIf.run { bar.show($0) }) } catch { outcome = .failure(error) }
            done.signal()
        }
        done.wait()
        bar.clear()
        guard let outcome else { throw ExitCode(1) }
        let report: WorkloadReport
        do { report = try outcome.get() } catch let error as WorkloadError { throw ValidationError("\(error)") }
        if json { try printJSON(report) } else { SimulationTable(report, showsIntervals: intervals).print() }
    }

    private func described() throws -> Workload {
        if let workload {
            let (read, findings) = WorkloadFile.read(workload)
            for finding in findings { try? FileHandle.standardError.write(contentsOf: Data("\(finding)\n".utf8)) }
            guard let read else { throw ExitCode(1) }
            return read
        }
        let id = QueueID(queue)
        return Workload(
            queues: [
                Workload.Queue(
                    id: id, callsPerHour: [callsPerHour ?? 0], handle: .exponential(mean: aht ?? 0),
                    patience: patience.map { .exponential(mean: $0) }, thresholdSeconds: within)
            ], teams: agents.map { [Workload.Team(name: queue, agents: [$0], queues: [id])] } ?? [], intervals: hours * 2)
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
