// Legs that are mixed, over real sockets: who hears whom, and that nobody notices a change.

import Audio
import Basics
import Foundation
import Media
import RTP
import SDP
import Testing
import WebRTC

@Suite(.serialized) struct ConferenceTests {
    @Test("Everybody hears everybody but himself, in both laws", arguments: [3, 10, 50]) func everybody(
        count: Int
    ) async throws {
        let rig = ConferenceRig(ports: 17940...18039)
        let legs = (1...UInt64(count)).map { LegID(rawValue: $0) }
        for leg in legs { try rig.connect(leg, leg.rawValue % 2 == 0 ? .a : .mu) }
        try rig.confer(legs.map { ConferenceMember($0) })
        let expected = Dictionary(uniqueKeysWithValues: legs.map { ($0, Set(legs).subtracting([$0])) })
        #expect(await rig.wait(for: expected, isAtOnce: count < 50))
        for phone in rig.phones.values { #expect(phone.isContinuous) }
        #expect(rig.plane.figures.conferences == 1 && rig.plane.figures.conferenceParties == count)
        rig.plane.endConference(ConferenceRig.room)
        #expect(rig.plane.figures.conferences == 0 && rig.plane.figures.framesMixed > 0)
    }

    private typealias Parts = [LegID: Set<LegID>]

    @Test(
        "Every mode of supervision, changed in the call: right at every ear, and nobody's stream breaks"
    )
    func supervision() async throws {
        let rig = ConferenceRig(ports: 17640...17659)
        for leg in [LegID.caller, .agent, .supervisor] { try rig.connect(leg) }
        let supervised: Parts = [.caller: [.agent], .agent: [.caller], .supervisor: [.caller, .agent]]
        let expectations: [(SupervisionMode, Parts)] = [
            (.monitor, supervised),
            (.whisper, supervised.merging([.agent: [.caller, .supervisor]]) { $1 }),
            (
                .privateWhisper,
                supervised.merging([.agent: [.caller, .supervisor], .supervisor: [.agent]]) { $1 }
            ),
            (
                .barge,
                supervised.merging([.agent: [.caller, .supervisor], .caller: [.agent, .supervisor]]) { $1 }
            ),
            (.takeOver, [.caller: [.supervisor], .agent: [], .supervisor: [.caller]]),
            (.monitor, supervised),
        ]
        for (mode, expected) in expectations {
            try rig.confer([
                .init(.caller), .init(.agent), .init(.supervisor, .supervisor(mode, of: .agent)),
            ])
            #expect(await rig.wait(for: expected), "\(mode)")
        }
        try rig.confer(
            [.init(.caller), .init(.agent), .init(.supervisor, .supervisor(.monitor, of: .agent))],
            isMasked: true)
        #expect(await rig.wait(for: supervised.merging([.supervisor: []]) { $1 }))
        for phone in rig.phones.values {
            #expect(phone.isContinuous)
            // One marker, at the beginning, unless the machine stood still.
            #expect(phone.heard.count { $0.header.marker } == 1 || rig.plane.figures.ticksSkipped > 0)
        }
    }

    @Test("On hold music is heard and nobody else; what is played to all is heard besides the others")
    func hold() async throws {
        let rig = ConferenceRig(ports: 17660...17679)
        for leg in [LegID.caller, .agent, .other] { try rig.connect(leg) }
        try rig.confer([.init(.caller, .held), .init(.agent), .init(.other)])
        try rig.plane.play(
            .caller, [Tone([2000], onSeconds: 1).clip], as: PlaybackID(rawValue: 1), loops: true)
        #expect(await rig.wait(for: [.agent: [.other], .other: [.agent]]))
        let caller = try #require(rig.phones[.caller])
        #expect(await rig.media.wait { caller.hears(2000) })
        rig.plane.stop(.caller)
        try rig.confer([.init(.caller), .init(.agent), .init(.other)])
        #expect(
            await rig.wait(for: [
                .caller: [.agent, .other], .agent: [.caller, .other], .other: [.caller, .agent],
            ]))
        try rig.plane.play(
            toAll: ConferenceRig.room, [Tone([2000], onSeconds: 1).clip], as: PlaybackID(rawValue: 2))
        #expect(
            await rig.media.wait {
                rig.phones.allSatisfy { leg, phone in
                    let sound = phone.samples(last: 15)
                    return sound.count >= 2400 && ToneDetector(2000).share(in: sound) > 0.2
                        && rig.legs(in: sound, among: rig.phones.keys).isDisjoint(with: [leg])
                }
            })
        #expect(
            await rig.media.wait {
                rig.media.events == [.conferencePlaybackEnded(ConferenceRig.room, PlaybackID(rawValue: 2))]
            })
        #expect(
            await rig.wait(for: [
                .caller: [.agent, .other], .agent: [.caller, .other], .other: [.caller, .agent],
            ]))
    }

    @Test(
        "From a bridge to a conference and back: each frame is heard once, in order, without a gap over 40 ms"
    )
    func noGap() async throws {
        let rig = ConferenceRig(ports: 17680...17699)
        let caller = try rig.connect(.caller, speaks: false)
        let agent = try rig.connect(.agent, speaks: false)
        try rig.connect(.supervisor, speaks: false)
        try rig.plane.bridge(.caller, .agent)
        var number = 0
        let speak = { (phone: TestPhone) in
            phone.sendPacket(NumberedFrames.payload(number), type: 8)
            phone.timestamp &+= 160
            number += 1
        }
        caller.every20Milliseconds(speak)
        func listen() async {
            let heard = agent.heard.count
            _ = await rig.media.wait { agent.heard.count > heard + 15 }
        }
        await listen()
        for mode in [SupervisionMode.monitor, .barge, .whisper] {
            try rig.confer([
                .init(.caller), .init(.agent), .init(.supervisor, .supervisor(mode, of: .agent)),
            ])
            await listen()
            // Something waits to be mixed, which the bridge must not lose.
            speak(caller)
            speak(caller)
            #expect(await rig.media.wait { (rig.plane.figures(.caller)?.jitterBufferMilliseconds ?? 0) >= 30 })
            try rig.plane.bridge(.caller, .agent)
            await listen()
        }
        let heard = agent.heard.filter { $0.header.payloadType == 8 }
        let all = NumberedFrames.runs(in: heard.map(\.payload))
        let runs = all.filter { $0.number >= 0 && $0.samples >= 30 }
        let steps = zip(runs, runs.dropFirst()).map {
            ($1.number - $0.number + NumberedFrames.count) % NumberedFrames.count
        }
        #expect(runs.count > 80)
        // 0: the same frame, interrupted by what was made up because a packet came late.
        // A machine that stands still for 300 ms makes the jitter buffer drop what is too old.
        #expect(steps.allSatisfy { $0 <= 1 } || caller.owedMax > 10, "\(steps)")
        // What is no frame of the caller's was made up, or is silence.
        let others = all.filter { $0.number < 0 }.map(\.samples)
        #expect((others.max() ?? 0) <= 320 + caller.owedMax * 160, "\(others)")
        #expect(agent.isContinuous)
        // On the listener's clock no hole is longer than 40 ms and what the speaking phone itself was late.
        let holes = zip(heard, heard.dropFirst()).map {
            Int($1.header.timestamp &- $0.header.timestamp) - 160
        }
        #expect((holes.max() ?? 0) <= 320 + caller.owedMax * 160, "\(holes)")
        let members = rig.plane.members(of: ConferenceRig.room)?.map(\.leg)
        #expect(members == [.supervisor] && rig.plane.conference(of: .caller) == nil)
    }

    @Test("A party that hangs up leaves; the room ends with the last one; errors change nothing")
    func leaving() async throws {
        let rig = ConferenceRig(ports: 17700...17719)
        for leg in [LegID.caller, .agent, .other] { try rig.connect(leg) }
        try rig.confer([.init(.caller), .init(.agent), .init(.other)])
        #expect(throws: MediaError.unknownLeg(.supervisor)) {
            try rig.confer([.init(.caller), .init(.supervisor)])
        }
        #expect(throws: MediaError.tooManyParties(max: 50)) {
            try rig.confer([.init(.caller), .init(.caller)])
        }
        #expect(rig.plane.members(of: ConferenceRig.room)?.count == 3)
        #expect(await rig.wait(for: [.caller: [.agent, .other]]))
        rig.plane.close(.other)
        #expect(await rig.wait(for: [.caller: [.agent], .agent: [.caller]]))
        let second = ConferenceID(rawValue: 2)
        try rig.plane.confer(second, [.init(.caller)])
        #expect(
            rig.plane.conference(of: .caller) == second
                && rig.plane.conference(of: .agent) == ConferenceRig.room)
        try rig.confer([])
        rig.plane.close(.caller)
        #expect(rig.plane.figures.conferences == 0)
        #expect(throws: MediaError.unknownConference(second)) {
            try rig.plane.play(toAll: second, [], as: PlaybackID(rawValue: 1))
        }
    }

    @Test("Lost packets are made up for, and figures tell of them") func concealment() async throws {
        let rig = ConferenceRig(ports: 17720...17739)
        let caller = try rig.connect(.caller)
        let agent = try rig.connect(.agent, speaks: false)
        try rig.confer([.init(.caller), .init(.agent)])
        #expect(await rig.wait(for: [.agent: [.caller]]))
        var beats = 0
        caller.every20Milliseconds { phone in
            beats += 1
            if beats % 10 == 0 {
                phone.sequence &+= 1
                phone.timestamp &+= 160
            } else {
                phone.sendFrame()
            }
        }
        agent.forget()
        #expect(await rig.media.wait { agent.heard.count > 60 })
        let concealed = rig.plane.figures(.caller)?.concealedMilliseconds ?? 0
        #expect(concealed >= 80)
        // Whatever was lost, there is tone in every packet.
        let quiet = agent.heard.count { Loudness.peak(G711.decode($0.payload, .a), count: 160) < 300 }
        #expect(quiet <= 3, "\(quiet) of \(agent.heard.count) packets")
        #expect(agent.isContinuous)
    }

    @Test("Whatever was said before, in the end everybody hears whom he should", arguments: [1, 2, 3] as [UInt64])
    func storm(seed: UInt64) async throws {
        var random = SeededRandom(seed: seed)
        let rig = ConferenceRig(ports: 18040...18069)
        let legs = (1...6).map { LegID(rawValue: $0) }, rooms = (1...3).map { ConferenceID(rawValue: $0) }
        for leg in legs { try rig.connect(leg) }
        for _ in 0..<120 {
            let some = legs.filter { _ in Bool.random(using: &random) }
            let room = rooms[Int.random(in: 0..<3, using: &random)], leg = legs[Int.random(in: 0..<6, using: &random)]
            switch Int.random(in: 0..<9, using: &random) {
            case 0, 1, 2:
                let mode = SupervisionMode.allCases[Int.random(in: 0..<5, using: &random)]
                let members = some.enumerated().map { index, leg in
                    ConferenceMember(leg, index == 2 ? .supervisor(mode, of: some[0]) : index == 3 ? .held : .member)
                }
                try rig.plane.confer(room, members, isMasked: Bool.random(using: &random))
                #expect(some.allSatisfy { rig.plane.conference(of: $0) == room })
            case 3, 4: if let other = some.first, other != leg { try rig.plane.bridge(leg, other) }
            case 5: rig.plane.unbridge(leg)
            case 6: try rig.plane.play(leg, [Tone.beep.clip], as: PlaybackID(rawValue: 1))
            case 7: try? rig.plane.play(toAll: room, [Tone.beep.clip], as: PlaybackID(rawValue: 2))
            default:
                rig.plane.close(leg)
                try rig.connect(leg)
            }
            for room in rooms {
                let members = rig.plane.members(of: room) ?? []
                #expect(members.allSatisfy { rig.plane.conference(of: $0.leg) == room })
                #expect(members.count == legs.count { rig.plane.conference(of: $0) == room })
            }
            try await Task.sleep(for: .milliseconds(Int.random(in: 0...8, using: &random)))
        }
        for leg in legs { rig.plane.stop(leg) }
        for room in rooms { rig.plane.stop(toAll: room) }
        try rig.confer(legs.map { ConferenceMember($0) })
        #expect(await rig.wait(for: Dictionary(uniqueKeysWithValues: legs.map { ($0, Set(legs).subtracting([$0])) })))
        #expect(rig.plane.figures.conferences >= 1 && rig.plane.figures.legs == 6)
    }

    @Test("A browser with Opus, one with G.711 and phones of both laws in one room") func browsers() async throws {
        let rig = try BrowserLegRig(ports: 17740...17759, codec: .auto)
        let caller = TestPhone(.mu), third = TestPhone(.a), opus = try TestBrowser(.opus), plain = try TestBrowser(.pcma)
        try rig.media.connect(caller, as: .caller)
        try rig.media.connect(third, as: .other)
        for (leg, browser) in [(LegID.agent, opus), (.supervisor, plain)] {
            try rig.plane.openBrowser(leg, on: try await rig.signIn(browser))
            rig.plane.expectMedia(leg)
        }
        let tones: [LegID: Double] = [.caller: 440, .other: 700, .agent: 1000, .supervisor: 1300]
        caller.speak(440)
        third.speak(700)
        opus.speak(1000)
        plain.speak(1300)
        try rig.plane.confer(ConferenceRig.room, tones.keys.sorted().map { ConferenceMember($0) })
        func hears(_ leg: LegID, _ sound: [Int16]) -> Bool {
            tones.allSatisfy { other, tone in
                sound.count >= 2400 && (ToneDetector(tone).share(in: sound.suffix(2400)) > 0.15) == (other != leg)
            }
        }
        #expect(await rig.media.wait { hears(.caller, caller.samples(last: 15)) && hears(.other, third.samples(last: 15)) })
        #expect(await rig.media.wait { hears(.agent, opus.samples) && hears(.supervisor, plain.samples) })
        #expect(caller.isContinuous && opus.isContinuous && plain.isContinuous)
        // One of them alone with the caller again: undecoded as before, and in the same stream.
        try rig.plane.bridge(.caller, .agent)
        #expect(await rig.media.wait { caller.hears(1000) && opus.hears(440) })
        #expect(caller.isContinuous && opus.isContinuous)
        // The page is reloaded while the others confer: it hears and is heard again.
        try rig.plane.confer(ConferenceRig.room, tones.keys.sorted().map { ConferenceMember($0) })
        rig.plane.loseBrowser(.supervisor)
        let again = try TestBrowser(.pcma)
        again.speak(1300)
        try rig.plane.returnBrowser(.supervisor, on: try await rig.signIn(again))
        #expect(await rig.media.wait { hears(.supervisor, again.samples) && hears(.caller, caller.samples(last: 15)) })
    }

    @Test("A key pressed at a desk goes to everybody who hears it") func keys() async throws {
        let rig = ConferenceRig(ports: 17760...17779)
        for leg in [LegID.caller, .agent, .other] { try rig.connect(leg, speaks: false) }
        try rig.confer([.init(.caller), .init(.agent), .init(.other, .held)])
        #expect(rig.plane.sendKey("5", from: .agent))
        let caller = try #require(rig.phones[.caller])
        #expect(await rig.media.wait { caller.heard.count { $0.header.payloadType == 101 } == 7 })
        #expect(caller.heard.first { $0.header.payloadType == 101 }?.payload.first == 5)
        for leg in [LegID.agent, .other] {
            #expect(rig.phones[leg]?.heard.contains { $0.header.payloadType == 101 } == false)
        }
        #expect(!rig.plane.sendKey("5", from: .other))
        // One that a phone presses is passed on in the same way, unless it is secret.
        rig.phones[.agent]?.press("7")
        #expect(await rig.media.wait { caller.heard.count { $0.header.payloadType == 101 && $0.payload[0] == 7 } == 7 })
        try rig.plane.collect(
            .agent, step: "card", lengthMin: 1, lengthMax: 1, firstDigitTimeout: .seconds(5), nextDigitTimeout: .seconds(5))
        rig.phones[.agent]?.press("8")
        #expect(await rig.media.wait { rig.media.events.count == 2 })
        caller.forget()
        #expect(await rig.media.wait { caller.heard.count > 10 })
        #expect(caller.heard.allSatisfy { $0.header.payloadType == 8 })
        #expect(rig.media.events.first == .digit(.agent, "7"))
    }
}
