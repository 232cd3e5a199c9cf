// Scripts/fuzz: random lives of the rules from one seed, as long as asked for.

import ContactCenter
import Foundation
import Simulation

/// What the command line says.
struct Options {
    var events = 1_000_000
    var seed = UInt64.random(in: 1...UInt64.max)

    init?(_ arguments: ArraySlice<String>) {
        var rest = arguments
        guard rest.popFirst() == "rules" else { return nil }
        while let name = rest.popFirst() {
            guard let value = rest.popFirst() else { return nil }
            switch name {
            case "--events":
                guard let number = Int(value), number > 0 else { return nil }
                events = number
            case "--seed":
                guard let number = UInt64(value) else { return nil }
                seed = number
            default: return nil
            }
        }
    }
}

/// Events of one life; then the next seed begins another, so that no life grows without an end.
let eventsPerLife = 10_000

guard let options = Options(CommandLine.arguments.dropFirst()) else {
    FileHandle.standardError.write(Data("usage: Scripts/fuzz rules --events N [--seed S]\n".utf8))
    exit(2)
}
print("seed: \(options.seed)")
fflush(nil)
let clock = ContinuousClock()
let began = clock.now
var events = 0
var contacts = 0
var lives = 0
var seed = options.seed
do {
    while events < options.events {
        var fuzzer = Fuzzer(seed: seed)
        try fuzzer.run(events: min(eventsPerLife, options.events - events))
        events += fuzzer.floor.center.figures.events
        contacts += fuzzer.floor.center.figures.contacts
        lives += 1
        seed &+= 1
    }
} catch {
    // The failure names the seed of its own life.
    print("failed: \(error)")
    print("again: Scripts/fuzz rules --events \(eventsPerLife) --seed \(error.seed)")
    exit(1)
}
let elapsed = began.duration(to: clock.now)
let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
print("lives: \(lives)")
print("events: \(events)")
print("contacts: \(contacts)")
print("seconds: \(Int(seconds.rounded(.up)))")
print("events_per_second: \(Int(Double(events) / seconds))")
