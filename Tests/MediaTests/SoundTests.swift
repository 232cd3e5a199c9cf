// Dead air, speech and levels.

import Audio
import Basics
import Foundation
import Media
import Testing

@Suite(.serialized) struct SoundTests {
    @Test("Dead air is when both sides are silent and nothing is played; it is reported once, and so is its end")
    func deadAir() async throws {
        let rig = MediaRig(hundred: 0) { $0.ports = 17860...17869 }
        let caller = TestPhone(), agent = TestPhone()
        try rig.connect(caller, as: .caller)
        try rig.connect(agent, as: .agent)
        try rig.plane.bridge(.caller, .agent)
        caller.speak(nil)
        agent.speak(440)
        rig.plane.watchDeadAir(.caller, seconds: 1)
        let start = ContinuousClock.now
        #expect(await rig.wait { ContinuousClock.now - start > .seconds(2.2) })
        #expect(rig.events == [], "one of them speaks")
        // In a conference the watch goes on.
        try rig.plane.confer(ConferenceID(rawValue: 1), [.init(.caller), .init(.agent)])
        agent.speak(nil)
        #expect(await rig.wait { rig.events.count == 1 })
        guard case .deadAir(.caller, seconds: 1...) = rig.events.first else {
            Issue.record("\(rig.events)")
            return
        }
        agent.speak(440)
        #expect(await rig.wait { rig.events.last == .soundBack(.caller) })
        #expect(rig.events.count == 2)
    }

    @Test("Jitter over 100 ms is reported once, and not that of an even stream")
    func jitter() async throws {
        let rig = MediaRig(hundred: 0) { $0.ports = 17850...17859 }
        let even = TestPhone(), uneven = TestPhone()
        try rig.connect(even, as: .caller)
        try rig.connect(uneven, as: .agent)
        even.speak(440)
        #expect(await rig.wait { (rig.plane.figures(.caller)?.packetsReceived ?? 0) > 20 })
        // All at once, although they say that half a second lies between each two.
        for _ in 0..<12 {
            uneven.sendPacket(Array(repeating: 0xD5, count: 160), type: 8)
            uneven.timestamp &+= 4000
        }
        #expect(await rig.wait { !rig.events.isEmpty })
        guard case .jitter(.agent, milliseconds: 101...) = rig.events.first else {
            Issue.record("\(rig.events)")
            return
        }
        let start = ContinuousClock.now
        #expect(await rig.wait { ContinuousClock.now - start > .seconds(1.2) })
        #expect(rig.events.count == 1)
    }

    @Test("Speech begins and ends, and its level is known") func speech() async throws {
        let rig = MediaRig(hundred: 0) { $0.ports = 17870...17879 }
        let caller = TestPhone(.mu)
        try rig.connect(caller, as: .caller)
        #expect(rig.plane.level(of: .caller) == nil)
        rig.plane.watchSpeech(.caller, true)
        caller.speak(nil)
        #expect(await rig.wait { (rig.plane.figures(.caller)?.packetsReceived ?? 0) > 10 })
        #expect(rig.events == [])
        caller.speak(1000, level: -20)
        #expect(await rig.wait { rig.events == [.speech(.caller, true)] })
        #expect(await rig.wait { abs((rig.plane.level(of: .caller) ?? 0) + 23) < 1 })
        caller.hush()
        #expect(await rig.wait { rig.events == [.speech(.caller, true), .speech(.caller, false)] })
        #expect(rig.plane.level(of: .caller) == -127)
    }
}
