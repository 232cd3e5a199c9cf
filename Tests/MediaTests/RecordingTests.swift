// Recordings: who is on which side, and what survives.

import Audio
import Basics
import Foundation
import Glibc
import SDP
import Testing

@testable import Media

@Suite(.serialized) struct RecordingTests {
    nonisolated private func folder() throws -> String {
        let path = NSTemporaryDirectory() + "switchboard-recording-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    private func wav(_ path: String) throws -> WAVFile {
        try WAVFile([UInt8](Data(contentsOf: URL(fileURLWithPath: path))))
    }

    /// The share of pieces of 100 ms in which the tone is heard.
    private func share(_ frequency: Double, in sound: ArraySlice<Int16>) -> Double {
        let pieces = stride(from: sound.startIndex, to: sound.endIndex - 800, by: 800).map { sound[$0..<$0 + 800] }
        return pieces.isEmpty
            ? -1 : Double(pieces.count { ToneDetector(frequency).share(in: $0) > 0.95 }) / Double(pieces.count)
    }

    private func saved(_ rig: MediaRig) -> (path: String, seconds: Double)? {
        for case .recordingSaved(_, let path, _, let seconds) in rig.events { return (path, seconds) }
        return nil
    }

    @Test("Caller left, agent right, at the right time, and silence where the recording was paused or digits were collected")
    func stereo() async throws {
        let rig = MediaRig(hundred: 5) { $0.ports = 16560...16579 }
        let caller = TestPhone(.mu), agent = TestPhone(.a), folder = try folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try rig.connect(caller, as: .caller)
        try rig.connect(agent, as: .agent)
        caller.speak(440)
        #expect(await rig.wait { rig.plane.figures.packetsReceived > 3 })
        let id = RecordingID(rawValue: 77)
        let start = ContinuousClock.now
        func now() -> Int { Int((ContinuousClock.now - start).inSeconds * 8000) }
        try rig.plane.startRecording(id, into: folder, caller: .caller)
        #expect(throws: MediaError.recordingExists(id)) {
            try rig.plane.startRecording(id, into: folder, caller: .caller)
        }
        let started = now()
        try rig.plane.bridge(.caller, .agent)
        /// Until so many packets have come in their time: after a stall those that were owed come at once.
        func frames(_ count: UInt64, of leg: LegID = .caller) async {
            let before = rig.plane.figures(leg)?.packetsReceived ?? 0, end = now() + Int(count) * 160
            #expect(await rig.wait { rig.plane.figures(leg)?.packetsReceived ?? 0 >= before + count && now() >= end })
        }
        await frames(30)
        try rig.plane.record([(.agent, 1)], on: id)
        agent.speak(1000)
        let joined = now()
        await frames(40, of: .agent)
        try rig.plane.pauseRecording(id)
        let paused = now()
        await frames(40)
        try rig.plane.resumeRecording(id)
        let resumed = now()
        await frames(40)
        try rig.plane.collect(
            .caller, step: "card", lengthMin: 1, lengthMax: 9, firstDigitTimeout: .seconds(9), nextDigitTimeout: .seconds(9))
        let collecting = now()
        await frames(20)
        // The tone of this key is still on the line when it is the last one.
        let pressed = now()
        for key in "5#" { rig.plane.press(key, on: .caller) }
        #expect(await rig.wait { !rig.events.isEmpty })
        let collected = now()
        await frames(60)
        let stopped = now()
        rig.plane.stopRecording(id)
        let ended = now()
        // What was owed after a stall came in late: before a change it may be missing, behind it it may be too much.
        let late = max(caller.owedMax, agent.owedMax) * 160
        #expect(await rig.wait { saved(rig) != nil })
        let file = try wav(try #require(saved(rig)).path)
        #expect((stopped - started - 800...ended + 800).contains(file.channels[0].count))
        func hears(_ channel: Int, _ frequency: Double, _ from: Int, _ to: Int) -> Bool {
            let sound = file.channels[channel], end = min(to - 640 - late, sound.count)
            // A stall as long as the stretch itself leaves nothing to judge.
            return end - from - 640 < 1600 ? late > 1600 : share(frequency, in: sound[(from + 640)..<end]) > 0.7
        }
        func isSilent(_ channel: Int, _ from: Int, _ to: Int) -> Bool {
            from >= to ? late > 1600 : file.channels[channel][from..<to].allSatisfy { $0 == 0 }
        }
        #expect(hears(0, 440, 0, paused))
        #expect(hears(1, 1000, joined, paused))
        #expect(hears(1, 1000, resumed, stopped))
        #expect(hears(0, 440, resumed, collecting))
        #expect(isSilent(1, 0, joined - 400))
        // What is spoken before the end of the pause and comes in after it, as on a busy machine, stands where it was spoken.
        #expect(isSilent(0, paused + 640, min((paused + resumed) / 2, resumed - 640 - late)))
        #expect(isSilent(0, collecting + 640, pressed + 1440 - late))
        #expect(hears(0, 440, collected + 3200, stopped))
        // What it was made of stays until somebody has noted it.
        #expect(RecordingRescue.unfinished(in: folder) == [folder + "/recording-77.swrec"])
        rig.plane.removeSource(folder + "/recording-77.swrec")
        #expect(await rig.wait { RecordingRescue.unfinished(in: folder).isEmpty })
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["recording-77.wav"])
        #expect(rig.plane.figures.recordings == 0)
    }

    @Test("A third party has a channel of its own, and in stereo stands on the right with the second") func parties()
        async throws
    {
        let rig = MediaRig(hundred: 8) { $0.ports = 16860...16879 }
        let caller = TestPhone(.mu), agent = TestPhone(.a), third = TestPhone(.mu), folder = try folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let other = LegID(rawValue: 77)
        try rig.connect(caller, as: .caller)
        try rig.connect(agent, as: .agent)
        try rig.connect(third, as: other)
        caller.speak(440)
        agent.speak(1000)
        let id = RecordingID(rawValue: 78)
        try rig.plane.startRecording(id, into: folder, caller: .caller, agent: .agent)
        func frames(_ count: UInt64) async {
            let before = rig.plane.figures(.caller)?.packetsReceived ?? 0
            #expect(await rig.wait { rig.plane.figures(.caller)?.packetsReceived ?? 0 >= before + count })
        }
        await frames(30)
        third.speak(660)
        try rig.plane.record([(.agent, 1), (other, 2)], on: id)
        await frames(40)
        try rig.plane.record([(other, 2)], on: id)
        await frames(40)
        rig.plane.stopRecording(id)
        #expect(await rig.wait { saved(rig) != nil })
        let file = try RecordingFile(path: try #require(saved(rig)).path, keys: nil)
        try file.verify()
        #expect(file.channels == 3)
        func samples(_ sound: RecordingSound, _ channels: Int) throws -> [[Int16]] {
            var bytes: [UInt8] = []
            // Uneven pieces, as a listener's ranges are.
            while bytes.count < sound.byteCount { bytes += try sound.bytes(in: bytes.count..<bytes.count + 1237) }
            #expect(bytes.count == sound.byteCount && WAVFile.channels(inHeader: bytes) == channels)
            let all = stride(from: WAVFile.headerBytes, to: bytes.count - 1, by: 2).map {
                Int16(bitPattern: UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8)
            }
            return (0..<channels).map { channel in stride(from: channel, to: all.count, by: channels).map { all[$0] } }
        }
        let parties = try samples(RecordingSound(file, .parties), 3)
        for (channel, tone) in [440, 1000, 660].enumerated() {
            #expect(share(Double(tone), in: parties[channel][...]) > 0.2, "channel \(channel)")
            for other in [440, 1000, 660] where other != tone {
                #expect(share(Double(other), in: parties[channel][...]) == 0, "channel \(channel) has \(other)")
            }
        }
        #expect(parties[2].prefix(3000).allSatisfy { $0 == 0 })
        let stereo = try samples(RecordingSound(file, .stereo), 2)
        #expect(stereo[0] == parties[0])
        #expect(stereo[1] == zip(parties[1], parties[2]).map { Int16(clamping: Int($0) + Int($1)) })
    }

    @Test("A running recording is readable up to the last second, as it must be after kill -9") func crash() async throws {
        let rig = MediaRig(hundred: 6) { $0.ports = 16660...16679 }
        let caller = TestPhone(), folder = try folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try rig.connect(caller, as: .caller)
        caller.speak(440)
        try rig.plane.startRecording(RecordingID(rawValue: 5), into: folder, caller: .caller)
        let path = folder + "/recording-5.swrec", copy = folder + "/crashed"
        func size() -> Int { (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0 }
        let frame = RecordingFormat.recordBytes + 160
        #expect(await rig.wait(20) { size() > 80 * frame })
        // What the disk has at this moment is what a killed process leaves; a torn record at its end does no harm.
        var left = try Data(contentsOf: URL(fileURLWithPath: path))
        let received = Int(rig.plane.figures.packetsReceived), written = left.count / frame
        #expect(received - written < 100 + caller.owedMax)
        try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
        left.append(contentsOf: left.suffix(184).prefix(100))
        try left.write(to: URL(fileURLWithPath: copy + "/recording-5.swrec"))
        #expect(RecordingRescue.unfinished(in: copy) == [copy + "/recording-5.swrec"])
        rig.plane.rescueRecordings(in: copy)
        #expect(await rig.wait { saved(rig) != nil })
        let (target, seconds) = try #require(saved(rig))
        // The first packet may have been late.
        #expect(abs(seconds - Double(written) / 50) < 0.2 + Double(caller.owedMax) / 50)
        #expect(share(440, in: try wav(target).channels[0].dropFirst(800)) > 0.8)
    }

    @Test("A disk that refuses fails the recording and not the call") func disk() async throws {
        let rig = MediaRig(hundred: 7) { $0.ports = 16760...16779 }
        let caller = TestPhone(), agent = TestPhone()
        try rig.connect(caller, as: .caller)
        try rig.connect(agent, as: .agent)
        try rig.plane.bridge(.caller, .agent)
        try rig.plane.startRecording(
            RecordingID(rawValue: 1), into: "/nonexistent", caller: .caller, agent: .agent)
        caller.speak(440)
        agent.speak(1000)
        #expect(
            await rig.wait {
                rig.events.contains {
                    if case .recordingFailed(RecordingID(rawValue: 1), _) = $0 { true } else { false }
                }
            })
        #expect(rig.plane.figures.recordings == 0)
        rig.plane.stopRecording(RecordingID(rawValue: 1))
        #expect(await rig.wait { agent.hears(440) && caller.hears(1000) })
        #expect(rig.events.count == 1)
    }

    @Test("Seeded garbage behind a good head neither traps nor loses what came before it") nonisolated func garbage() throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var random = SeededRandom(seed: 7)
        for round in 0..<60 {
            var bytes = RecordingFormat.head(id: 3, started: 0)
            for index in 0..<50 {
                var record = [UInt8](repeating: 0, count: RecordingFormat.recordBytes)
                let frame = RecordingFormat.Frame(track: .agent, law: .a, timestamp: UInt32(index * 160), source: 1)
                record.withUnsafeMutableBytes {
                    RecordingFormat.Record(.sound, frame, count: 160, arrival: UInt64(index) * 20000).write(to: $0.baseAddress!)
                }
                bytes += record + [UInt8](repeating: 0xAA, count: 160)
            }
            let good = bytes.count
            var whole = 50
            if round % 2 == 0 {
                for _ in 0..<random.below(400) { bytes.append(UInt8(random.below(256))) }
            } else {
                let place = random.below(good - 32)
                bytes[place + 32] ^= UInt8(1 + random.below(255))
                whole = place / (RecordingFormat.recordBytes + 160)
            }
            let path = folder + "/recording-\(round).swrec"
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            let saved = try RecordingRescue.rescue(path)
            #expect(round % 2 == 1 || saved.seconds == 1)
            #expect(saved.id == RecordingID(rawValue: 3) && saved.seconds <= 1.6)
            #expect(saved.seconds >= Double(whole) * 0.02, "damaged in record \(whole)")
        }
        #expect(throws: RecordingFailure.self) { try RecordingRescue.rescue(folder + "/missing.swrec") }
    }

    private nonisolated func bytes(
        _ kind: RecordingFormat.Kind = .sound, _ side: RecordingFormat.Track = .caller, at arrival: UInt64,
        timestamp: UInt32 = 0, source: UInt32 = 1, sound: [UInt8] = []
    ) -> [UInt8] {
        var record = [UInt8](repeating: 0, count: RecordingFormat.recordBytes)
        let frame = RecordingFormat.Frame(track: side, law: .a, timestamp: timestamp, source: source)
        record.withUnsafeMutableBytes {
            RecordingFormat.Record(kind, frame, count: sound.count, arrival: arrival).write(to: $0.baseAddress!)
        }
        return record + sound
    }

    @Test("Making a file again gives the same file; another recording's is never written over") nonisolated func again() throws
    {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/recording-9.swrec"
        let head = RecordingFormat.head(id: 9, started: 0)
        try Data(head + bytes(at: 0, sound: Array(repeating: 0xAA, count: 160))).write(to: URL(fileURLWithPath: path))
        let first = try RecordingRescue.rescue(path)
        // A crash between the file's two names leaves both of them.
        #expect(link(first.path, first.path + ".part") == 0)
        #expect(try RecordingRescue.rescue(path) == first && first.path == folder + "/recording-9.wav")
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["recording-9.swrec", "recording-9.wav"])
        let before = try Data(contentsOf: URL(fileURLWithPath: first.path))
        #expect(before.count == 44 + 640)
        try Data(head + bytes(at: 0, sound: Array(repeating: 0x2A, count: 160))).write(to: URL(fileURLWithPath: path))
        for _ in 0..<2 { #expect(try RecordingRescue.rescue(path).path == folder + "/recording-9-1.wav") }
        #expect(try Data(contentsOf: URL(fileURLWithPath: first.path)) == before)
        // Without a whole head there is nothing to come back to.
        try Data(head.dropLast()).write(to: URL(fileURLWithPath: path))
        #expect(throws: RecordingFailure.tooShort(path: path)) { try RecordingRescue.rescue(path) }
        #expect(RecordingRescue.unfinished(in: folder).isEmpty)
    }

    @Test("A file that could not be made is made when the disk can be written again, and its caller is watched no more")
    func retry() async throws {
        let rig = MediaRig(hundred: 7) { $0.ports = 16780...16799 }
        let caller = TestPhone(), folder = try folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try rig.connect(caller, as: .caller)
        let id = RecordingID(rawValue: 8), inTheWay = folder + "/recording-8.wav.part"
        try FileManager.default.createDirectory(atPath: inTheWay, withIntermediateDirectories: true)
        try rig.plane.startRecording(id, into: folder, caller: .caller)
        rig.plane.watchSilence(.caller, seconds: 1)
        caller.sendFrame()
        #expect(await rig.wait { rig.plane.figures.packetsReceived == 1 })
        rig.plane.stopRecording(id)
        #expect(rig.plane.legs[Int(rig.plane.slotOf[.caller] ?? 0)].silenceSeconds == 0)
        func failures() -> Int { rig.events.count { if case .recordingFailed(id, _) = $0 { true } else { false } } }
        #expect(await rig.wait { failures() == 1 })
        try FileManager.default.removeItem(atPath: inTheWay)
        rig.plane.retryRecordings()
        #expect(await rig.wait { saved(rig) != nil })
        #expect(failures() == 1 && rig.plane.failedRecordings.isEmpty)
    }
}
