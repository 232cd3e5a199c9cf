// A browser in a conference: its Opus decoded, mixed with two others, and the sum encoded for it.

import Audio
import LoadKit
import Media
import RTP
import WebRTC

final class OpusBench {
    private let packets: [[UInt8]]
    private let decoder: OpusDecoder
    private let encoder: OpusEncoder
    private let law = LawConverter(.a)
    private let mixer = AudioMixer()
    private let seat = ConferenceSeat(0)
    private let others: [[Int16]]
    private let payload = UnsafeMutableRawPointer.allocate(byteCount: 2048, alignment: 16)
    private let mixed = UnsafeMutablePointer<Int16>.allocate(capacity: AudioMixer.frame)
    private var sink = 0

    init() throws {
        decoder = try OpusDecoder()
        encoder = try OpusEncoder()
        let speaker = try OpusEncoder()
        let voice = Self.voice(pitch: 110, seconds: 2)
        packets = (0..<100).map { number in
            var bytes = [UInt8](repeating: 0, count: OpusEncoder.payloadBytesMax)
            let count = voice.withUnsafeBufferPointer {
                speaker.encode($0.baseAddress! + number * AudioMixer.frame, samples: AudioMixer.frame, into: &bytes)
            }
            return Array(bytes[..<count])
        }
        others = [Self.voice(pitch: 180, seconds: 2), Self.voice(pitch: 85, seconds: 2)]
    }

    isolated deinit {
        payload.deallocate()
        mixed.deallocate()
    }

    /// Something like speech: a pitch with its overtones, syllables and a little noise.
    private static func voice(pitch: Double, seconds: Double) -> [Int16] {
        let tones = (1...12).map { Tone([pitch * Double($0)], level: -24 - Double($0) * 1.5, onSeconds: seconds).clip.samples }
        var noise: UInt32 = 1
        return (0..<Int(seconds * 8000)).map { index in
            noise = noise &* 1_664_525 &+ 1_013_904_223
            let syllable = Double(index % 1600 < 1100 ? index % 1600 : 0) / 1100
            let sum = tones.reduce(0.0) { $0 + Double($1[index]) } * syllable + Double(Int32(bitPattern: noise) >> 24)
            return Int16(max(-32000, min(32000, sum)))
        }
    }

    /// Microseconds for one frame.
    func measure(frames: Int) throws -> Double {
        let began = thread_microseconds()
        for number in 0..<frames { run(number) }
        let spent = thread_microseconds() - began
        precondition(sink > 0, "nothing was encoded")
        return spent / Double(frames)
    }

    private func run(_ number: Int) {
        let count = packets[number % packets.count].withUnsafeBytes { decoder.decode(.packet, $0, law: .a, into: payload) }
        let header = RTPHeader(
            payloadType: 8, sequence: UInt16(truncatingIfNeeded: number),
            timestamp: UInt32(truncatingIfNeeded: number * AudioMixer.frame), source: 1, payloadCount: count)
        mixer.begin()
        seat.receive(header, payload, law, jitter: 0)
        if seat.pull(into: mixer.frame(of: 0)) { mixer.sound(0) }
        for (place, other) in others.enumerated() {
            let start = number % 100 * AudioMixer.frame
            other.withUnsafeBufferPointer {
                mixer.frame(of: place + 1).update(from: $0.baseAddress! + start, count: AudioMixer.frame)
            }
            mixer.sound(place + 1)
        }
        if mixer.mix(heard: 0b110, into: mixed) {
            sink &+= encoder.encode(mixed, samples: AudioMixer.frame, into: payload)
        }
    }

    /// The baseline: libopus decodes and encodes the same, and nothing is mixed.
    func measureAlone(frames: Int) throws -> Double {
        let decoder = try OpusDecoder(), encoder = try OpusEncoder()
        let began = thread_microseconds()
        for number in 0..<frames {
            sink &+= packets[number % packets.count].withUnsafeBytes { decoder.decode(.packet, $0, law: .a, into: payload) }
            sink &+= others[0].withUnsafeBufferPointer {
                encoder.encode($0.baseAddress! + number % 100 * AudioMixer.frame, samples: AudioMixer.frame, into: payload)
            }
        }
        return (thread_microseconds() - began) / Double(frames)
    }
}
