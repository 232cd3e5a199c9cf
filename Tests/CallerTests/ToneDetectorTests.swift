// The ears of the test phone must be right, or every end-to-end test is worth nothing.

import Foundation
import Testing

@testable import Caller

struct ToneDetectorTests {
    private let detector = ToneDetector(expected: [440, 880])

    private func frame(_ tones: [(hertz: Double, level: Double)], through codec: G711 = .a, from first: Int = 0) -> [Int16] {
        (first..<first + ToneDetector.frameSamples).map { index in
            let sum = tones.reduce(0) { $0 + $1.level * sin(2 * .pi * $1.hertz * Double(index) / ToneDetector.sampleRate) }
            return codec.decode(codec.encode(Int16(sum)))
        }
    }

    @Test("a tone is heard at its frequency through both laws and at any phase", arguments: G711.allCases)
    func singleTones(codec: G711) {
        for hertz in stride(from: 320.0, through: 3600, by: 37) {
            for first in [0, 13, 77] {
                guard case .tones(let heard) = detector.classify(frame([(hertz, 4000)], through: codec, from: first)) else {
                    Issue.record("\(hertz) Hz is no tone")
                    return
                }
                #expect(heard.count == 1 && abs(Double(heard[0]) - hertz) <= Double(Sound.toleranceHertz))
            }
        }
    }

    @Test("two tones at once are both heard, and an expected one is named exactly")
    func twoTones() {
        #expect(detector.classify(frame([(440, 6000), (880, 4000)])) == .tones([440, 880]))
        #expect(detector.classify(frame([(443, 6000)])) == .tones([440]))
    }

    @Test("a tone under a louder noise is speech, silence is silence")
    func otherSounds() {
        var noise = Mouth(.speech)
        let noisy = zip(frame([(440, 800)]), noise.nextFrame()).map { $0 &+ $1 / 2 }
        #expect(detector.classify(noisy) == .speech)
        #expect(detector.classify(frame([(440, 60)])) == .silence)
        #expect(detector.classify([Int16](repeating: 0, count: 160)) == .silence)
    }

    @Test("G.711 keeps every code: decoding and encoding again gives the same sample", arguments: G711.allCases)
    func codes(codec: G711) {
        for code in UInt8.min...UInt8.max { #expect(codec.decode(codec.encode(codec.decode(code))) == codec.decode(code)) }
    }

    @Test("G.711 samples are those of ITU-T G.191 at the ends and around zero")
    func samples() {
        #expect([0x00, 0x80, 0x7F, 0xFF].map { G711.mu.decode($0) } == [-32124, 32124, 0, 0])
        #expect([0x2A, 0xAA, 0x55, 0xD5].map { G711.a.decode($0) } == [-32256, 32256, -8, 8])
    }
}
