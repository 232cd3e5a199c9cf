// Whose packets are heard, and what it means when none come.

import Audio
import Basics
import Foundation
import Media
import RTP
import SDP
import Testing

@Suite(.serialized) struct SourceTests {
    @Test("A stranger's packets are neither heard nor able to take over a leg") func stranger() async throws {
        // The rest of the hundred is another suite's.
        let rig = MediaRig(hundred: 3) { $0.ports = 16300...16359 }
        let phone = TestPhone(), stranger = TestPhone()
        try rig.connect(phone, as: .caller)
        stranger.target = phone.target
        // Two packets in order are one short of being learnt.
        stranger.sendFrame()
        stranger.sendFrame()
        phone.sendFrame()
        // These seven wait in the socket when the phone is locked.
        stranger.press("9")
        #expect(await rig.wait { rig.plane.figures(.caller)?.packetsReceived == 1 })
        #expect(rig.plane.figures.droppedStrangers == 7)
        for _ in 0..<5 { stranger.press("9") }
        phone.press("1")
        #expect(await rig.wait { rig.events.contains(.digit(.caller, "1")) })
        #expect(rig.events == [.digit(.caller, "1")])
        try rig.plane.play(.caller, [Tone([500], onSeconds: 0.1).clip], as: PlaybackID(rawValue: 1))
        #expect(await rig.wait { phone.heard.count == 5 })
        #expect(stranger.heard.isEmpty)
    }

    @Test("A source behind NAT is learnt from packets in order, then locked, and a later offer keeps it")
    func latching() async throws {
        let rig = MediaRig(hundred: 4), phone = TestPhone(), stranger = TestPhone()
        // The phone announces a port that it does not send from.
        try phone.aim(at: rig.plane.accept(.caller, offer: phone.description(port: 9)))
        stranger.target = phone.target
        for _ in 0..<4 { phone.sendFrame() }
        // The first two of four only showed who the phone is.
        #expect(await rig.wait { rig.plane.figures(.caller)?.packetsReceived == 2 })
        stranger.press("9")
        phone.press("1")
        #expect(await rig.wait { !rig.events.isEmpty })
        #expect(rig.events == [.digit(.caller, "1")])
        // A later offer with the same useless address changes nothing.
        _ = try rig.plane.change(.caller, offer: phone.description(port: 9))
        try rig.plane.play(.caller, [Tone([500], onSeconds: 0.1).clip], as: PlaybackID(rawValue: 1))
        #expect(await rig.wait { phone.heard.count == 5 })
    }

    @Test("A change to a new address is not undone by packets that still come from the old one") func move() async throws {
        let rig = MediaRig(hundred: 4) { $0.ports = 16420...16439 }
        let old = TestPhone(), new = TestPhone()
        try rig.connect(old, as: .caller)
        old.speak(440)
        #expect(await rig.wait { rig.plane.figures.packetsReceived > 3 })
        try new.aim(at: rig.plane.change(.caller, offer: new.description()))
        #expect(await rig.wait { (rig.plane.figures(.caller)?.strangers ?? 0) > 5 })
        new.press("1")
        #expect(await rig.wait { !rig.events.isEmpty })
        old.press("9")
        new.press("2")
        #expect(await rig.wait { rig.events == [.digit(.caller, "1"), .digit(.caller, "2")] })
    }

    @Test("Back from hold, a phone behind NAT is heard from where it was, and from another port that its NAT has given it")
    func backFromHold() async throws {
        let rig = MediaRig(hundred: 4) { $0.ports = 16440...16459 }
        let phone = TestPhone(), sameElsewhere = TestPhone()
        try phone.aim(at: rig.plane.accept(.caller, offer: phone.description(port: 9)))
        sameElsewhere.target = phone.target
        for _ in 0..<3 { phone.sendFrame() }
        #expect(await rig.wait { rig.plane.figures.packetsReceived == 1 })
        func holdAndReturn() throws {
            _ = try rig.plane.change(.caller, offer: phone.description(.sendOnly, port: 9))
            _ = try rig.plane.change(.caller, offer: phone.description(port: 9))
        }
        try holdAndReturn()
        // Nothing has come yet, and it is still the old source that is talked to.
        try rig.plane.play(.caller, [Tone([500], onSeconds: 0.1).clip], as: PlaybackID(rawValue: 1))
        #expect(await rig.wait { phone.heard.count == 5 })
        phone.press("1")
        #expect(await rig.wait { rig.events.last == .digit(.caller, "1") })
        try holdAndReturn()
        for _ in 0..<3 { sameElsewhere.sendFrame() }
        sameElsewhere.press("2")
        #expect(await rig.wait { rig.events.last == .digit(.caller, "2") })
    }

