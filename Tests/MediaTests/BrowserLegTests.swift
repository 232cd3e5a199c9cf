// Legs that a browser carries: what is heard of them, and that the session outlives them.

import Audio
import Basics
import Foundation
import Media
import RTP
import SDP
import Testing
import WebRTC

@Suite(.serialized) struct BrowserLegTests {
    @Test(
        "A caller and an agent's browser hear one another, undecoded, through a table or through Opus",
        arguments: [
            (.a, .pcma), (.mu, .pcma), (.a, .pcmu), (.mu, .pcmu), (.a, .opus), (.mu, .opus),
        ] as [(G711.Law, BrowserCodec)])
    func tones(_ law: G711.Law, _ codec: BrowserCodec) async throws {
        let policy: BrowserCodecPolicy = codec == .opus ? .opus : codec == .pcmu ? .pcmu : .pcma
        let rig = try BrowserLegRig(ports: 16900...16909, codec: policy)
        let caller = TestPhone(law), browser = try TestBrowser(codec)
        _ = try await rig.talk(caller, browser)
        #expect(await rig.media.wait { caller.hears(1000) && browser.hears(440) })
        #expect(caller.isContinuous)
        #expect(browser.isContinuous)
        #expect(caller.heard.allSatisfy { $0.header.payloadType == (law == .mu ? 0 : 8) })
        #expect(browser.heard.allSatisfy { $0.header.payloadType == browser.payloadType })
        // Whatever was heard was relayed, not played.
        #expect(rig.plane.figures.packetsRelayed >= UInt64(caller.heard.count + browser.heard.count))
        #expect(rig.port.figures.drops.total == 0)
        #expect(rig.media.events == [])
    }

