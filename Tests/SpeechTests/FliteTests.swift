// The real voice, on its way from text to the telephone.

import Audio
import Foundation
import MainLoop
import Testing

@testable import Speech

@Suite("Flite") nonisolated struct FliteTests {
    private static func spoken(_ text: String) async throws -> [Int16] {
        try await FliteEngine.worker.run { try FliteEngine().synthesise(text) }
    }

    @Test("a sentence takes as long as a sentence, is as loud as wanted, and has 100 ms of quiet at both ends")
    func sentence() async throws {
        let samples = try await Self.spoken("Welcome to Switchboard. For sales, press one. For support, press two.")
        let seconds = Double(samples.count) / 8000
        #expect(seconds > 3.5 && seconds < 7)
        // Pauses within the sentence lower the level below the -20 dBFS of its sounds.
        let level = 20 * log10(samples.rms / 32768)
        #expect(level > -24 && level < -18.5, "\(level) dBFS")
        #expect(samples.peak <= 23_199)
        for edge in [Array(samples.prefix(700)), Array(samples.suffix(700))] {
            #expect(edge.rms < samples.rms / 10)
        }
        #expect(Array(samples[800..<1600]).rms > samples.rms / 20)
    }

    @Test("longer texts take longer, and different texts sound different")
    func lengths() async throws {
        let one = try await Self.spoken("One.")
        let many = try await Self.spoken("One, two, three, four, five, six.")
        #expect(many.count > 2 * one.count)
        #expect(try await Self.spoken("Two.") != one)
    }

    @Test("nothing to say gives nothing", arguments: ["...", "?!", "-", "\u{4F60}\u{597D}", "\u{1F600}"])
    func nothing(text: String) async throws {
        #expect(try await Self.spoken(text).isEmpty)
    }

    @Test(
        "texts that break flite's buffers are cut before they reach it",
        arguments: [
            String(repeating: ",", count: 2000) + " now", "now" + String(repeating: ".", count: 2000),
            String(repeating: "(\"'", count: 700) + "now", String(repeating: "a", count: 1000),
        ])
    func dangerous(text: String) async throws {
        #expect(try await !Self.spoken(text).isEmpty)
    }

    @Test("accents go, typographic marks become plain ones, the rest becomes a blank")
    func ascii() {
        let text = "Caf\u{E9} \u{201C}M\u{FC}nchen\u{201D}\u{2014}it\u{2019}s 5\u{20AC}"
        #expect(FliteText.cleaned(text) == "Cafe \"Munchen\", it's 5 euro ")
        #expect(FliteText.cleaned("a\u{4F60}b\u{7}c") == "a bc")
        #expect(FliteText.cleaned("wait....... now") == "wait... now")
        let words = FliteText.cleaned(String(repeating: "x", count: 500)).split(separator: " ")
        #expect(words.allSatisfy { $0.count <= 60 })
    }
}

@Suite("Samples") nonisolated struct SampleTests {
    private func tone(_ frequency: Double, rate: Int, seconds: Double = 0.5, amplitude: Double = 10_000) -> [Int16] {
        (0..<Int(Double(rate) * seconds)).map {
            Int16((amplitude * sin(2 * .pi * frequency * Double($0) / Double(rate))).rounded())
        }
    }

    private func resampled(_ samples: [Int16], from rate: Int) -> [Int16] {
        samples.withUnsafeBufferPointer { Resampler(from: rate).resampled($0) }.map { Int16($0.rounded()) }
    }

    @Test("tones of the telephone's band pass with their level", arguments: [8000, 16_000, 22_050, 44_100, 48_000])
    func passBand(rate: Int) {
        for frequency in [300.0, 1000, 3000] {
            let output = resampled(tone(frequency, rate: rate), from: rate)
            #expect(output.count == 4000)
            let middle = Array(output[400..<3600])
            #expect(middle.share(of: frequency) > 0.999)
            #expect(abs(20 * log10(middle.rms * 2.0.squareRoot() / 10_000)) < 0.1)
        }
    }

    @Test("tones above the band vanish instead of coming back mirrored", arguments: [16_000, 22_050, 48_000])
    func stopBand(rate: Int) {
        for frequency in [4100.0, 5000, 7000] {
            let output = resampled(tone(frequency, rate: rate), from: rate)
            #expect(Array(output[400..<3600]).rms < 3)
        }
    }

    @Test("quiet sound becomes loud, peaks stay below -3 dBFS, silence becomes nothing")
    func level() {
        let quiet = tone(500, rate: 8000, amplitude: 300).map { Float($0) }
        let finished = SpeechLevel.finished([Float](repeating: 0, count: 4000) + quiet + [Float](repeating: 0, count: 8000))
        #expect(finished.count == 4000 + 1600)
        #expect(abs(Array(finished[800..<4800]).rms - 3277) < 40)
        var peaky = quiet
        peaky[2000] = 20_000
        #expect(SpeechLevel.finished(peaky).peak == 23_198)
        #expect(SpeechLevel.finished([Float](repeating: 2, count: 8000)).isEmpty)
        #expect(SpeechLevel.finished([]).isEmpty)
    }
}
