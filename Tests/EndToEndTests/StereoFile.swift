// A recording as the ears of a test hear it.

import Foundation
import Testing

/// A stereo WAV file of 16-bit samples.
struct StereoFile {
    var rate: Int
    var left: [Double]
    var right: [Double]

    var seconds: Double { Double(left.count) / Double(rate) }

    init(_ path: String) throws {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        func number(_ at: Int, _ size: Int) -> Int { (0..<size).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) } }
        try #require(bytes.count >= 44 && bytes[0..<4].elementsEqual("RIFF".utf8) && bytes[8..<12].elementsEqual("WAVE".utf8))
        rate = 8000
        (left, right) = ([], [])
        var at = 12
        while at + 8 <= bytes.count {
            let size = number(at + 4, 4)
            if bytes[at..<at + 4].elementsEqual("fmt ".utf8) {
                try #require(number(at + 10, 2) == 2 && number(at + 22, 2) == 16, "stereo, 16 bits")
                rate = number(at + 12, 4)
            } else if bytes[at..<at + 4].elementsEqual("data".utf8) {
                for frame in stride(from: at + 8, to: min(at + 8 + size, bytes.count) - 3, by: 4) {
                    left.append(Double(Int16(truncatingIfNeeded: number(frame, 2))))
                    right.append(Double(Int16(truncatingIfNeeded: number(frame + 2, 2))))
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
    func content(_ channel: KeyPath<StereoFile, [Double]>, tone: Double) -> Content {
        let samples = self[keyPath: channel]
        let size = rate / 50
        var content = Content()
        for start in stride(from: 0, to: samples.count - size + 1, by: size) {
            let frame = samples[start..<start + size]
            let energy = frame.reduce(0) { $0 + $1 * $1 }
            guard energy / Double(size) > 100 * 100 else {
                content.silence += 1
                continue
            }
            let coefficient = 2 * cos(2 * .pi * tone / Double(rate))
            var (last, before) = (0.0, 0.0)
            for sample in frame { (last, before) = (sample + coefficient * last - before, last) }
            let power = last * last + before * before - coefficient * last * before
            // A pure tone gives exactly energy * size / 2.
            if power / (energy * Double(size) / 2) > 0.8 { content.tone += 1 } else { content.other += 1 }
        }
        return content
    }
}
