// Scripts/bench routing: how long a simulated day takes on one core, and its journal, decoded in memory, to be lived again.

import Basics
import ContactCenter
import Foundation
import Glibc
import Simulation

/// The best of some runs: what else the machine does only adds to it.
let runs = CommandLine.arguments.contains("--quick") ? 2 : 5
/// With `--cpu` the processor's time of this thread: for a look on a machine that does other things, too.
let clock = CommandLine.arguments.contains("--cpu") ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC

func seconds() -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

func seconds(_ work: () throws -> Void) rethrows -> Double {
    let began = seconds()
    try work()
    return seconds() - began
}

var best = Double.infinity
var figures: DayFigures?
for seed in 1...UInt64(runs) {
    best = min(
        best,
        try seconds {
            var day = try SimulatedDay(.reference, seed: seed)
            figures = try day.run()
        })
}
print("simulated_day_20000_contacts_s@100_agents_10_queues: \(String(format: "%.3f", best))")
print("simulated_day_contacts: \(figures?.contacts ?? 0)")
print("simulated_day_events: \(figures?.events ?? 0)")

var day = try SimulatedDay(.reference, seed: 1, keepsRecords: true)
_ = try day.run()
var replay = Double.infinity
for _ in 0..<runs {
    var center = Center(), commands: [Command] = []
    replay = min(
        replay,
        seconds {
            for (at, event) in day.journal {
                commands.removeAll(keepingCapacity: true)
                center.handle(event, at: at, into: &commands)
            }
        })
    guard center.figures.events == day.journal.count else { fatalError("not all of the journal was replayed") }
}
print("replay_events_per_s@100_agents: \(Int(Double(day.journal.count) / replay))")
