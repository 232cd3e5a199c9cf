// Scripts/bench routing: how long a simulated day takes, on one core.

import Foundation
import Simulation

/// The least of some runs: what else the machine does only adds to it.
let runs = 5
let clock = ContinuousClock()
var best = Duration.seconds(1_000_000)
var figures: DayFigures?
for seed in 1...UInt64(runs) {
    let began = clock.now
    var day = try SimulatedDay(.reference, seed: seed)
    figures = try day.run()
    best = min(best, began.duration(to: clock.now))
}
let seconds = Double(best.components.seconds) + Double(best.components.attoseconds) / 1e18
print("simulated_day_20000_contacts_s@100_agents_10_queues: \(String(format: "%.3f", seconds))")
print("simulated_day_contacts: \(figures?.contacts ?? 0)")
print("simulated_day_events: \(figures?.events ?? 0)")
