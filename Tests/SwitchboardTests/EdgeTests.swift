// The tables and files around the rules.

import Audio
import Basics
import ContactCenter
import Foundation
import Glibc
import SIP
import Simulation
import Storage
import Testing

@testable import Switchboard

@Suite("Edges") struct EdgeTests {
    // MARK: LegTable

    @Test("legs are found by both names, and an earlier process's ids are not given out again")
    func legs() throws {
        let table = LegTable(after: 40)
        let first = table.addInbound(CallID(rawValue: 1), caller: Caller(user: "a"), offer: "v=0")
        let second = table.addInbound(CallID(rawValue: 2), caller: Caller(user: "b"), offer: "v=0")
        #expect(first.rawValue == 43 && second.rawValue == 45, "odd, and beyond what was given out")
        #expect(table.leg(of: CallID(rawValue: 2)) == second)
        let outbound = LegID(rawValue: 8)
        table.addOutbound(outbound, for: Leg.Service(contact: ContactID(rawValue: 1), party: .agent, opened: .epoch))
        #expect(table[outbound]?.call == nil)
        table.set(CallID(rawValue: 3), for: outbound)
        #expect(table.leg(of: CallID(rawValue: 3)) == outbound)
        table.update(outbound) { $0.isHeld = true }
        #expect(table[outbound]?.isHeld == true)
        table.update(LegID(rawValue: 99)) { $0.isHeld = true }
        #expect(table.all.count == 3)
        #expect(table.remove(outbound)?.call == CallID(rawValue: 3))
        #expect(table.remove(outbound) == nil)
        #expect(table.leg(of: CallID(rawValue: 3)) == nil && table.all.count == 2)
    }

    // MARK: InvariantWatch

    private func watch(_ center: Center, _ folder: TestFolder) async throws -> InvariantWatch {
        let turn = Turn(
            center: center, clock: HouseClock(), store: try await folder.store(), eventsMax: 10, on: testLoop,
            logger: silentLogger)
        return InvariantWatch(turn: turn, on: testLoop, logger: silentLogger)
    }

    @Test("the watch comes round in slices, is silent about a sound center, and counts what is wrong with a broken one")
    func invariants() async throws {
        var floor = VirtualFloor()
        floor.apply(Fuzzer.configuration(variant: 0))
        floor.signIn("alice")
        for _ in 0..<200 { floor.call("200") }
        for _ in 0..<3 { floor.call("300") }
        let sound = try await watch(floor.center, try TestFolder())
        for _ in 0..<1000 where sound.rounds < 2 { sound.slice() }
        #expect(sound.rounds == 2 && sound.violations == 0)

        // The same without its contacts: legs and queues speak of nobody.
        let whole = try JSONSerialization.jsonObject(with: JSONEncoder().encode(floor.center))
        var members = try #require(whole as? [String: Any])
        members["contacts"] = [Any]()
        let torn = try JSONDecoder().decode(Center.self, from: JSONSerialization.data(withJSONObject: members))
        let broken = try await watch(torn, try TestFolder())
        for _ in 0..<1000 where broken.rounds < 1 { broken.slice() }
        #expect(broken.violations == Invariants.violations(in: torn).count && broken.violations > 200)
    }

    // MARK: Recordings

    @Test("rows that a crash left open are settled by what stands in the folder")
    func recordings() async throws {
        let folder = try TestFolder()
        let files = folder.path + "/recordings"
        try FileManager.default.createDirectory(atPath: files, withIntermediateDirectories: true)
        let store = try await folder.store()
        let contact = ContactRecord(id: ContactID(rawValue: 1), state: "ended", arrived: .epoch)
        let states = ["recording", "recording", "recording", "saved"]
        let rows = states.enumerated().map { index, state in
            RecordingRecord(
                id: RecordingID(rawValue: UInt64(index + 1)), contact: contact.id, started: .epoch,
                // 1 was to be sealed, and was finished under a configuration that doesn't.
                file: "recording-\(index + 1).\(index == 0 ? "swsealed" : "wav")", state: state)
        }
        let ticket = store.append(
            TurnRecord(at: .epoch, facts: [.contact(contact)] + rows.map { .recording($0) }))
        try await store.committed(ticket)
        // 1 was finished, 2 is still to be rescued, 3 never had a file.
        let head = WAVHead.of(frames: 20_000)
        try head.write(to: URL(fileURLWithPath: files + "/recording-1.wav"))
        try Data().write(to: URL(fileURLWithPath: files + "/recording-2.swrec"))

        let settled = try await RecordingReconciliation(reader: store.reader, folder: files, keys: nil).settled()
        #expect(settled.map(\.id.rawValue).sorted() == [1, 3])
        let saved = try #require(settled.first { $0.id.rawValue == 1 })
        #expect(saved.state == "saved" && saved.seconds == 2.5 && saved.file == "recording-1.wav")
        #expect(saved.ended == .epoch + .milliseconds(2500))
        #expect(settled.first { $0.id.rawValue == 3 }?.state == "failed")
    }

    // MARK: The applied configuration

    @Test("what was applied last is kept whole, and there is no moment without it")
    func applied() async throws {
        let folder = try TestFolder()
        let configuration = folder.path + "/Config"
        try FileManager.default.createDirectory(atPath: configuration + "/flows", withIntermediateDirectories: true)
        func write(_ number: Int) throws {
            try "name: House \(number)\n".write(toFile: configuration + "/site.yaml", atomically: true, encoding: .utf8)
        }
        try write(0)
        try AppliedConfiguration.keep(configuration, in: folder.path, isStart: false)
        let target = AppliedConfiguration.folder(in: folder.path) + "/site.yaml"
        let looker = Task.detached {
            var missed = 0
            while !Task.isCancelled { if access(target, F_OK) != 0 { missed += 1 } }
            return missed
        }
        for number in 1...200 {
            try write(number)
            try AppliedConfiguration.keep(configuration, in: folder.path, isStart: false)
        }
        looker.cancel()
        #expect(await looker.value == 0)
        #expect(try String(contentsOfFile: target, encoding: .utf8) == "name: House 200\n")
        #expect(!FileManager.default.fileExists(atPath: AppliedConfiguration.folder(in: folder.path) + ".new"))
    }
}

nonisolated private enum WAVHead {
    static func of(frames: Int) -> Data { Data(WAVFile.header(frames: frames, channels: 2, sampleRate: 8000)) }
}
