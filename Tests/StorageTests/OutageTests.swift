// A full disk: calls go on, nothing acknowledged is lost, and everything is written in order afterwards.

import Basics
import Foundation
import Glibc
import MainLoop
import Storage
import Testing

/// A real disk of a given size, where the process may mount one.
nonisolated final class SmallDisk: Sendable {
    struct NotAllowed: Error {}
    let path: String

    init(kilobytes: Int) throws {
        path = NSTemporaryDirectory() + "switchboard-disk-" + UUID().uuidString
        mkdir(path, 0o700)
        guard mount("tmpfs", path, "tmpfs", 0, "size=\(kilobytes)k") == 0 else {
            rmdir(path)
            throw NotAllowed()
        }
    }

    deinit {
        umount2(path, Int32(MNT_DETACH))
        rmdir(path)
    }

    /// Takes what room there is left, but for `kilobytes`.
    func fill(leaving kilobytes: Int) throws {
        var room = statvfs()
        statvfs(path, &room)
        let bytes = Int(room.f_bavail) * Int(room.f_bsize) - kilobytes * 1024
        try Data(count: max(0, bytes)).write(to: URL(fileURLWithPath: path + "/filler"))
    }

    func empty() throws { try FileManager.default.removeItem(atPath: path + "/filler") }

    static let isAllowed = (try? SmallDisk(kilobytes: 64)) != nil
}

@Suite("Outage") struct OutageTests {
    private func store(on disk: SmallDisk, _ change: (inout StoreLimits) -> Void = { _ in }) async throws -> Store {
        var limits = StoreLimits()
        limits.retryMillisecondsMin = 5
        limits.retryMillisecondsMax = 20
        change(&limits)
        return try await Store.open(folder: disk.path + "/state", limits: limits, on: testLoop)
    }

    /// Returns when the store's health is (or has become) as wanted.
    private func wait(for store: Store, until: @escaping (StorageHealth) -> Bool) async {
        if until(store.health) { return }
        await withCheckedContinuation { continuation in
            store.onHealthChange = { health in
                guard until(health) else { return }
                store.onHealthChange = nil
                continuation.resume()
            }
        }
    }

    @Test(
        "on a full disk appends go on, waiters are refused, and all is written in order when there is room again",
        .enabled(if: SmallDisk.isAllowed), .timeLimit(.minutes(1)))
    func fullDisk() async throws {
        let disk = try SmallDisk(kilobytes: 4096)
        let store = try await store(on: disk)
        try await store.committed(store.appendNumbered(10))
        try disk.fill(leaving: 100)

        var acknowledged = store.lastSequence
        var refusal: StoreError?
        while refusal == nil {
            try #require(store.lastSequence < 10_000)
            let ticket = store.appendNumbered(20, facts: [.contact(someContact(store.lastSequence))])
            do throws(StoreError) {
                try await store.committed(ticket)
                acknowledged = store.lastSequence
            } catch { refusal = error }
        }
        #expect(refusal == .notDurable(.diskFull))
        #expect(acknowledged > 0)
        // While it lasts: refused at once, and kept.
        for _ in 0..<500 { store.appendNumbered(2) }
        await #expect(throws: StoreError.notDurable(.diskFull)) { try await store.committed(store.lastTurn) }
        await wait(for: store) { if case .degraded(.diskFull, let unsaved) = $0 { unsaved == 501 } else { false } }
        #expect(try await numberedJournal(store.reader).count == Int(acknowledged))
        await #expect(throws: StoreError.notDurable(.diskFull)) {
            try await store.saveSnapshot(sequence: store.lastSequence, at: .epoch) { Data() }
        }

