// A WAV file as the ears of a test hear it.

import Foundation
import Testing

/// A WAV file of 16-bit samples: one channel, or the caller's left and the agent's right.
struct SoundFile {
    var rate = 8000
    var channels: [[Double]] = []

    var seconds: Double { Double(channels.first?.count ?? 0) / Double(rate) }

    init(_ path: String) throws { try self.init(bytes: [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))) }

    init(bytes: [UInt8]) throws {
        func number(_ at: Int, _ size: Int) -> Int { (0..<size).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) } }
        try #require(bytes.count >= 44 && bytes[0..<4].elementsEqual("RIFF".utf8) && bytes[8..<12].elementsEqual("WAVE".utf8))
        var at = 12
        while at + 8 <= bytes.count {
            let size = number(at + 4, 4)
            if bytes[at..<at + 4].elementsEqual("fmt ".utf8) {
                try #require(number(at + 22, 2) == 16, "16 bits")
                rate = number(at + 12, 4)
                channels = Array(repeating: [], count: number(at + 10, 2))
            } else if bytes[at..<at + 4].elementsEqual("data".utf8) {
                let width = 2 * channels.count
                // A recorder that was killed may have left the size at nothing: then the rest of the file is data.
                let end = size == 0 ? bytes.count : min(at + 8 + size, bytes.count)
                for frame in stride(from: at + 8, to: end - width + 1, by: width) {
                    for channel in channels.indices {
                        channels[channel].append(Double(Int16(truncatingIfNeeded: number(frame + 2 * channel, 2))))
                    }
                }
            }
            at += 8 + size + size % 2
        }
    }

    /// What a channel holds, in frames of 20 ms.
    struct Content {
        var tone = 0
        var silence = 0
        var other = 0
    }

    /// Counts frames whose energy is at the tone (Goertzel), that are silent, and that are anything else.
    func content(_ channel: Int, tone: Double, seconds: ClosedRange<Double>? = nil) -> Content {
        let all = channels[channel]
        func place(_ second: Double) -> Int { min(max(0, Int(second * Double(rate))), all.count) }
        let samples = seconds.map { Array(all[place($0.lowerBound)..<place($0.upperBound)]) } ?? all
        let size = rate / 50
        let coefficient = 2 * cos(2 * .pi * tone / Double(rate))
        var content = Content()
        for start in stride(from: 0, to: samples.count - size + 1, by: size) {
            let frame = samples[start..<start + size]
            let energy = frame.reduce(0) { $0 + $1 * $1 }
            guard energy / Double(size) > 100 * 100 else {
                content.silence += 1
                continue
            }
            var (last, before) = (0.0, 0.0)
            for sample in frame { (last, before) = (sample + coefficient * last - before, last) }
            let power = last * last + before * before - coefficient * last * before
            // A pure tone gives exactly energy * size / 2.
            if power / (energy * Double(size) / 2) > 0.8 { content.tone += 1 } else { content.other += 1 }
        }
        return content
    }
}
