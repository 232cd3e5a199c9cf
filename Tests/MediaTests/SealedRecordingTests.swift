// Encrypted recordings: what is written comes back, and nothing else ever does.

import Audio
import Basics
import Foundation
import Glibc
import Testing

@testable import Media

@Suite nonisolated struct SealedRecordingTests {
    private final class Folder {
        let path = NSTemporaryDirectory() + "switchboard-sealed-" + UUID().uuidString
        init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
        deinit { try? FileManager.default.removeItem(atPath: path) }

        func write(_ bytes: [UInt8], _ name: String) throws -> String {
            // A new file each time: to write over one makes the file system write it to the disk.
            unlink(path + "/" + name)
            try Data(bytes).write(to: URL(fileURLWithPath: path + "/" + name))
            return path + "/" + name
        }
        func read(_ name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: path + "/" + name))) }
    }

    private func key(_ byte: UInt8 = 7, name: String = RecordingKey.house) throws -> RecordingKey {
        try #require(RecordingKey(name: name, secret: Array(repeating: byte, count: 32)))
    }

    /// Sound of `count` packets of 20 ms, the n-th of which says n.
    private func sound(_ range: Range<Int>, _ kind: RecordingFormat.Kind = .sound) -> [UInt8] {
        range.flatMap { index in
            var record = [UInt8](repeating: 0, count: RecordingFormat.recordBytes)
            let frame = RecordingFormat.Frame(track: .caller, law: .a, timestamp: UInt32(index * 160), source: 1)
            let count = kind == .sound ? 160 : 0
            record.withUnsafeMutableBytes { bytes in
                bytes.baseAddress.map {
                    RecordingFormat.Record(kind, frame, count: count, arrival: UInt64(index) * 20_000).write(to: $0)
                }
            }
            return record + [UInt8](repeating: UInt8(truncatingIfNeeded: index), count: count)
        }
    }

    /// A running file of three seconds, in chunks of one second. `isLast`: it was stopped.
    private func running(_ folder: Folder, key: RecordingKey?, isLast: Bool = true, name: String = "recording-3.swrec") throws {
        let writer = RecordingWriter(path: folder.path + "/" + name, sealing: key.map { .key($0) } ?? .plain)
        try writer.open(head: RecordingFormat.head(id: 3, started: 0))
        for second in 0..<3 { try writer.write(sound(second * 50..<second * 50 + 50)) }
        if isLast { try writer.write(sound(150..<151, .end), isLast: true) }
        #expect(writer.close())
    }

    @Test("A sealed recording gives the same WAV file as a plain one, and no sample of it is on the disk")
    func same() throws {
        let folder = try Folder(), plain = try Folder(), keys = RecordingKeyring(current: try key())
        try running(folder, key: keys.current)
        try running(plain, key: nil)
        let raw = try folder.read("recording-3.swrec")
        let needle = Data([UInt8](repeating: 7, count: 100))
        #expect(Data(try plain.read("recording-3.swrec")).range(of: needle) != nil)
        #expect(Data(raw).range(of: needle) == nil && Data(raw).range(of: Data(RecordingFormat.magic)) == nil)
        let saved = try RecordingRescue.rescue(folder.path + "/recording-3.swrec", keys: keys)
        let other = try RecordingRescue.rescue(plain.path + "/recording-3.swrec")
        #expect(saved.seconds == 3 && other.seconds == 3 && saved.path.hasSuffix("/recording-3.swsealed"))
        let file = try RecordingFile(path: saved.path, keys: keys)
        let whole = try plain.read("recording-3.wav")
        #expect(file.byteCount == whole.count && file.seconds == 3 && file.keyName == "house")
        #expect(try file.bytes(in: 0..<file.byteCount) == whole)
        try file.verify()
        // The plain one is read by the same reader.
        let old = try RecordingFile(path: other.path, keys: keys)
        #expect(try old.bytes(in: 0..<old.byteCount) == whole && old.keyName == nil && old.seconds == 3)
        #expect(file.tag != old.tag)
        // From any place, over the borders of chunks.
        var random = SeededRandom(seed: 4)
        for _ in 0..<200 {
            let from = random.below(whole.count), to = from + random.below(70_000)
            #expect(try file.bytes(in: from..<to) == Array(whole[from..<min(to, whole.count)]))
        }
        #expect(try file.bytes(in: whole.count..<whole.count + 5) == [] && file.bytes(in: -5..<3) == Array(whole[..<3]))
        // Made again it is another file with the same sound, so it is the same one.
        #expect(try RecordingRescue.rescue(folder.path + "/recording-3.swrec", keys: keys) == saved)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 2)
        // What an older version wrote plainly is sealed when it is finished now.
        let late = try RecordingRescue.rescue(plain.path + "/recording-3.swrec", keys: keys)
        #expect(late.path.hasSuffix(".swsealed"))
        let sealed = try RecordingFile(path: late.path, keys: keys)
        #expect(try sealed.bytes(in: 0..<sealed.byteCount) == whole)
    }

    @Test("Cut off at any byte, a running file gives all sound up to the last complete chunk")
    func cutOff() throws {
        let folder = try Folder(), keys = RecordingKeyring(current: try key())
        try running(folder, key: keys.current)
        let raw = try folder.read("recording-3.swrec")
        let second = 50 * (RecordingFormat.recordBytes + 160) + SealedHead.overheadBytes
        let start = SealedHead.bytes + SealedHead.overheadBytes + RecordingFormat.headBytes
        var random = SeededRandom(seed: 9)
        for _ in 0..<60 {
            let count = start + random.below(raw.count - start)
            let path = try folder.write(Array(raw[..<count]), "recording-3-cut.swrec")
            let saved = try RecordingRescue.rescue(path, keys: keys)
            #expect(saved.seconds == Double(min(3, (count - start) / second)), "cut to \(count)")
        }
        for count in [0, 8, SealedHead.bytes - 1, SealedHead.bytes, start - 1] {
            let path = try folder.write(Array(raw[..<count]), "short.swrec")
            #expect(throws: RecordingFailure.tooShort(path: path)) { try RecordingRescue.rescue(path, keys: keys) }
        }
    }

    @Test("Without its key nothing is read and nothing removed; each name has its own key, and a destroyed one takes its own")
    func keys() throws {
        let folder = try Folder()
        let house = try key(1), old = try key(2), customer = try key(3, name: "customer-8")
        try running(folder, key: customer)
        let path = folder.path + "/recording-3.swrec"
        for keys in [nil, RecordingKeyring(current: house), RecordingKeyring(current: house, others: [old])] {
            #expect(throws: RecordingFailure.noKey(name: "customer-8", path: path)) {
                try RecordingRescue.rescue(path, keys: keys)
            }
        }
        // Another key under the same name does not pass for it.
        let false1 = RecordingKeyring(current: house, others: [try key(4, name: "customer-8")])
        #expect(throws: RecordingFailure.noKey(name: "customer-8", path: path)) {
            try RecordingRescue.rescue(path, keys: false1)
        }
        let all = RecordingKeyring(current: house, others: [old, customer])
        let saved = try RecordingRescue.rescue(path, keys: all)
        #expect(try RecordingFile(path: saved.path, keys: all).keyName == "customer-8", "the finished file has the same key")
        #expect(throws: RecordingFailure.noKey(name: "customer-8", path: saved.path)) {
            try RecordingFile(path: saved.path, keys: RecordingKeyring(current: house))
        }
        // What was sealed before the house's key was changed still opens.
        try running(folder, key: old, name: "recording-4.swrec")
        let changed = RecordingKeyring(current: house, others: [old])
        let again = try RecordingRescue.rescue(folder.path + "/recording-4.swrec", keys: changed)
        _ = try RecordingFile(path: again.path, keys: RecordingKeyring(current: house))
        #expect(RecordingKey(secret: [1, 2, 3]) == nil && RecordingKey(name: "", secret: house.secret) == nil)
        #expect(!"\(house)".contains("1") && FileManager.default.fileExists(atPath: path))
    }

    @Test("20,000 seeded changes of a finished file: it is refused, or what it gives is what was written")
    func mutations() throws {
        let folder = try Folder(), keys = RecordingKeyring(current: try key())
        // Four chunks of 64 bytes and one of 12: the same rules as with 64 KiB, and quick.
        let seal = try Seal(.finished, chunkBytes: 64, key: keys.current)
        let frames = 56
        let wav = WAVFile.header(frames: frames, channels: 2, sampleRate: 8000) + (0..<frames * 4).map { UInt8($0 & 0xFF) }
        var raw = seal.head
        for start in stride(from: 0, to: wav.count, by: 64) {
            let chunk = Array(wav[start..<min(start + 64, wav.count)])
            let isLast = start + 64 >= wav.count
            try chunk.withUnsafeBytes { try seal.append($0, isLast: isLast, to: &raw) }
        }
        let chunk = 64 + SealedHead.overheadBytes
        var random = SeededRandom(seed: 20_261_122), refused = 0, given = 0
        for round in 0..<20_000 {
            let changed = mutate(raw, chunk, &random)
            let path = try folder.write(changed, "recording-1.swsealed")
            do {
                let file = try RecordingFile(path: path, keys: keys)
                for _ in 0..<2 {
                    let from = random.below(wav.count), to = min(wav.count, from + 1 + random.below(90))
                    guard let bytes = try? file.bytes(in: from..<to) else { continue }
                    given += 1
                    if bytes != Array(wav[from..<to]) { Issue.record("wrong sound in round \(round)") }
                }
                #expect(file.byteCount == wav.count, "round \(round)")
                if changed != raw { #expect(throws: RecordingFailure.self) { try file.verify() } }
            } catch { refused += 1 }
        }
        #expect(refused > 10_000 && given > 1000, "\(refused) refused, \(given) given")
    }

    /// One to three changes: a bit, a byte, a cut, a piece more, two chunks changed over, one left out, one twice.
    private func mutate(_ raw: [UInt8], _ chunk: Int, _ random: inout SeededRandom) -> [UInt8] {
        var bytes = raw
        for _ in 0...random.below(3) {
            let chunks = (bytes.count - SealedHead.bytes) / chunk
            func place(_ index: Int) -> Range<Int> {
                let start = SealedHead.bytes + index * chunk
                return start..<start + chunk
            }
            switch random.below(8) {
            case 0...2 where !bytes.isEmpty: bytes[random.below(bytes.count)] ^= 1 << UInt8(random.below(8))
            case 3 where !bytes.isEmpty: bytes[random.below(bytes.count)] = UInt8(random.below(256))
            case 4 where !bytes.isEmpty: bytes.removeLast(random.below(bytes.count))
            case 5: bytes += (0..<random.below(100)).map { _ in UInt8(random.below(256)) }
            case 6 where chunks > 1:
                let (a, b) = (place(random.below(chunks)), place(random.below(chunks)))
                let first = Array(bytes[a]), second = Array(bytes[b])
                bytes.replaceSubrange(a, with: second)
                bytes.replaceSubrange(b, with: first)
            case 7 where chunks > 1:
                let index = random.below(chunks)
                if random.below(2) == 0 {
                    bytes.removeSubrange(place(index))
                } else {
                    bytes.insert(contentsOf: Array(bytes[place(index)]), at: place(index).upperBound)
                }
            default: break
            }
        }
        return bytes
    }

    @Test("2,000 seeded changes of a running file: what it gives is a beginning of what was written")
    func runningMutations() throws {
        let folder = try Folder(), keys = RecordingKeyring(current: try key())
        let seal = try Seal(.running, key: keys.current)
        var raw = seal.head, plain: [UInt8] = []
        for index in 0..<6 {
            let bytes = index == 0 ? RecordingFormat.head(id: 1, started: 0) : (0..<32).map { UInt8($0 + index * 32 & 0xFF) }
            plain += bytes
            try bytes.withUnsafeBytes { try seal.append($0, isLast: index == 5, to: &raw) }
        }
        var random = SeededRandom(seed: 11), whole = 0
        for round in 0..<2000 {
            let changed = mutate(raw, 32 + SealedHead.overheadBytes, &random)
            let path = try folder.write(changed, "recording-1.swrec")
            guard let source = try? RecordingBytes(path: path, keys: keys) else { continue }
            guard source.keyName != nil else {
                // It passes for a plain file, but not for a recording.
                if (try? RecordingReader(path: path, keys: keys)) != nil { Issue.record("taken for plain in round \(round)") }
                continue
            }
            var got: [UInt8] = []
            while let more = try source.next() { got += more }
            if !plain.starts(with: got) { Issue.record("wrong sound in round \(round)") }
            if source.end == .whole, changed != raw { Issue.record("a changed file passes for whole in round \(round)") }
            whole += source.end == .whole ? 1 : 0
        }
        #expect(whole < 300)
    }
}
