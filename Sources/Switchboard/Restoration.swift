// The rules as they were when the last process ended: the latest snapshot and the journal behind it.

internal import Basics
internal import ContactCenter
internal import Foundation
internal import Storage

/// Rebuilds a `Center` from the store. Reads on the store's connections and decodes off the loop.
nonisolated struct Restoration: Sendable {
    static let linesPerRead = 1000

    let reader: StoreReader

    struct Restored: Sendable {
        var center: Center
        /// Journal lines that came after the snapshot.
        var lines: Int
        /// The sequence of the last line.
        var sequence: UInt64
        /// Lines are missing behind the snapshot, or could not be encoded: what happened there is not known.
        var gaps: Int
    }

    /// Compiled configurations by version, each read once.
    actor Configurations {
        private let reader: StoreReader
        private var known: [String: CenterConfiguration] = [:]

        init(reader: StoreReader) { self.reader = reader }

        func load(namedBy rows: [JournalRow]) async throws -> [String: CenterConfiguration] {
            for row in rows where row.kind == "configurationApplied" {
                guard let version = JournalCodec.configurationVersion(row), known[version] == nil,
                    let stored = try await reader.configuration(version)
                else { continue }
                known[version] = try JSONDecoder().decode(CenterConfiguration.self, from: stored.body)
            }
            return known
        }
    }

    /// Reads everything, from `sequence` (nil: from the newest readable snapshot) to the end.
    @concurrent func restore() async throws -> Restored {
        var restored = Restored(center: Center(), lines: 0, sequence: 0, gaps: 0)
        var before: UInt64?
        while let row = try await reader.snapshot(before: before) {
            if let center = try? JSONDecoder().decode(Center.self, from: row.body) {
                restored.center = center
                restored.sequence = row.sequence
                break
            }
            // An unreadable snapshot costs time, not knowledge: an older one and more of the journal give the same.
            before = row.sequence
        }
        func count(_ row: JournalRow) {
            if row.sequence != restored.sequence + 1 || row.isUnencodable { restored.gaps += 1 }
            restored.sequence = row.sequence
            restored.lines += 1
        }
        var center = restored.center
        try await replay(into: &center, after: restored.sequence, gap: count) { row, _, _, _ in count(row) }
        restored.center = center
        return restored
    }

    /// Hands every line behind `sequence` to the rules, and tells what came of it. `gap` gets those that nobody can read.
    func replay(
        into center: inout Center, after sequence: UInt64, gap: (JournalRow) -> Void = { _ in },
        each: (JournalRow, Event, [Command], borrowing Center) throws -> Void
    ) async throws {
        let configurations = Configurations(reader: reader)
        var last = sequence
        var commands: [Command] = []
        while true {
            let rows = try await reader.journal(after: last, limit: Self.linesPerRead)
            guard let end = rows.last else { return }
            let known = try await configurations.load(namedBy: rows)
            for row in rows {
                guard !row.isUnencodable else {
                    gap(row)
                    continue
                }
                let event = try JournalCodec.event(row) { known[$0] }
                commands.removeAll(keepingCapacity: true)
                center.handle(event, at: row.at, into: &commands)
                try each(row, event, commands, center)
            }
            last = end.sequence
        }
    }
}
