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
            // A line is one write: whole, or not there.
            let last = lines.compactMap { UInt64($0.dropFirst(13)) }.max()
            acknowledged = max(acknowledged, last ?? 0)

            // As `switchboard replay` does it, with the log as the kill left it.
            let left = try await numberedJournal(try StoreReader.open(folder: folder.path))
            let store = try await Store.open(folder: folder.path, on: testLoop)
            let rows = try await numberedJournal(store.reader)
            #expect(store.lastSequence >= acknowledged, "round \(round)")
            #expect(rows == left)
            // Three events a turn, all or none.
            #expect(rows.count % 3 == 0)
            let newest = try await store.reader.contacts(limit: 1)
            #expect(newest.first?.id.rawValue == store.lastSequence - 2)
            let detail = try await store.reader.contact(ContactID(rawValue: store.lastSequence - 2))
            #expect(detail?.timeline.map(\.kind) == ["line"])
            await store.close()
        }
        #expect(acknowledged > 1000)
    }

    nonisolated private static let strace = "/usr/bin/strace"

    /// kill -9 loses nothing that the kernel has, so it says nothing about a power loss: that the disk was told does.
    @Test(
        "each of a row of acknowledgements has a sync of its own before it",
        .enabled(if: FileManager.default.isExecutableFile(atPath: strace)))
    func syncs() async throws {
        let folder = TestFolder()
        try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
        let log = folder.path + "/calls"
        let lines = try await ChildProcess(
            ["sequence", folder.path, "40"], under: [Self.strace, "-f", "-o", log, "-e", "trace=fdatasync,fsync,write"]
        ).finish()
        #expect(lines == (1...40).map { "acknowledged \($0 * 3)" })
        var syncs = 0
        var acknowledged = 0
        for line in try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n") {
            if line.contains("sync(") { syncs += 1 }
            guard line.contains("acknowledged") else { continue }
            acknowledged += 1
            #expect(syncs > 0, "acknowledgement \(acknowledged)")
            syncs = 0
        }
        #expect(acknowledged == 40)
    }
}
