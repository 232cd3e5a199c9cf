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
        /// Why snapshots were passed over.
        var unreadable: [String] = []
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
                known[version] = try StateCodec.configuration(stored)
            }
            return known
        }
    }

    /// Reads everything, from `sequence` (nil: from the newest readable snapshot) to the end.
    @concurrent func restore() async throws -> Restored {
        var restored = Restored(center: Center(), lines: 0, sequence: 0, gaps: 0)
        var before: UInt64?
        while let row = try await reader.snapshot(before: before) {
            do {
                restored.center = try StateCodec.center(row)
                restored.sequence = row.sequence
                break
            } catch { restored.unreadable.append("\(error)") }
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
        let source = Lines(reader: reader)
        var commands: [Command] = []
        var lines = try await source.load(after: sequence)
        while let end = lines.last?.row.sequence {
            // The next ones are read and decoded while the rules take these.
            async let following = source.load(after: end)
            for line in lines {
                guard let read = line.event else {
                    gap(line.row)
                    continue
                }
                let event = try read.get()
                commands.removeAll(keepingCapacity: true)
                center.handle(event, at: line.row.at, into: &commands)
                try each(line.row, event, commands, center)
            }
            lines = try await following
        }
    }

    private struct Line: Sendable {
        let row: JournalRow
        /// nil: it happened and is not known.
        let event: Result<Event, JournalCodec.Failure>?
    }

    /// Decodes beside whoever takes the lines.
    private struct Lines: Sendable {
        let reader: StoreReader
        let configurations: Configurations

        init(reader: StoreReader) {
            self.reader = reader
            configurations = Configurations(reader: reader)
        }

        /// Those behind that line, a thousand at most; none: the journal ends there.
        @concurrent func load(after sequence: UInt64) async throws -> [Line] {
            let rows = try await reader.journal(after: sequence, limit: linesPerRead)
            let known = try await configurations.load(namedBy: rows)
            let decoder = JSONDecoder()
            return rows.map { row in
                guard !row.isUnencodable else { return Line(row: row, event: nil) }
                return Line(
                    row: row,
                    event: Result { () throws(JournalCodec.Failure) in
                        try JournalCodec.event(row, by: decoder) { known[$0] }
                    })
            }
        }
    }
}
