// What happened and why, told from the journal in another process.

internal import Basics
internal import ContactCenter
internal import Foundation
internal import Storage

/// Plays the journal of a state folder into fresh rules.
public nonisolated struct Replay: Sendable {
    let reader: StoreReader

    /// Opens the folder for reading only; a daemon that runs on it is not disturbed.
    public init(stateFolder: String) throws { reader = try StoreReader.open(folder: stateFolder) }

    /// Prints each event with its time and the commands that followed from it, line by line.
    ///
    /// - Parameters:
    ///   - contact: only lines about this contact.
    ///   - line: takes one line of text.
    public func tell(contact: UInt64? = nil, line: (String) -> Void) async throws {
        var center = Center()
        var thread = contact.map { ContactThread(of: ContactID(rawValue: $0)) }
        var last: UInt64 = 0
        func follow(_ row: JournalRow) {
            if row.sequence != last &+ 1 { line("lines \(last &+ 1) to \(row.sequence &- 1) are missing") }
            last = row.sequence
        }
        func lost(_ row: JournalRow) {
            follow(row)
            line("\(row.sequence) \(Self.time(row.at)) an event that could not be written down")
        }
        try await restoration.replay(into: &center, after: 0, gap: lost) { row, event, commands, center in
            follow(row)
            var own = commands
            if thread != nil {
                guard let its = thread?.take(event, commands, center) else { return }
                own = its
            }
            line("\(row.sequence) \(Self.time(row.at)) \(event.told)")
            for text in own.compactMap(\.told) { line("        -> \(text)") }
        }
    }

    /// Whether the journal from the beginning leads to the newest snapshot, byte for byte.
    public enum Verification: Sendable, Equatable {
        case equal(lines: Int)
        case different(sequence: UInt64)
        case noSnapshot(lines: Int)
    }

    public func verify() async throws -> Verification {
        var center = Center()
        var lines = 0
        let snapshot = try await reader.snapshot()
        var isEqual = false
        try await restoration.replay(into: &center, after: 0) { row, _, _, center in
            lines += 1
            if let snapshot, row.sequence == snapshot.sequence {
                isEqual = try StateCodec.isSame(copy center, as: snapshot)
            }
        }
        guard let snapshot else { return .noSnapshot(lines: lines) }
        return isEqual ? .equal(lines: lines) : .different(sequence: snapshot.sequence)
    }

    var restoration: Restoration { Restoration(reader: reader) }

    static func time(_ instant: Instant) -> String {
        Date(timeIntervalSince1970: Double(instant.microseconds) / 1_000_000).formatted(
            Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }
}
