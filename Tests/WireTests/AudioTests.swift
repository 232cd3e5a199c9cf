// Sound: codecs, files, rates, tones.

import Audio
import Basics
import Testing

@Suite struct AudioTests {
    @Test("G.711 vectors of both laws") func vectors() {
        #expect([0xFF, 0x7F, 0x00, 0x80, 0xFE, 0xEF].map { G711.decode($0, .mu) } == [0, 0, -32124, 32124, 8, 132])
        #expect([0xD5, 0x55, 0x2A, 0xAA, 0xD4, 0xC5].map { G711.decode($0, .a) } == [8, -8, -32256, 32256, 24, 264])
        #expect(
            ([0, -1, 32767, -32768, 1000, -1000] as [Int16]).map { G711.encode($0, .mu) } == [
                0xFF, 0x7F, 0x80, 0x00, 0xCE, 0x4E,
            ])
        #expect(
            ([0, -1, 32767, -32768, 1000, -1000] as [Int16]).map { G711.encode($0, .a) } == [
                0xD5, 0x55, 0xAA, 0x2A, 0xFA, 0x7A,
            ])
    }

    @Test("Encoding is the inverse of decoding, and no sample is further off than its step", arguments: G711.Law.allCases)
    func inverse(law: G711.Law) {
        for byte in UInt8.min...UInt8.max {
            let again = G711.encode(G711.decode(byte, law), law)
            // Mu-law has two zeros.
            #expect(again == byte || (law == .mu && byte == 0x7F && again == 0xFF))
        }
        for value in stride(from: -32000, through: 32000, by: 7) {
            let error = abs(Int(G711.decode(G711.encode(Int16(value), law), law)) - value)
            #expect(error <= max(8, abs(value) / 28 + 3), "\(value)")
        }
    }

    @Test("From one law to the other and back costs at most a step", arguments: G711.Law.allCases) func transcoding(
        law: G711.Law
    ) {
        let table = G711.transcodingTable(from: law), other: G711.Law = law == .mu ? .a : .mu
        for byte in UInt8.min...UInt8.max {
            let before = Int(G711.decode(byte, law)), after = Int(G711.decode(table[Int(byte)], other))
            #expect(abs(before - after) <= max(8, abs(before) / 28))
        }
    }

    private func sine(_ frequency: Double, rate: Int, seconds: Double = 0.5) -> [Int16] {
        // A recurrence instead of sin: this target imports no mathematics.
        let tone = Tone([frequency * 8000 / Double(rate)], level: -6, onSeconds: seconds * Double(rate) / 8000)
        return tone.clip.samples
    }

    @Test(
        "Each rate comes down to 8000 Hz with its tone intact and without what would fold back",
        arguments: [11025, 16000, 22050, 32000, 44100, 48000])
    func resampling(rate: Int) {
        let resampler = Resampler(from: rate)
        let tone = resampler.resample(sine(1000, rate: rate))
        #expect(abs(tone.count - 4000) <= 1)
        #expect(ToneDetector(1000).share(in: tone[200..<3800]) > 0.98)
        #expect((tone.max() ?? 0) > 15500 && (tone.max() ?? 0) < 17500)
        guard rate > 10400 else { return }
        let folding = resampler.resample(sine(5000, rate: rate))
        #expect((folding[400..<3600].map(\.magnitude).max() ?? 0) < 60)
    }

    @Test("Files of 8 and 16 bits, one and two channels are read; what we write is read back") func files() throws {
        let left = sine(440, rate: 8000), right = sine(1000, rate: 8000)
        let stereo = WAVFile(sampleRate: 8000, channels: [left, right])
        #expect(try WAVFile(stereo.bytes) == stereo)
        #expect(try AudioClip(wav: stereo.bytes).samples == stereo.mixed)
        var eight = WAVFile.header(frames: 4, channels: 1, sampleRate: 8000)
        eight.replaceSubrange(34..<36, with: [8, 0])
        eight.replaceSubrange(40..<44, with: [4, 0, 0, 0])
        #expect(try WAVFile(eight + [128, 255, 0, 129]).channels == [[0, 32512, -32768, 256]])
        let listed = Array(stereo.bytes[..<12]) + Array("LIST".utf8) + [3, 0, 0, 0, 1, 2, 3, 0] + stereo.bytes[12...]
        #expect(try WAVFile(listed) == stereo)
        let wide = WAVFile(sampleRate: 48000, channels: [sine(1000, rate: 48000)])
        #expect(ToneDetector(1000).share(in: try AudioClip(wav: wide.bytes).samples.dropFirst(400)) > 0.95)
    }

    @Test("A file that can't be read says what is wrong and how to mend it") func faults() {
        let good = WAVFile(sampleRate: 8000, channels: [[1, 2, 3]]).bytes
        func fault(_ change: (inout [UInt8]) -> Void) -> WAVError? {
            var bytes = good
            change(&bytes)
            return #expect(throws: WAVError.self) { try WAVFile(bytes) }
        }
        #expect(fault { $0 = Array("ID3".utf8) } == .notWAV)
        #expect(fault { $0.removeLast() } == .truncated(chunk: "data"))
        #expect(fault { $0 = Array($0[..<30]) } == .truncated(chunk: "fmt "))
        #expect(fault { $0 = Array($0[..<36]) } == .missingChunk("data"))
        #expect(fault { $0 = Array($0[..<12] + $0[36...]) } == .missingChunk("fmt "))
        #expect(fault { $0[20] = 85 } == .notPCM(format: 85))
        #expect(fault { $0[22] = 6 } == .channels(6))
        #expect(fault { $0.replaceSubrange(24..<28, with: [0, 0x77, 1, 0]) } == .sampleRate(96000))
        #expect(fault { $0[34] = 24 } == .bits(24))
        #expect(
            fault {
                $0 = Array($0[..<44]); $0.replaceSubrange(40..<44, with: [0, 0, 0, 0])
            } == .empty)
        #expect(WAVError.bits(24).description.contains("24") && WAVError.bits(24).description.contains("sox"))
        var random = SeededRandom(seed: 44)
        for _ in 0..<20000 {
            var bytes = good
            for _ in 0...random.below(3) { bytes[random.below(bytes.count)] = UInt8(random.below(256)) }
            bytes.removeLast(random.below(bytes.count))
            if let file = try? WAVFile(bytes) { #expect(file.channels.allSatisfy { !$0.isEmpty }) }
        }
    }

    @Test("A tone is found where it is and nowhere else") func tones() {
        let ringback = Tone.ringback.clip
        #expect(ringback.seconds == 5)
        #expect(ToneDetector(425).share(in: ringback.samples[..<8000]) > 0.95)
        #expect(ToneDetector(440).share(in: ringback.samples[..<8000]) < 0.05)
        #expect(ToneDetector(425).share(in: ringback.samples[8000...]) == 0)
        let both = Tone([697, 1209], onSeconds: 0.2).clip.samples
        #expect(abs(ToneDetector(697).share(in: both) - 0.5) < 0.1 && abs(ToneDetector(1209).share(in: both) - 0.5) < 0.1)
        var random = SeededRandom(seed: 5)
        let noise = (0..<8000).map { _ in Int16(random.below(20000) - 10000) }
        #expect(ToneDetector(1000).share(in: noise) < 0.02)
    }

    @Test("The music on hold never clips, is never silent for long, and joins up at its end") func music() {
        let clip = HoldMusic.clip()
        #expect(clip.seconds == 16)
        #expect(clip.samples.allSatisfy { $0.magnitude <= 11000 })
        for start in stride(from: 0, to: clip.samples.count - 800, by: 800) {
            #expect(clip.samples[start..<start + 800].contains { $0.magnitude > 100 })
        }
        // The step over the seam, and its change, are no greater than those of the 25 ms around it.
        let around = (clip.samples.suffix(200) + clip.samples.prefix(200)).map { Int($0) }
        let steps = zip(around, around.dropFirst()).map { $1 - $0 }
        let bends = zip(steps, steps.dropFirst()).map { abs($1 - $0) }
        #expect(abs(steps[199]) <= (steps[..<199] + steps[200...]).map(abs).max() ?? 0)
        #expect(bends[198...199].max() ?? .max <= (bends[..<198] + bends[200...]).max() ?? 0)
    }
}