    @Test("Silence on the wire is reported, and its end; on hold it is not") func noRTP() async throws {
        // No stall of the machine shall be taken for a second silence.
        let rig = MediaRig(hundred: 6) { $0.noRTPSeconds = 5 }
        let phone = TestPhone(), held = TestPhone()
        try rig.connect(phone, as: .caller)
        try rig.connect(held, as: .other)
        _ = try rig.plane.change(.other, offer: held.description(.sendOnly))
        phone.sendFrame()
        #expect(await rig.wait { !rig.events.isEmpty })
        guard case .noRTP(.caller, let seconds) = rig.events.first else {
            Issue.record("\(rig.events)")
            return
        }
        #expect((5...10).contains(seconds))
        phone.sendFrame()
        #expect(await rig.wait { rig.events.last == .rtpBack(.caller) })
        #expect(rig.events.count == 2)
    }

    @Test("A muted phone lives: comfort noise and reports count, though neither is sound") func muted() async throws {
        let rig = MediaRig(hundred: 6) {
            $0.noRTPSeconds = 5
            $0.ports = 16640...16659
        }
        let phone = TestPhone(), reporter = TestPhone()
        try rig.connect(phone, as: .caller)
        try rig.connect(reporter, as: .other, mux: true)
        phone.sendFrame()
        reporter.sendFrame()
        // Later than the silence on the wire would be told.
        rig.plane.watchSilence(.caller, seconds: 7)
        rig.plane.watchSilence(.other, seconds: 7)
        phone.every20Milliseconds { $0.sendPacket([66], type: 13) }
        reporter.every20Milliseconds { $0.sendReport() }
        #expect(await rig.wait(20) { rig.events.count == 2 })
        let silent: [LegID] = rig.events.compactMap { if case .silence(let leg, seconds: 7...) = $0 { leg } else { nil } }
        #expect(Set(silent) == [.caller, .other], "\(rig.events)")
        #expect((rig.plane.figures(.caller)?.unagreed ?? 0) > 50 && rig.plane.figures(.caller)?.malformed == 0)
    }

    @Test("Silence counts from when the watch begins") func silenceFromNowOn() async throws {
        let rig = MediaRig(hundred: 6) {
            $0.noRTPSeconds = 1
            $0.ports = 16680...16699
        }
        let phone = TestPhone()
        try rig.connect(phone, as: .caller)
        phone.sendFrame()
        #expect(await rig.wait { rig.events.count == 1 })
        let start = ContinuousClock.now
        rig.plane.watchSilence(.caller, seconds: 2)
        #expect(await rig.wait { rig.events.count == 2 })
        #expect(ContinuousClock.now - start > .seconds(2))
        guard case .silence(.caller, seconds: 2...) = rig.events.last else {
            Issue.record("\(rig.events)")
            return
        }
    }

    @Test("Packets without sound are reported as silence, once") func silence() async throws {
        let rig = MediaRig(hundred: 6) { $0.ports = 16620...16639 }
        let phone = TestPhone(), speaker = TestPhone()
        try rig.connect(phone, as: .caller)
        try rig.connect(speaker, as: .other)
        rig.plane.watchSilence(.caller, seconds: 5)
        rig.plane.watchSilence(.other, seconds: 5)
        phone.speak(nil)
        speaker.speak(440)
        #expect(await rig.wait(20) { !rig.events.isEmpty })
        let first = rig.plane.figures(.caller)?.silentPackets ?? 0
        #expect(await rig.wait(20) { (rig.plane.figures(.caller)?.silentPackets ?? 0) > first + 60 })
        #expect(rig.events.count == 1 && rig.plane.figures(.other)?.silentPackets == 0)
        guard case .silence(.caller, let seconds) = rig.events.first else {
            Issue.record("\(rig.events)")
            return
        }
        #expect((5...10).contains(seconds))
    }
}
