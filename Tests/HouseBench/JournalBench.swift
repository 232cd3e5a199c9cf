// From the disk to the rules: how fast a day's journal is read, decoded and lived again.

import Basics
import ContactCenter
import Foundation
import MainLoop
import Simulation
import Storage
import Switchboard

struct JournalBench {
    let folder: String

    /// As the daemon's journal names a configuration.
    private struct Reference: Encodable, Sendable { var version: String }

    func run() async throws {
        var day = try SimulatedDay(.reference, seed: 1, keepsRecords: true)
        _ = try day.run()
        let events = isQuick ? Array(day.journal.prefix(50_000)) : day.journal
        try await write(events)
        // The best of some runs: what else the machine does only adds to it.
        var best = Double.infinity
        for _ in 0..<(isQuick ? 1 : 3) {
            let began = MonotonicClock.now
            let result = try await Replay(stateFolder: folder).verify()
            best = min(best, seconds(since: began))
            guard result == .noSnapshot(lines: events.count) else { throw Failure.incomplete(result) }
        }
        row("replay_from_journal_events_per_s", Double(events.count) / best)
    }

    private enum Failure: Error { case incomplete(Replay.Verification) }

    private func write(_ events: [(at: Instant, event: Event)]) async throws {
        let store = try await Store.open(folder: folder, on: loop)
        for (at, event) in events {
            let entry: JournalEntry
            if case .configurationApplied(let configuration) = event {
                try await store.saveConfiguration(version: configuration.version, at: at) {
                    Data(try configuration.packed())
                }
                entry = JournalEntry(kind: "configurationApplied", body: Reference(version: configuration.version))
            } else {
                // The journal's kind is the name of the case.
                let name = Mirror(reflecting: event).children.first?.label ?? "\(event)"
                entry = JournalEntry(kind: name, body: event)
            }
            let ticket = store.append(TurnRecord(at: at, events: [entry]))
            if store.unsavedTurns > 5000 { try await store.committed(ticket) }
        }
        await store.close()
    }
}
