// Scripts/bench record: how many stereo files one worker makes in a second of calls of three minutes, encrypted and plain.
// usage: RecordBench FOLDER FILES

import Audio
import Foundation
import Glibc
import Media

let arguments = CommandLine.arguments
guard arguments.count == 3, let files = Int(arguments[2]), files > 0 else { exit(64) }
let folder = arguments[1]
let seconds = 180

func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

func row(_ name: String, _ value: Double) {
    print("\(name): \(String(format: "%.1f", value))")
    fflush(nil)
}

/// As RecordingFormat describes it: a head of 24 bytes and 20 ms of sound.
func record(_ kind: UInt8, side: UInt8, index: Int, sound: ArraySlice<UInt8>) -> [UInt8] {
    func little<T: FixedWidthInteger>(_ value: T) -> [UInt8] { withUnsafeBytes(of: value.littleEndian) { Array($0) } }
    var head = [kind, side, 1, 0] + little(UInt16(sound.count)) + [0, 0] + little(UInt64(index) * 20_000)
    head += little(UInt32(index * 160)) + little(UInt32(side) + 1)
    var sum: UInt16 = 0xA55A
    for place in stride(from: 0, to: head.count, by: 2) { sum ^= UInt16(head[place]) | UInt16(head[place + 1]) << 8 }
    head.replaceSubrange(6..<8, with: little(sum))
    return head + sound
}

/// What a call of three minutes leaves, in pieces of a second as the daemon writes them.
func write(_ path: String, _ sealing: RecordingWriter.Sealing, _ sound: [UInt8]) throws {
    let writer = RecordingWriter(path: path, sealing: sealing)
    try writer.open(head: Array("SWBREC1\n".utf8) + [UInt8](repeating: 0, count: 24))
    for second in 0..<seconds {
        var piece: [UInt8] = []
        for index in second * 50..<second * 50 + 50 {
            let start = index * 160 % (sound.count - 160)
            for side in 0...1 as ClosedRange<UInt8> {
                piece += record(1, side: side, index: index, sound: sound[start..<start + 160])
            }
        }
        try writer.write(piece)
    }
    try writer.write(record(4, side: 0, index: seconds * 50, sound: []), isLast: true)
    writer.close()
}

do {
    var generator = SystemRandomNumberGenerator()
    let sound = (0..<50_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
    guard let key = RecordingKey(secret: Array(repeating: 5, count: RecordingKey.bytes)) else { exit(70) }
    let keys = RecordingKeyring(current: key)
    for (name, sealing, keys) in [
        ("stereo_files_per_s", RecordingWriter.Sealing.key(key), keys), ("stereo_files_per_s_plain", .plain, nil),
    ] as [(String, RecordingWriter.Sealing, RecordingKeyring?)] {
        let paths = (0..<files).map { "\(folder)/recording-\($0).swrec" }
        for path in paths { try write(path, sealing, sound) }
        let began = now()
        let saved = try paths.map { try RecordingRescue.rescue($0, keys: keys) }
        row(name, Double(files) / (now() - began))
        guard saved.allSatisfy({ abs($0.seconds - Double(seconds)) < 0.1 }) else { throw CocoaError(.fileReadCorruptFile) }
        if keys != nil {
            let began = now()
            var bytes = 0
            for one in saved {
                let file = try RecordingFile(path: one.path, keys: keys)
                try file.verify()
                bytes += file.byteCount
            }
            row("listen_mb_per_s", Double(bytes) / 1e6 / (now() - began))
        }
        for path in paths + saved.map(\.path) { unlink(path) }
    }
} catch {
    try? FileHandle.standardError.write(contentsOf: Data("failed: \(error)\n".utf8))
    exit(1)
}
