// Two phones that hear one another.

import Audio
import Basics
import Foundation
import Media
import RTP
import SDP
import Testing

@Suite(.serialized) struct BridgeTests {
    @Test("Each side hears the other, in one unbroken stream from prompt to bridge to prompt") func switching() async throws {
        let rig = MediaRig(hundred: 0) { $0.ports = 16060...16079 }
        let caller = TestPhone(), agent = TestPhone()
        try rig.connect(caller, as: .caller)
        try rig.connect(agent, as: .agent)
        caller.speak(440)
        agent.speak(1000)
        try rig.plane.play(.caller, [Tone([600], onSeconds: 0.3).clip], as: PlaybackID(rawValue: 1), loops: true)
        #expect(await rig.wait { caller.hears(600) })
        rig.plane.stop(.caller)
        try rig.plane.bridge(.caller, .agent)
        #expect(await rig.wait { caller.hears(1000) && agent.hears(440) })
        try rig.plane.play(.caller, [Tone([1700], onSeconds: 0.6).clip], as: PlaybackID(rawValue: 2))
        #expect(await rig.wait { caller.hears(1700) })
        #expect(await rig.wait { caller.hears(1000) })
        rig.plane.unbridge(.caller)
        try rig.plane.play(.caller, [Tone([600], onSeconds: 0.3).clip], as: PlaybackID(rawValue: 3), loops: true)
        #expect(await rig.wait { caller.hears(600) })
        #expect(caller.isContinuous)
        #expect(agent.isContinuous)
        #expect(Set(caller.heard.map(\.header.source)).isDisjoint(with: [agent.source]))
        // Prompt, bridge, prompt, bridge, prompt: five talkspurts.
        let markers = caller.heard.count { $0.header.marker }
        #expect(markers == 5 || (markers > 5 && rig.plane.figures.ticksSkipped > 0))
        #expect(rig.events == [.playbackEnded(.caller, PlaybackID(rawValue: 2))])
    }

    @Test("Mu-law and A-law are bridged through a table, keys keep their meaning under another type")
    func transcoding() async throws {
        let rig = MediaRig(hundred: 1) { $0.ports = 16160...16179 }
        let caller = TestPhone(.mu, eventType: 96), agent = TestPhone(.a, eventType: 110)
        try rig.connect(caller, as: .caller)
        let offer = try rig.plane.offer(.agent, like: .caller)
        #expect(offer.contains("RTP/AVP 0 8 101"))
        try agent.aim(at: offer)
        try rig.plane.complete(.agent, answer: agent.description())
        try rig.plane.bridge(.caller, .agent)
        caller.speak(440)
        agent.speak(1000)
        #expect(await rig.wait { caller.hears(1000) && agent.hears(440) })
        caller.press("4")
        #expect(await rig.wait { rig.events == [.digit(.caller, "4")] })
        #expect(await rig.wait { agent.heard.count { $0.header.payloadType == 110 } == 7 })
        let event = agent.heard.first { $0.header.payloadType == 110 }
        #expect(event?.payload.first == 4)
        #expect(event?.header.marker == true)
        #expect(caller.heard.allSatisfy { $0.header.payloadType == 0 })
    }

    @Test("A caller over IPv6 is bridged with an agent over IPv4; without an address of ours it is refused")
    func families() async throws {
        let rig = MediaRig(hundred: 8) {
            $0.ports = 16860...16879
            $0.addressV6 = "::1"
        }
        let caller = TestPhone(isV6: true), agent = TestPhone()
        #expect(caller.port != 0, "this machine has no IPv6 loopback")
        try rig.connect(caller, as: .caller)
        try rig.connect(agent, as: .agent)
        try rig.plane.bridge(.caller, .agent)
        caller.speak(440)
        agent.speak(1000)
        #expect(await rig.wait { caller.hears(1000) && agent.hears(440) })
        let plain = MediaRig(hundred: 8) { $0.ports = 16880...16899 }
        #expect(throws: MediaError.addressFamily) { try plain.plane.accept(.caller, offer: caller.description()) }
        #expect(plain.plane.figures.legs == 0)
    }

    @Test("Digits that are collected do not reach the bridged party, who sees no gap for it") func secret() async throws {
        let rig = MediaRig(hundred: 2) { $0.ports = 16260...16279 }
        let caller = TestPhone(), agent = TestPhone()
        try rig.connect(caller, as: .caller)
        try rig.connect(agent, as: .agent)
        try rig.plane.bridge(.caller, .agent)
        agent.sendFrame()
        for _ in 0..<3 { caller.sendFrame() }
        #expect(await rig.wait { agent.heard.count == 3 })
        try rig.plane.collect(
            .caller, step: "card", lengthMin: 2, lengthMax: 2, firstDigitTimeout: .seconds(5), nextDigitTimeout: .seconds(5))
        caller.press("1")
        caller.press("2")
        for _ in 0..<3 { caller.sendFrame() }
        #expect(await rig.wait { agent.heard.count == 6 })
        #expect(agent.heard.allSatisfy { $0.header.payloadType == 8 })
        #expect(agent.isContinuous)
        #expect(rig.events == [.collected(.caller, step: "card", digits: SecretDigits("12"), valid: true)])
    }