        try disk.empty()
        await wait(for: store) { $0 == .good }
        try await store.committed(store.lastTurn)
        #expect(try await numberedJournal(store.reader).count == Int(store.lastSequence))
        #expect(store.figures.failedTransactions > 0)
        #expect(store.figures.droppedTurns == 0)
        let last = store.lastSequence
        #expect(await store.close() == 0)
        let again = try await self.store(on: disk)
        #expect(again.lastSequence == last)
        await again.close()
    }

    @Test(
        "a full buffer says so, then drops and counts; the journal shows the gap and goes on",
        .enabled(if: SmallDisk.isAllowed), .timeLimit(.minutes(1)))
    func fullBuffer() async throws {
        let disk = try SmallDisk(kilobytes: 4096)
        let store = try await store(on: disk) {
            $0.unsavedTurnsMax = 50
            $0.overrunTurnsMax = 10
            $0.turnsPerTransactionMax = 7
        }
        try await store.committed(store.appendNumbered())
        try disk.fill(leaving: 0)
        while store.health == .good {
            _ = try? await store.committed(store.appendNumbered(50))
        }
        let before = store.lastSequence
        var number: UInt64 = 0
        /// Each turn says of the same contact where it stands: the last one that was taken has to win.
        func appendNext() -> TurnTicket {
            number += 1
            var contact = someContact(1)
            contact.state = "state \(number)"
            return store.appendNumbered(1, facts: [.contact(contact)])
        }
        while !store.isFull { _ = appendNext() }
        #expect(store.unsavedTurns == 50)
        let full = number
        var dropped = 0
        for _ in 0..<30 where appendNext().isDropped { dropped += 1 }
        #expect(dropped == 20)
        #expect(store.figures.droppedTurns == 20)
        #expect(store.unsavedTurns == 60)
        let end = store.lastSequence
        let failures = store.figures.failedTransactions
        await wait(for: store) { _ in store.figures.failedTransactions >= failures + 3 }

        try disk.empty()
        var healthWhenFree: StorageHealth?
        store.onFullChange = { if !$0 { healthWhenFree = store.health } }
        await wait(for: store) { $0 == .good }
        try await store.committed(store.appendNumbered())
        #expect(!store.isFull)
        #expect(healthWhenFree == .good)
        store.onFullChange = nil
        let rows = try await store.reader.journal(after: before, limit: 1000).map(\.sequence)
        #expect(rows == Array(before + 1...end - 20) + [end + 1])
        #expect(try await store.reader.contact(ContactID(rawValue: 1))?.contact.state == "state \(full + 10)")
        await store.close()
    }

    @Test("a store that is only slow says that it is full and that it is not, and nothing of its health")
    func slow() async throws {
        let folder = TestFolder()
        var limits = StoreLimits()
        limits.unsavedTurnsMax = 3
        let store = try await Store.open(folder: folder.path, limits: limits, on: testLoop)
        var full: [Bool] = []
        var health: [StorageHealth] = []
        store.onFullChange = { full.append($0) }
        store.onHealthChange = { health.append($0) }
        for _ in 0..<5 { store.appendNumbered() }
        try await store.committed(store.lastTurn)
        #expect(full == [true, false])
        #expect(health == [])
        await store.close()
    }

    @Test(
        "closing while the disk is full says how many turns are lost and frees the folder",
        .enabled(if: SmallDisk.isAllowed), .timeLimit(.minutes(1)))
    func closeInOutage() async throws {
        let disk = try SmallDisk(kilobytes: 4096)
        let store = try await store(on: disk)
        try disk.fill(leaving: 0)
        while store.health == .good {
            _ = try? await store.committed(store.appendNumbered(50))
        }
        store.appendNumbered()
        let unsaved = store.unsavedTurns
        #expect(unsaved >= 2)
        #expect(await store.close() == unsaved)
        try disk.empty()
        let again = try await self.store(on: disk)
        #expect(again.lastSequence < store.lastSequence)
        await again.close()
    }

    @Test("under a file size limit (a real write error that needs no rights) all is written once it is lifted")
    func fileSizeLimit() async throws {
        let folder = TestFolder()
        let output = try await ChildProcess(["fill", folder.path, "400000"]).finish()
        #expect(output.contains { $0.hasPrefix("refused after") }, "\(output)")
        #expect(output.last?.hasPrefix("unsaved 0 appended") == true, "\(output)")
        let store = try await Store.open(folder: folder.path, on: testLoop)
        let rows = try await numberedJournal(store.reader)
        #expect(rows.count > 1000)
        #expect(output.last == "unsaved 0 appended \(rows.count)")
        await store.close()
    }

    private func someContact(_ id: UInt64) -> ContactRecord {
        ContactRecord(id: ContactID(rawValue: id), state: "queued", arrived: .epoch)
    }
}
