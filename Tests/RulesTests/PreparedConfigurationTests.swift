// A configuration that was prepared beside the center, while calls went on.

import Basics
import ContactCenter
import Foundation
import Simulation
import Testing

@Suite
struct PreparedConfigurationTests {
    /// How many events go by between the copy and the change.
    private static let eventsBetweenMax = 300

    @Test("Prepared ahead or worked out in its turn, a configuration leads to the same decisions, whatever happened meanwhile")
    func decidesTheSame() throws {
        var reloads = 0
        for seed in UInt64(1)...4 {
            var fuzzer = Fuzzer(seed: seed)
            try fuzzer.run(events: 15_000)
            let journal = fuzzer.floor.journal
            var random = SeededRandom(seed: seed)
            var plain = Center(), ahead = Center()
            /// Where to begin to prepare the configuration of a later line.
            var beginnings: [Int: Int] = [:]
            for (line, entry) in journal.enumerated() {
                guard case .configurationApplied = entry.event, line > 0 else { continue }
                let earliest = max(beginnings.values.max() ?? 0, line - Self.eventsBetweenMax) + 1
                if earliest < line { beginnings[earliest + random.below(line - earliest)] = line }
            }
            for (line, entry) in journal.enumerated() {
                if let later = beginnings[line], case .configurationApplied(let configuration) = journal[later].event {
                    let copy = ahead.beginPreparation()
                    ahead.keep(copy.prepare(configuration))
                }
                var expected: [Command] = [], commands: [Command] = []
                plain.handle(entry.event, at: entry.at, into: &expected)
                ahead.handle(entry.event, at: entry.at, into: &commands)
                if case .configurationApplied = entry.event {
                    // Who is asked less for is found before the change or in its turn, and named only there. It is in the
                    // state, which is compared below.
                    commands.removeAll(where: Self.isHint)
                    expected.removeAll(where: Self.isHint)
                }
                try #require(commands == expected, "seed \(seed), line \(line): \(entry.event)")
                if case .configurationApplied = entry.event {
                    if ahead.takeReplaced() != nil { reloads += 1 }
                    try #require(try Self.state(of: ahead) == Self.state(of: plain), "seed \(seed), line \(line)")
                }
            }
            #expect(try Self.state(of: ahead) == Self.state(of: plain))
        }
        #expect(reloads > 20, "of so many it can be said")
    }

    private static func isHint(_ command: Command) -> Bool { if case .contactChanged = command { true } else { false } }

    private static func state(of center: Center) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return try encoder.encode(center)
    }
}
