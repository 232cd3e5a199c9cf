// Keys as sound: found where nothing else tells of them, once each, and heard by nobody while they are secret.

import Audio
import Basics
import Foundation
import Media
import RTP
import Testing

@Suite(.serialized) struct DigitToneTests {
    private func phone(_ rig: MediaRig, _ leg: LegID, _ law: G711.Law = .a, hasEvents: Bool = false) throws -> TestPhone {
        let phone = TestPhone(law)
        phone.hasEvents = hasEvents
        try rig.connect(phone, as: leg)
        return phone
    }

    @Test("All sixteen keys, in both laws, each reported once", arguments: G711.Law.allCases)
    func sixteen(_ law: G711.Law) async throws {
        let rig = MediaRig(hundred: 0) { $0.ports = 17820...17829 }
        let phone = try phone(rig, .caller, law)
        let keys = "0123456789*#ABCD11"
        for key in keys {
            phone.pressTones(String(key))
            #expect(await rig.wait(2) { rig.plane.figures(.caller)?.packetsReceived == UInt64(phone.sent) })
        }
        #expect(await rig.wait(2) { rig.events.count >= keys.count })
        #expect(rig.events == keys.map { .digit(.caller, $0) })
    }

    @Test("A phone with telephone-events that sends its keys as sound besides presses each once") func both() async throws {
        let rig = MediaRig(hundred: 0) { $0.ports = 17830...17839 }
        let phone = try phone(rig, .caller, hasEvents: true)
        phone.pressTones("5")
        phone.press("5")
        phone.press("6")
        #expect(await rig.wait { rig.events.count >= 2 })
        #expect(rig.events == [.digit(.caller, "5"), .digit(.caller, "6")])
    }

    @Test("A key by SIP INFO and as sound is one press, whichever comes first; the next ones are others")
    func signalling() async throws {
        let rig = MediaRig(hundred: 0) { $0.ports = 17840...17849 }
        let phone = try phone(rig, .caller)
        rig.plane.press("1", on: .caller)
        phone.pressTones("1")
        phone.pressTones("2")
        #expect(await rig.wait { rig.events.count >= 2 })
        rig.plane.press("2", on: .caller)
        rig.plane.press("2", on: .caller)
        phone.pressTones("3")
        #expect(await rig.wait { rig.events.count >= 4 })
        #expect(rig.events == "1223".map { .digit(.caller, $0) })
    }

    @Test("Digits that are collected as sound reach neither the bridged party nor a conference") func secret() async throws {
        let rig = MediaRig(hundred: 0) { $0.ports = 17850...17859 }
        let caller = try phone(rig, .caller), agent = try phone(rig, .agent, hasEvents: true)
        func collect() async throws {
            agent.forget()
            try rig.plane.collect(
                .caller, step: "card", lengthMin: 2, lengthMax: 2, firstDigitTimeout: .seconds(5),
                nextDigitTimeout: .seconds(5))
            let events = rig.events.count
            caller.pressTones("12")
            #expect(await rig.wait { rig.events.count > events && agent.heard.count >= 16 })
            #expect(Loudness.peak(agent.samples(), count: agent.samples().count) <= 8)
        }
        try rig.plane.bridge(.caller, .agent)
        try await collect()
        try rig.plane.confer(ConferenceID(rawValue: 1), [.init(.caller), .init(.agent)])
        try await collect()
        #expect(
            rig.events
                == Array(
                    repeating: .collected(.caller, step: "card", digits: SecretDigits("12"), valid: true), count: 2))
        // Afterwards it is a voice like any other.
        try rig.plane.bridge(.caller, .agent)
        caller.speak(440)
        #expect(await rig.wait { agent.hears(440) })
    }
}
