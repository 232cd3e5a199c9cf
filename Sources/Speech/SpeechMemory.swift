// Speech that is ready to play, up to a number of bytes.

/// What was used longest ago goes first.
struct SpeechMemory {
    private struct Entry {
        let samples: [Int16]
        var used: UInt64
    }

    let bytesMax: Int
    private(set) var bytes = 0
    private var entries: [SpeechText: Entry] = [:]
    private var clock: UInt64 = 0

    init(bytesMax: Int) { self.bytesMax = bytesMax }

    mutating func samples(of text: SpeechText) -> [Int16]? {
        clock += 1
        entries[text]?.used = clock
        return entries[text]?.samples
    }

    mutating func keep(_ samples: [Int16], of text: SpeechText) {
        clock += 1
        let size = samples.count * 2
        guard size <= bytesMax else { return }
        if let old = entries.updateValue(Entry(samples: samples, used: clock), forKey: text) { bytes -= old.samples.count * 2 }
        bytes += size
        guard bytes > bytesMax else { return }
        // One search for many: an eighth of the room is made at once.
        let goal = max(size, bytesMax - bytesMax / 8)
        for (key, entry) in entries.sorted(by: { $0.value.used < $1.value.used }) where key != text {
            if bytes <= goal { break }
            entries[key] = nil
            bytes -= entry.samples.count * 2
        }
    }
}
