// Several days of a workload at once, beside the loop.

internal import Basics
public import ContactCenter
internal import Foundation
internal import MainLoop
public import Simulation

/// The same workload under many seeds, on as many processors as there are.
public nonisolated struct WhatIf: Sendable {
    public static let runsMax = 10_000

    public let workload: Workload
    private let rules: CenterConfiguration?
    private let trace: DayTrace?
    private let seeds: [UInt64]

    /// - Parameters:
    ///   - rules: whose queues' rules apply; nil: those of a queue that says nothing.
    ///   - trace: a day that was, whose callers and agents come again; nil: all are drawn.
    ///   - seed: of the first run; the others take the numbers after it.
    ///   - runs: at least 1, at most `runsMax`.
    public init(_ workload: Workload, rules: CenterConfiguration?, trace: DayTrace? = nil, seed: UInt64, runs: Int) {
        self.workload = workload
        self.rules = rules
        self.trace = trace
        seeds = (0..<UInt64(max(1, min(runs, Self.runsMax)))).map { seed &+ $0 }
    }

    /// - Parameter progress: is told how many runs are done, from any thread, one call after the other.
    /// - Throws: `WorkloadError`.
    public func run(progress: (Int) -> Void = { _ in }) async throws -> WorkloadReport {
        try workload.check(runs: seeds.count)
        let worker = WorkerQueue(label: "what-if")
        let atOnce = max(1, ProcessInfo.processInfo.activeProcessorCount)
        var days: [DayFigures] = []
        var waiting = seeds[...]
        try await withThrowingTaskGroup(of: DayFigures.self) { group in
            func begin() {
                guard let seed = waiting.popFirst() else { return }
                group.addTask { [workload, rules, trace] in
                    try await worker.run {
                        var day = try SimulatedDay(workload, rules: rules, trace: trace, seed: seed)
                        return try day.run()
                    }
                }
            }
            for _ in 0..<atOnce { begin() }
            while let day = try await group.next() {
                days.append(day)
                progress(days.count)
                begin()
            }
        }
        // In order of the seeds, whichever was done first: a sum of fractions depends on it.
        let notes = workload.simplifications(rules: rules, trace: trace)
        return WorkloadReport(days.sorted { $0.seed < $1.seed }, intervalSeconds: workload.intervalSeconds, notes: notes)
    }
}
