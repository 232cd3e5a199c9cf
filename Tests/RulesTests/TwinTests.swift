// A center that was stored and read goes on as the one that was never stored, command for command.

import ContactCenter
import Simulation
import Testing

struct TwinTests {
    private static let eventsBetween = 500
    private static let eventsTogether = 200

    @Test("every five hundred events a twin is made of a snapshot, and for two hundred events it decides the same")
    func twins() throws {
        var twins = 0
        for seed in UInt64(21)...24 {
            var fuzzer = Fuzzer(seed: seed)
            try fuzzer.run(events: 12_000)
            var center = Center()
            var twin: Center?
            var commands: [Command] = [], others: [Command] = []
            for (line, entry) in fuzzer.floor.journal.enumerated() {
                if line % Self.eventsBetween == 0 {
                    twin = try Center(packed: center.packed())
                    twins += 1
                }
                commands.removeAll(keepingCapacity: true)
                center.handle(entry.event, at: entry.at, into: &commands)
                guard line % Self.eventsBetween < Self.eventsTogether else { continue }
                others.removeAll(keepingCapacity: true)
                twin?.handle(entry.event, at: entry.at, into: &others)
                try #require(commands == others, "seed \(seed), line \(line): \(entry.event)")
            }
        }
        #expect(twins >= 80)
    }
}
