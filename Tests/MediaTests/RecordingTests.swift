// Recordings: who is on which side, and what survives.

import Audio
import Basics
import Foundation
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
        for case .recordingSaved(_, let path, let seconds) in rig.events { return (path, seconds) }
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
        try rig.plane.bridge(.caller, .agent)
        try await Task.sleep(for: .milliseconds(600))
        try rig.plane.attach(agent: .agent, to: id)
        agent.speak(1000)
        let joined = now()
        try await Task.sleep(for: .milliseconds(800))
        try rig.plane.pauseRecording(id)
        let paused = now()
        try await Task.sleep(for: .milliseconds(500))
        try rig.plane.resumeRecording(id)
        let resumed = now()
        try await Task.sleep(for: .milliseconds(400))
        try rig.plane.collect(
            .caller, step: "card", lengthMin: 1, lengthMax: 9, firstDigitTimeout: .seconds(9), nextDigitTimeout: .seconds(9))
        let collecting = now()
        try await Task.sleep(for: .milliseconds(400))
        let stopped = now()
        rig.plane.stopRecording(id)
        #expect(await rig.wait { saved(rig) != nil })
        let file = try wav(try #require(saved(rig)).path)
        #expect(abs(file.channels[0].count - stopped) < 800)
        func share(_ channel: Int, _ frequency: Double, _ from: Int, _ to: Int) -> Double {
            let sound = file.channels[channel]
            let range = min(from + 640, sound.count)..<min(max(from, to - 640), sound.count)
            return self.share(frequency, in: sound[range])
        }
        #expect(share(0, 440, 0, paused) > 0.7)
        #expect(share(1, 1000, joined, paused) > 0.7)
        #expect(share(1, 1000, resumed, stopped) > 0.7)
        #expect(share(0, 440, resumed, collecting) > 0.7)
        #expect(file.channels[1][..<(joined - 400)].allSatisfy { $0 == 0 })
        #expect(file.channels[0][(paused + 640)..<(resumed - 640)].allSatisfy { $0 == 0 })
        #expect(file.channels[0][(collecting + 640)...].allSatisfy { $0 == 0 })
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["recording-77.wav"])
        #expect(rig.plane.figures.recordings == 0)
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
        #expect(await rig.wait(10) { size() > 80 * frame })
        // What the disk has at this moment is what a killed process leaves; a torn record at its end does no harm.
        var left = try Data(contentsOf: URL(fileURLWithPath: path))
        let received = Int(rig.plane.figures.packetsReceived), written = left.count / frame
        #expect(received - written < 100)
        try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
        left.append(contentsOf: left.suffix(184).prefix(100))
        try left.write(to: URL(fileURLWithPath: copy + "/recording-5.swrec"))
        #expect(RecordingRescue.unfinished(in: copy) == [copy + "/recording-5.swrec"])
        rig.plane.rescueRecordings(in: copy)
        #expect(await rig.wait { saved(rig) != nil })
        let (target, seconds) = try #require(saved(rig))
        #expect(abs(seconds - Double(written) / 50) < 0.2)
        #expect(share(440, in: try wav(target).channels[0].dropFirst(800)) > 0.8)
        #expect(RecordingRescue.unfinished(in: copy).isEmpty)
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
                let frame = RecordingFormat.Frame(side: .agent, law: .a, timestamp: UInt32(index * 160), source: 1)
                record.withUnsafeMutableBytes {
                    RecordingFormat.Record(.sound, frame, count: 160, arrival: UInt64(index) * 20000).write(to: $0.baseAddress!)
                }
                bytes += record + [UInt8](repeating: 0xAA, count: 160)
            }
            let good = bytes.count
            if round % 2 == 0 {
                for _ in 0..<random.below(400) { bytes.append(UInt8(random.below(256))) }
            } else {
                bytes[random.below(good - 32) + 32] ^= UInt8(1 + random.below(255))
            }
            let path = folder + "/recording-3.swrec"
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            let saved = try RecordingRescue.rescue(path)
            #expect(round % 2 == 1 || saved.seconds == 1)
            #expect(saved.id == RecordingID(rawValue: 3) && saved.seconds <= 1.6)
        }
        #expect(throws: RecordingFailure.self) { try RecordingRescue.rescue(folder + "/missing.swrec") }
    }
}