    @Test("A leg that rings is silent on both sides until it is answered, and a session carries one leg at a time")
    func ringing() async throws {
        let rig = try BrowserLegRig(ports: 16910...16919)
        let caller = TestPhone(), browser = try TestBrowser(.pcma)
        let session = try await rig.signIn(browser)
        try rig.media.connect(caller, as: .caller)
        try rig.plane.openBrowser(.agent, on: session)
        #expect(throws: MediaError.browserInUse(.agent)) { try rig.plane.openBrowser(.other, on: session) }
        #expect(throws: MediaError.unknownLeg(.caller)) { try rig.plane.returnBrowser(.caller, on: session) }
        try rig.plane.bridge(.caller, .agent)
        caller.speak(440)
        browser.speak(1000)
        #expect(
            await rig.media.wait {
                rig.plane.figures(.caller)?.packetsReceived ?? 0 > 20 && session.quality.packetsReceived > 20
            })
        #expect(caller.heard.isEmpty && browser.heard.isEmpty)
        #expect(!session.isTalking)
        rig.plane.expectMedia(.agent)
        #expect(session.isTalking)
        #expect(await rig.media.wait { caller.hears(1000) && browser.hears(440) })
    }

    @Test("The connection outlives the leg: the next call is heard in the same stream, and the last one's figures stay out")
    func nailedUp() async throws {
        let rig = try BrowserLegRig(ports: 16920...16929)
        let caller = TestPhone(), next = TestPhone(), browser = try TestBrowser(.pcma)
        let session = try await rig.talk(caller, browser)
        #expect(await rig.media.wait { caller.hears(1000) && browser.hears(440) })
        let figures = rig.plane.close(.agent)
        #expect(figures.packetsReceived > 20 && figures.packetsSent > 20)
        #expect(session.isConnected && !session.isTalking)
        // Between the calls the page speaks on, and nobody hears it.
        let before = rig.plane.figures.packetsRelayed, received = session.quality.packetsReceived
        #expect(await rig.media.wait { session.quality.packetsReceived > received + 10 })
        #expect(rig.plane.figures.packetsRelayed == before)
        try rig.media.connect(next, as: .other)
        try rig.plane.openBrowser(.agent, on: session)
        rig.plane.expectMedia(.agent)
        try rig.plane.bridge(.other, .agent)
        next.speak(700)
        #expect(await rig.media.wait { next.hears(1000) && browser.hears(700) })
        #expect(browser.isContinuous, "one stream over both calls")
        let second = try #require(rig.plane.figures(.agent))
        #expect(second.packetsReceived < session.quality.packetsReceived - figures.packetsReceived)
        #expect(rig.plane.figures.legs == 3)
    }

    @Test("Music and prompts play to a browser, hold is one-sided, and a muted leg is silent without a gap")
    func hold() async throws {
        let rig = try BrowserLegRig(ports: 16930...16939)
        let caller = TestPhone(), browser = try TestBrowser(.pcma)
        _ = try await rig.talk(caller, browser)
        #expect(await rig.media.wait { caller.hears(1000) && browser.hears(440) })
        let music = PlaybackID(rawValue: 1)
        try rig.plane.play(.caller, [Tone([600], onSeconds: 0.3).clip], as: music, loops: true)
        #expect(await rig.media.wait { caller.hears(600) && browser.hears(440) })
        rig.plane.stop(.caller)
        #expect(await rig.media.wait { caller.hears(1000) })
        rig.plane.mute(.agent, true)
        caller.forget()
        #expect(await rig.media.wait { caller.heard.count > 20 })
        #expect(caller.samples().suffix(800).allSatisfy { $0.magnitude < 16 })
        rig.plane.mute(.agent, false)
        #expect(await rig.media.wait { caller.hears(1000) })
        #expect(caller.isContinuous)
        try rig.plane.play(.agent, [Tone([1700], onSeconds: 1).clip], as: PlaybackID(rawValue: 2))
        #expect(await rig.media.wait { browser.hears(1700) })
        #expect(await rig.media.wait { rig.media.events == [.playbackEnded(.agent, PlaybackID(rawValue: 2))] })
        #expect(await rig.media.wait { browser.hears(440) })
        #expect(browser.isContinuous)
    }

    @Test("Keys arrive both ways, with their meaning and duration, and those of the desk's keypad reach the caller")
    func keys() async throws {
        let rig = try BrowserLegRig(ports: 16940...16949)
        let caller = TestPhone(.a, eventType: 96), browser = try TestBrowser(.pcma)
        _ = try await rig.talk(caller, browser)
        #expect(await rig.media.wait { caller.hears(1000) && browser.hears(440) })
        caller.press("4")
        #expect(await rig.media.wait { rig.media.events == [.digit(.caller, "4")] })
        #expect(await rig.media.wait { browser.heard.count { $0.header.payloadType == 126 } == 7 })
        #expect(browser.heard.first { $0.header.payloadType == 126 }?.payload.first == 4)
        var sender = TelephoneEventSender(code: TelephoneEvent.code(for: "7") ?? 0)
        var number: UInt32 = 0
        while let (event, _) = sender.next() {
            var payload = [UInt8](repeating: 0, count: TelephoneEvent.bytes)
            payload.withUnsafeMutableBytes { event.write(to: $0.baseAddress!) }
            browser.sendPacket(payload, type: 126, samples: number == 0 ? 160 : 0)
            number += 1
        }
        #expect(await rig.media.wait { rig.media.events == [.digit(.caller, "4"), .digit(.agent, "7")] })
        #expect(await rig.media.wait { caller.heard.contains { $0.header.payloadType == 96 && $0.payload.first == 7 } })
        caller.forget()
        #expect(rig.plane.sendKey("#", from: .agent) && rig.plane.sendKey("2", from: .agent))
        #expect(!rig.plane.sendKey("x", from: .agent))
        #expect(!rig.plane.sendKey("1", from: .other))
        #expect(await rig.media.wait { caller.heard.count { $0.header.payloadType == 96 } == 14 })
        let events = caller.heard.filter { $0.header.payloadType == 96 }
        #expect(events.prefix(7).allSatisfy { $0.payload[0] == 11 } && events.suffix(7).allSatisfy { $0.payload[0] == 2 })
        #expect(Set(events.map(\.header.timestamp)).count == 2, "each key has one time")
        #expect(events.count { $0.header.marker } == 2)
        #expect(await rig.media.wait { caller.hears(1000) }, "then the voice goes on")
        let voice = caller.heard.filter { $0.header.payloadType == 8 }.map(\.header.timestamp)
        let last = try #require(events.last)
        let afterwards = voice.filter { Int32(bitPattern: $0 &- last.header.timestamp) > 0 }
        #expect(afterwards.allSatisfy { $0 &- last.header.timestamp >= 800 }, "no voice stands where the key is")
        #expect(rig.media.events.count == 2, "they are neither reported nor collected")
    }

    @Test(
        "A lost browser leaves the caller with music, and a new one, on a new session or the old, has the same caller",
        arguments: [true, false])
    func replaced(isNewSession: Bool) async throws {
        let rig = try BrowserLegRig(ports: 16950...16959)
        let caller = TestPhone(), browser = try TestBrowser(.pcma)
        let session = try await rig.talk(caller, browser)
        #expect(await rig.media.wait { caller.hears(1000) && browser.hears(440) })
        browser.leave()
        browser.speak(nil)
        #expect(await rig.media.wait { !session.isConnected })
        rig.plane.loseBrowser(.agent)
        try rig.plane.play(.caller, [Tone([600], onSeconds: 0.3).clip], as: PlaybackID(rawValue: 1), loops: true)
        #expect(await rig.media.wait { caller.hears(600) })
        let before = try #require(rig.plane.figures(.agent))
        // Another page: another law, other keys, another source.
        let reloaded = try TestBrowser(.pcmu)
        let again = try isNewSession ? rig.port.open() : session
        if isNewSession { session.close() }
        try await rig.connect(reloaded, to: again)
        try rig.plane.returnBrowser(.agent, on: again)
        rig.plane.stop(.caller)
        reloaded.speak(1300)
        #expect(await rig.media.wait { caller.hears(1300) && reloaded.hears(440) })
        #expect(caller.isContinuous, "the caller's stream never broke")
        #expect(again.isTalking)
        let after = try #require(rig.plane.figures(.agent))
        #expect(after.packetsReceived > before.packetsReceived && after.packetsLost >= before.packetsLost)
        #expect(rig.media.events == [])
    }

    @Test("The recording has the caller left and the browser right, over the loss of the browser")
    func recording() async throws {
        let rig = try BrowserLegRig(ports: 16960...16969, codec: .opus)
        let caller = TestPhone(.mu), browser = try TestBrowser(.opus)
        let folder = NSTemporaryDirectory() + "switchboard-recording-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        _ = try await rig.talk(caller, browser)
        #expect(await rig.media.wait { caller.hears(1000) && browser.hears(440) })
        let id = RecordingID(rawValue: 7)
        try rig.plane.startRecording(id, into: folder, caller: .caller, agent: .agent)
        func frames(_ count: UInt64, of leg: LegID) async {
            let before = rig.plane.figures(leg)?.packetsReceived ?? 0
            #expect(await rig.media.wait { rig.plane.figures(leg)?.packetsReceived ?? 0 >= before + count })
        }
        await frames(60, of: .agent)
        rig.plane.loseBrowser(.agent)
        await frames(30, of: .caller)
        let second = try TestBrowser(.opus)
        let session = try await rig.signIn(second)
        try rig.plane.returnBrowser(.agent, on: session)
        second.speak(1300)
        await frames(60, of: .agent)
        rig.plane.stopRecording(id)
        #expect(await rig.media.wait { !rig.media.events.isEmpty })
        guard case .recordingSaved(id, let path, _, _)? = rig.media.events.first else {
            Issue.record("no recording: \(rig.media.events)")
            return
        }
        let file = try WAVFile([UInt8](Data(contentsOf: URL(fileURLWithPath: path))))
        func share(_ frequency: Double, _ channel: Int) -> Double {
            let sound = file.channels[channel]
            let pieces = stride(from: 0, to: sound.count - 800, by: 800).map { sound[$0..<$0 + 800] }
            return Double(pieces.count { ToneDetector(frequency).share(in: $0) > 0.9 }) / Double(max(1, pieces.count))
        }
        #expect(share(440, 0) > 0.8, "the caller is heard throughout")
        #expect(share(1000, 1) > 0.2 && share(1300, 1) > 0.2, "both browsers are heard")
        #expect(share(440, 1) == 0 && share(1000, 0) == 0 && share(1300, 0) == 0)
    }
}
