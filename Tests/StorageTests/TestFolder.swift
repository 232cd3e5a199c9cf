// Folders for tests, and what most tests do with a store.

import Basics
import Foundation
import MainLoop
import Storage

/// A folder that goes with the last reference to it.
nonisolated final class TestFolder: Sendable {
    let path: String

    init() { path = NSTemporaryDirectory() + "switchboard-store-" + UUID().uuidString }
    deinit { try? FileManager.default.removeItem(atPath: path) }
}

nonisolated struct NumberedEvent: Codable, Hashable, Sendable {
    var number: UInt64
    var text = "event"
}

let testLoop = MainLoop(driver: .runLoop)

extension Store {
    /// A turn of `count` events whose bodies carry their own sequence.
    @discardableResult
    func appendNumbered(_ count: Int = 1, facts: [Fact] = []) -> TurnTicket {
        let first = lastSequence + 1
        let events = (0..<UInt64(count)).map { JournalEntry(kind: "numbered", body: NumberedEvent(number: first + $0)) }
        return append(TurnRecord(at: Instant(microseconds: Int64(first)), events: events, facts: facts))
    }
}

/// Every event of the journal, after checking that sequences have no gap and each body carries its own sequence.
nonisolated func numberedJournal(_ reader: StoreReader) async throws -> [JournalRow] {
    var rows: [JournalRow] = []
    while true {
        let page = try await reader.journal(after: rows.last?.sequence ?? 0, limit: 1000)
        if page.isEmpty { return rows }
        for row in page {
            struct OutOfOrder: Error { let sequence: UInt64 }
            let number = try JSONDecoder().decode(AnyNumber.self, from: row.body).number
            guard row.sequence == (rows.last?.sequence ?? 0) + 1, number == row.sequence else {
                throw OutOfOrder(sequence: row.sequence)
            }
            rows.append(row)
        }
    }
}

/// `number` of a body, whether it was written as a number or as text.
nonisolated private struct AnyNumber: Decodable {
    let number: UInt64?
    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        if let plain = try? container.decode(UInt64.self, forKey: .number) {
            number = plain
        } else {
            number = UInt64(try container.decode(String.self, forKey: .number))
        }
    }
    private enum CodingKeys: String, CodingKey { case number }
}