    @Test(
        "While digits are collected unheard nothing of the leg is heard, and nothing of the digits is left when it is called off"
    )
    func unheard() async throws {
        let rig = MediaRig(hundred: 2) { $0.ports = 16280...16299 }
        let caller = TestPhone(), agent = TestPhone()
        try rig.connect(caller, as: .caller)
        try rig.connect(agent, as: .agent)
        try rig.plane.bridge(.caller, .agent)
        caller.speak(440)
        agent.speak(1000)
        #expect(await rig.wait { agent.hears(440) && caller.hears(1000) })
        try rig.plane.collect(
            .caller, step: "card", lengthMin: 2, lengthMax: 9, firstDigitTimeout: .seconds(9), nextDigitTimeout: .seconds(9),
            isUnheard: true)
        let begun = agent.heard.count
        #expect(await rig.wait { agent.heard.count >= begun + 20 })
        #expect(agent.heard.dropFirst(begun + 2).allSatisfy { $0.payload.allSatisfy { $0 == G711.Law.a.silence } })
        #expect(caller.hears(1000), "the caller hears the agent")
        let received = rig.plane.figures.packetsReceived
        caller.press("4")
        #expect(await rig.wait { rig.plane.figures.packetsReceived >= received + 20 })
        rig.plane.cancelCollection(.caller)
        #expect(await rig.wait { agent.hears(440) }, "once the last key has faded")
        caller.press("5")
        #expect(await rig.wait { rig.events == [.digit(.caller, "5")] })
    }

    @Test("Card numbers by their check digit, and two of equal digits are the same") nonisolated func luhn() {
        for number in ["4000000000000002", "79927398713", "18"] { #expect(SecretDigits(number).passesLuhn, "\(number)") }
        for number in ["4000000000000003", "79927398710", "0", "", "12#4", "1A"] {
            #expect(!SecretDigits(number).passesLuhn, "\(number)")
        }
        #expect(SecretDigits("12") == SecretDigits("12") && SecretDigits("12") != SecretDigits("13"))
        #expect("\(SecretDigits("12"))" == "<2 digits>")
    }

    @Test("Hold and return, by re-INVITE: nothing is sent meanwhile, and the version rises") func hold() async throws {
        let rig = MediaRig(hundred: 3) { $0.ports = 16360...16379 }
        let caller = TestPhone(), agent = TestPhone()
        try rig.connect(caller, as: .caller)
        try rig.connect(agent, as: .agent)
        try rig.plane.bridge(.caller, .agent)
        caller.speak(440)
        agent.speak(1000)
        #expect(await rig.wait { agent.hears(440) && caller.hears(1000) })
        let held = try rig.plane.change(.agent, offer: agent.description(.sendOnly))
        #expect(held.contains("a=recvonly"))
        agent.forget()
        caller.forget()
        #expect(await rig.wait { caller.heard.count > 10 })
        #expect(agent.heard.count < 3)
        let back = try rig.plane.change(.agent, offer: agent.description())
        #expect(try SessionDescription.parse(back).origin?.version == "3")
        #expect(await rig.wait { agent.hears(440) })
    }

    @Test("Reports bring loss, jitter and the round trip, also multiplexed on the RTP port") func reports() async throws {
        let rig = MediaRig(hundred: 4) { $0.ports = 16460...16479 }
        let phone = TestPhone()
        try rig.connect(phone, as: .caller, mux: true)
        phone.speak(440)
        try rig.plane.play(.caller, [Tone.ringback.clip], as: PlaybackID(rawValue: 1), loops: true)
        #expect(await rig.wait { !phone.reports.isEmpty })
        let ours = phone.heard.first?.header.source ?? 0
        let summary = phone.reports[0].withUnsafeBytes { RTCPSummary($0, about: phone.source) }
        #expect(summary?.sender?.source == ours)
        #expect(summary?.block?.fractionLost == 0)
        let block = ReportBlock(
            source: ours, fractionLost: 64, cumulativeLost: 3, extendedHighest: 9, jitter: 8,
            lastReport: summary?.sender?.middle ?? 0, delaySinceLastReport: 0)
        var bytes = [UInt8](repeating: 0, count: RTCPReport.bytesMax)
        let count = bytes.withUnsafeMutableBytes {
            RTCPReport(source: phone.source, name: 1, sender: nil, block: block).write(to: $0.baseAddress!)
        }
        phone.sendRaw(Array(bytes[..<count]))
        #expect(await rig.wait { rig.plane.figures(.caller)?.remoteLoss == 0.25 })
        let trip = rig.plane.figures(.caller)?.roundTripMilliseconds ?? -1
        #expect(trip >= 0 && trip < 3000)
        let reports = phone.reports.count
        rig.plane.close(.caller)
        #expect(await rig.wait { phone.reports.count > reports })
        #expect(phone.reports.last?.withUnsafeBytes { RTCPSummary($0, about: 0)?.isBye } == true)
    }
}
