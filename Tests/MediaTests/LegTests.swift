// Legs alone: prompts, keys, ports.

import Audio
import Basics
import Foundation
import Glibc
import Media
import RTP
import SDP
import Testing

@Suite(.serialized) struct LegTests {
    @Test("A prompt is heard in the caller's law, its end is reported once") func prompt() async throws {
        let rig = MediaRig(hundred: 0), phone = TestPhone(.mu)
        try rig.connect(phone, as: .caller)
        let clips = [Tone([500], onSeconds: 0.2).clip, Tone([900], onSeconds: 0.21).clip]
        try rig.plane.play(.caller, clips, as: PlaybackID(rawValue: 7))
        #expect(await rig.wait { rig.events == [.playbackEnded(.caller, PlaybackID(rawValue: 7))] })
        #expect(await rig.wait { phone.heard.count == 21 })
        let samples = phone.samples()
        #expect(ToneDetector(500).share(in: samples[160..<1440]) > 0.9)
        #expect(ToneDetector(900).share(in: samples[1760..<3200]) > 0.9)
        #expect(phone.isContinuous)
        // A busy machine makes gaps: each is a marker and time that has gone by.
        let markers = phone.heard.map(\.header.marker)
        #expect(markers.first == true && (markers.count { $0 } == 1 || rig.plane.figures.ticksSkipped > 0))
        for (last, next) in zip(phone.heard, phone.heard.dropFirst()) {
            #expect(next.header.timestamp &- last.header.timestamp == 160 || next.header.marker)
        }
    }

