// kill -9 at any moment: what was acknowledged is there.

import Basics
import Foundation
import MainLoop
import Storage
import Testing

@Suite("Crash") struct CrashTests {
    @Test("after each of 25 kills every acknowledged turn is in the journal, whole, with its facts", .timeLimit(.minutes(3)))
    func kills() async throws {
        let folder = TestFolder()
        var random = SeededRandom(seed: 20_261_122)
        var acknowledged: UInt64 = 0
        for round in 0..<25 {
            let lines = try await ChildProcess(["append", folder.path]).killed(after: 1 + random.below(200))
            #expect(lines.allSatisfy { $0.hasPrefix("acknowledged ") }, "round \(round)")
            let last = lines.dropLast().compactMap { UInt64($0.dropFirst(13)) }.max()
            acknowledged = max(acknowledged, last ?? 0)

            let store = try await Store.open(folder: folder.path, on: testLoop)
            let rows = try await numberedJournal(store.reader)
            #expect(store.lastSequence >= acknowledged, "round \(round)")
            // Three events a turn, all or none.
            #expect(rows.count % 3 == 0)
            let newest = try await store.reader.contacts(limit: 1)
            #expect(newest.first?.id.rawValue == store.lastSequence - 2)
            let detail = try await store.reader.contact(ContactID(rawValue: store.lastSequence - 2))
            #expect(detail?.timeline.map(\.sequence) == [store.lastSequence])
            await store.close()
        }
        #expect(acknowledged > 1000)
    }
}
