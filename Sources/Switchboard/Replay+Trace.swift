// A stretch of the journal as a day that can be lived again.

public import Basics
internal import ContactCenter
internal import Foundation
public import Simulation
internal import Storage

nonisolated extension Replay {
    /// What is still up at the end is followed for so much longer, to learn how it ended.
    public static let afterwardsSecondsMax = 7200

    private struct Enough: Error {}

    /// Replays from the last snapshot before `from`, or from the beginning, to the end of what began before `to`.
    public func trace(from: Instant, to: Instant) async throws -> DayTrace {
        var center = Center()
        var sequence: UInt64 = 0
        var before: UInt64?
        while let row = try await reader.snapshot(before: before) {
            if row.at <= from, let stored = try? StateCodec.center(row) {
                center = stored
                sequence = row.sequence
                break
            }
            before = row.sequence
        }
        var trace = DayTrace(from: from, to: to)
        trace.begin(with: center)
        let last = to + .seconds(Self.afterwardsSecondsMax)
        func follow(_ row: JournalRow) {
            if row.at < to { trace.missingLines &+= Int(clamping: row.sequence &- sequence &- 1) }
            sequence = row.sequence
        }
        do {
            try await restoration.replay(into: &center, after: sequence, gap: follow) { row, event, commands, center in
                guard row.at < last else { throw Enough() }
                follow(row)
                trace.note(event, commands, in: center, at: row.at)
            }
        } catch is Enough {}
        trace.finish(with: center)
        return trace
    }
}