    @Test("A key is one digit, although its end is repeated or lost, and it stops the prompt") func digit() async throws {
        let rig = MediaRig(hundred: 1), phone = TestPhone()
        try rig.connect(phone, as: .caller)
        try rig.plane.play(.caller, [Tone.ringback.clip], as: PlaybackID(rawValue: 1), loops: true, stopsOnDigit: true)
        #expect(await rig.wait { phone.heard.count > 3 })
        phone.sendFrame()
        phone.press("5")
        #expect(await rig.wait { rig.events.count == 2 })
        phone.press("5", losing: [4, 5, 6])
        phone.press("#", losing: [0, 1])
        phone.press("5")
        #expect(await rig.wait { rig.events.count == 5 })
        #expect(
            rig.events == [
                .digit(.caller, "5"), .playbackEnded(.caller, PlaybackID(rawValue: 1)), .digit(.caller, "5"),
                .digit(.caller, "#"), .digit(.caller, "5"),
            ])
        #expect(rig.plane.figures.playing == 0)
    }

    @Test("Collected digits come once, complete, and never as single keys") func collect() async throws {
        let rig = MediaRig(hundred: 2), phone = TestPhone()
        try rig.connect(phone, as: .caller)
        func collect(_ min: Int, _ max: Int, _ first: Duration = .seconds(5), _ next: Duration = .seconds(5)) throws {
            try rig.plane.collect(
                .caller, step: "pin", lengthMin: min, lengthMax: max, firstDigitTimeout: first, nextDigitTimeout: next)
        }
        try collect(4, 4)
        for key in "12" { phone.press(key) }
        #expect(await rig.wait { rig.plane.figures.packetsReceived == 14 })
        // The others come by SIP INFO.
        for key in "x34" { rig.plane.press(key, on: .caller) }
        #expect(await rig.wait { rig.events.count == 1 })
        try collect(2, 8)
        for key in "9#" { phone.press(key) }
        #expect(await rig.wait { rig.events.count == 2 })
        try collect(1, 8, .seconds(5), .milliseconds(100))
        phone.press("7")
        #expect(await rig.wait { rig.events.count == 3 })
        try collect(1, 8, .milliseconds(100))
        #expect(await rig.wait { rig.events.count == 4 })
        phone.press("3")
        #expect(await rig.wait { rig.events.count == 5 })
        func answer(_ digits: String, _ valid: Bool) -> MediaEvent {
            .collected(.caller, step: "pin", digits: SecretDigits(digits), valid: valid)
        }
        #expect(
            rig.events == [
                answer("1234", true), answer("9", false), answer("7", true), answer("", false), .digit(.caller, "3"),
            ])
        var dumped = ""
        dump(rig.events[0], to: &dumped)
        #expect(!"\(rig.events[0]) \(dumped) \(String(reflecting: rig.events[0]))".contains("1234"))
    }

    @Test("A new source id from the same address is accepted and its loss is counted apart") func newSource() async throws {
        let rig = MediaRig(hundred: 5), phone = TestPhone()
        try rig.connect(phone, as: .caller)
        for _ in 0..<3 { phone.sendFrame() }
        phone.sequence &+= 2
        for _ in 0..<3 { phone.sendFrame() }
        phone.source &+= 1
        phone.sequence &+= 20000
        phone.timestamp &+= 5_000_000
        for _ in 0..<4 { phone.sendFrame() }
        #expect(await rig.wait { rig.plane.figures(.caller)?.packetsReceived == 10 })
        let figures = rig.plane.close(.caller)
        #expect(figures.sourceChanges == 1)
        #expect(figures.packetsLost == 2 && rig.plane.figures.packetsLost == 2)
    }

    @Test("Over a hold the timestamp goes on with the time, and the next packet carries the marker") func gap() async throws {
        let rig = MediaRig(hundred: 0) { $0.ports = 16020...16039 }
        let phone = TestPhone(), other = TestPhone()
        try rig.connect(phone, as: .caller)
        try rig.connect(other, as: .other)
        try rig.plane.play(.caller, [Tone.ringback.clip], as: PlaybackID(rawValue: 1), loops: true)
        #expect(await rig.wait { phone.heard.count > 3 })
        _ = try rig.plane.change(.caller, offer: phone.description(.sendOnly))
        try rig.plane.play(.other, [Tone.ringback.clip], as: PlaybackID(rawValue: 2), loops: true)
        #expect(await rig.wait { other.heard.count > 25 })
        let before = phone.heard.count
        _ = try rig.plane.change(.caller, offer: phone.description())
        #expect(await rig.wait { phone.heard.count > before + 3 })
        let (last, next) = (phone.heard[before - 1].header, phone.heard[before].header)
        #expect(next.marker && next.sequence == last.sequence &+ 1)
        #expect(next.timestamp &- last.timestamp >= 25 * 160, "\(next.timestamp &- last.timestamp)")
    }

    @Test("What happened before the end is told at the end") func lastEvents() throws {
        let rig = MediaRig(hundred: 0) { $0.ports = 16040...16059 }
        try rig.connect(TestPhone(), as: .caller)
        rig.plane.press("4", on: .caller)
        rig.plane.shutDown()
        #expect(rig.events == [.digit(.caller, "4")])
    }

    @Test("A flood from the leg's own source is cut off, the other leg goes on") func flood() async throws {
        let rig = MediaRig(hundred: 7) { $0.ports = 16720...16739 }
        let phone = TestPhone(), other = TestPhone()
        try rig.connect(phone, as: .caller)
        try rig.connect(other, as: .other)
        phone.sendFrame()
        #expect(await rig.wait { rig.plane.figures.packetsReceived == 1 })
        // As fast as they are taken, never more at once than a socket holds: how fast that is, the machine says.
        let end = ContinuousClock.now + .seconds(15)
        var wanted: UInt64 = 1
        while rig.plane.figures.droppedFlood == 0, ContinuousClock.now < end {
            for _ in 0..<60 { phone.sendFrame() }
            wanted += 60
            #expect(await rig.wait { rig.plane.figures.packetsReceived + rig.plane.figures.droppedFlood == wanted })
        }
        #expect(rig.plane.figures.droppedFlood > 0)
        other.press("3")
        #expect(await rig.wait { rig.events == [.digit(.other, "3")] })
    }

    @Test("Garbage on a leg's ports is counted and changes nothing") func garbage() async throws {
        let rig = MediaRig(hundred: 7), phone = TestPhone()
        try rig.connect(phone, as: .caller)
        phone.sendFrame()
        #expect(await rig.wait { rig.plane.figures.packetsReceived == 1 })
        var random = SeededRandom(seed: 42)
        for _ in 0..<100 {
            let bytes = (0..<random.below(60)).map { _ in UInt8(random.below(256)) }
            phone.sendRaw(bytes)
            phone.sendRaw(bytes, to: phone.target + 1)
        }
        phone.press("8")
        #expect(await rig.wait { rig.events == [.digit(.caller, "8")] })
        #expect(rig.plane.figures.droppedMalformed > 50)
    }

    @Test("Two hundred legs come and go without a descriptor left behind") func descriptors() throws {
        let ports: ClosedRange<UInt16> = 16800...16859
        /// Other tests open and close descriptors meanwhile, but none on these ports.
        func count() throws -> Int {
            try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count { name in
                var address = sockaddr_in()
                var length = socklen_t(MemoryLayout<sockaddr_in>.size)
                let result = withUnsafeMutablePointer(to: &address) {
                    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(Int32(name) ?? -1, $0, &length) }
                }
                return result == 0 && ports.contains(UInt16(bigEndian: address.sin_port))
            }
        }
        let rig = MediaRig(hundred: 8) { $0.ports = ports }
        let phone = TestPhone()
        for number in 10..<210 {
            let leg = LegID(rawValue: UInt64(number))
            _ = try rig.plane.accept(leg, offer: phone.description())
            try rig.plane.play(leg, [Tone.beep.clip], as: PlaybackID(rawValue: 1))
            if number >= 20 { rig.plane.close(LegID(rawValue: UInt64(number - 10))) }
        }
        #expect(rig.plane.figures.legs == 10)
        #expect(try count() == 20)
        rig.plane.shutDown()
        #expect(rig.plane.figures.legs == 0)
        #expect(try count() == 0)
    }

    @Test("A free pair of ports is found however many lie before it that are not") func manyPorts() throws {
        let rig = MediaRig(hundred: 0) {
            $0.ports = 17000...17599
            $0.legsMax = 300
        }
        let phone = TestPhone()
        for number in 1...300 { _ = try rig.plane.accept(LegID(rawValue: UInt64(number)), offer: phone.description()) }
        for number in [299, 1, 150] as [UInt64] {
            rig.plane.close(LegID(rawValue: number))
            _ = try rig.plane.accept(LegID(rawValue: number), offer: phone.description())
        }
        #expect(throws: MediaError.tooManyLegs(max: 300)) {
            try rig.plane.accept(LegID(rawValue: 301), offer: phone.description())
        }
    }

    @Test("When the ports are used up, a leg is refused, and a closed leg's ports serve again") func ports() throws {
        let rig = MediaRig(hundred: 9) { $0.ports = 17800...17805 }
        let phone = TestPhone()
        for number in 1...3 { _ = try rig.plane.accept(LegID(rawValue: UInt64(number)), offer: phone.description()) }
        #expect(throws: MediaError.noFreePort) { try rig.plane.accept(LegID(rawValue: 4), offer: phone.description()) }
        #expect(throws: MediaError.legExists(.caller)) { try rig.plane.accept(.caller, offer: phone.description()) }
        rig.plane.close(.agent)
        _ = try rig.plane.accept(LegID(rawValue: 5), offer: phone.description())
        #expect(throws: MediaError.sdp(SDPError(.missingVersion, line: 1))) { try rig.plane.accept(.agent, offer: "hello") }
        #expect(rig.plane.figures.legs == 3)
    }
}
