// Legs that speak G.722.

import Audio
import Basics
import Foundation
import Media
import RTP
import SDP
import Testing

/// A phone that speaks G.722, and what it hears decoded.
final class WidePhone {
    let phone = TestPhone(.a)
    private let codec = G722Codec()
    private let ear = G722Codec()
    private var beats = 0
    private static let law = LawConverter(.a)
    private(set) var sent: [[UInt8]] = []

    func connect(_ rig: MediaRig, as leg: LegID) throws {
        let offer = phone.description().replacing("RTP/AVP 8", with: "RTP/AVP 9 8")
        let answer = try rig.plane.accept(leg, offer: offer)
        #expect(answer.contains("a=rtpmap:9 G722/8000"))
        try phone.aim(at: answer)
    }

    func speak(_ frequency: Double) {
        let sound = Tone([frequency], level: -16, onSeconds: 1).clip.aLaw
        phone.every20Milliseconds { [self] phone in
            var frame = Array(sound[beats % 50 * 160..<beats % 50 * 160 + 160])
            beats += 1
            frame.withUnsafeMutableBytes { codec?.encode($0.baseAddress!, count: 160, from: Self.law) }
            sent.append(frame)
            phone.sendPacket(frame, type: 9)
            phone.timestamp &+= 160
        }
    }

    /// The last 200 ms.
    func hears(_ frequency: Double) -> Bool {
        let voice = phone.heard.filter { $0.header.payloadType == 9 }.suffix(12)
        guard voice.count == 12, phone.heard.allSatisfy({ $0.header.payloadType == 9 }) else { return false }
        var bytes = voice.flatMap(\.payload)
        for start in stride(from: 0, to: bytes.count, by: 160) {
            bytes.withUnsafeMutableBytes { ear?.decode($0.baseAddress! + start, count: 160, to: Self.law) }
        }
        return ToneDetector(frequency).share(in: G711.decode(bytes.suffix(1600), .a)) > 0.9
    }
}

@Suite(.serialized) struct G722Tests {
    private func rig(_ ports: ClosedRange<UInt16>) -> MediaRig {
        MediaRig(hundred: 0) {
            $0.ports = ports
            $0.codecs = [.g722, .pcma, .pcmu]
        }
    }

    @Test("Bridged with G.711 and played to, in one stream")
    func transcoding() async throws {
        let rig = rig(17880...17889), wide = WidePhone(), narrow = TestPhone(.mu)
        try wide.connect(rig, as: .caller)
        try rig.connect(narrow, as: .agent)
        try rig.plane.bridge(.caller, .agent)
        wide.speak(440)
        narrow.speak(1000)
        #expect(await rig.wait { narrow.hears(440) && wide.hears(1000) })
        try rig.plane.play(.caller, [Tone([600], onSeconds: 1).clip], as: PlaybackID(rawValue: 1), loops: true)
        #expect(await rig.wait { wide.hears(600) })
        rig.plane.stop(.caller)
        #expect((rig.plane.figures(.caller)?.silentPackets ?? .max) < 3)
        rig.plane.mute(.caller, true)
        #expect(await rig.wait { wide.hears(1000) && Loudness.peak(narrow.samples(last: 5), count: 800) < 20 })
        #expect(wide.phone.isContinuous && narrow.isContinuous)
    }

    @Test("G.722 with G.722 passes byte for byte") func untouched() async throws {
        let rig = rig(17890...17899), one = WidePhone(), two = WidePhone()
        try one.connect(rig, as: .caller)
        try two.connect(rig, as: .agent)
        try rig.plane.bridge(.caller, .agent)
        one.speak(440)
        #expect(await rig.wait { two.phone.heard.count > 20 })
        #expect(one.sent.starts(with: two.phone.heard.map(\.payload)))
        #expect(await rig.wait { two.hears(440) })
    }

    @Test("In a conference with both laws") func conference() async throws {
        let rig = rig(17900...17909), wide = WidePhone(), mu = TestPhone(.mu), a = TestPhone(.a)
        try wide.connect(rig, as: .caller)
        try rig.connect(mu, as: .agent)
        try rig.connect(a, as: .other)
        try rig.plane.confer(ConferenceID(rawValue: 1), [.init(.caller), .init(.agent), .init(.other, .held)])
        wide.speak(440)
        mu.speak(1000)
        a.speak(700)
        #expect(await rig.wait { wide.hears(1000) && mu.hears(440) })
        #expect(wide.phone.isContinuous)
    }

    @Test("Offered where it is configured, and only there") func offers() throws {
        let rig = rig(17910...17919), plain = MediaRig(hundred: 0) { $0.ports = 17920...17929 }
        let phone = TestPhone()
        #expect(try rig.plane.offer(.agent).contains("RTP/AVP 9 8 0 101"))
        #expect(try !plain.plane.offer(.agent).contains(" 9 "))
        let answer = try plain.plane.accept(
            .caller, offer: phone.description().replacing("RTP/AVP 8", with: "RTP/AVP 9 8"))
        #expect(answer.contains("RTP/AVP 8 101") && !answer.contains("G722"))
        #expect(throws: MediaError.sdp(SDPError(.noCommonCodec, line: 6))) {
            try plain.plane.accept(.other, offer: phone.description().replacing("RTP/AVP 8", with: "RTP/AVP 9"))
        }
    }
}
