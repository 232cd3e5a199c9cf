// Scripts/bench routing: how long a simulated day takes on one core, and its journal, decoded in memory, to be lived again.

import Basics
import ContactCenter
import Foundation
import Simulation

/// The best of some runs: what else the machine does only adds to it.
let runs = CommandLine.arguments.contains("--quick") ? 2 : 5
let clock = ContinuousClock()

func seconds(_ work: () throws -> Void) rethrows -> Double {
    let began = clock.now
    try work()
    let length = began.duration(to: clock.now)
    return Double(length.components.seconds) + Double(length.components.attoseconds) / 1e18
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
