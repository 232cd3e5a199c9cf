// Looks at the first chunks of a WAV file; the samples are the player's business.

/// Decides whether a WAV file is one that the player takes: PCM of 16 bits, one channel, 8 or 16 kHz.
enum WAVHeader {
    private static let chunksMax = 64

    /// What is wrong with the file, completing "the prompt …"; nil: nothing.
    static func problem(in bytes: [UInt8]) -> String? {
        guard bytes.count >= 12, text(bytes, 0) == "RIFF", text(bytes, 8) == "WAVE" else { return "is no WAV file" }
        var offset = 12
        var hasFormat = false
        for _ in 0..<chunksMax {
            guard offset + 8 <= bytes.count else { break }
            let name = text(bytes, offset)
            let size = number(bytes, offset + 4, 4)
            // The player would leave it out without a word. A program that writes into a pipe does not know the length.
            guard size <= bytes.count - offset - 8 else { return "is cut off, or its header was never finished" }
            if name == "fmt " {
                guard size >= 16, offset + 24 <= bytes.count else { return "has a broken header" }
                if let problem = formatProblem(bytes, at: offset + 8) { return problem }
                hasFormat = true
            } else if name == "data" {
                guard hasFormat else { return "has a broken header" }
                return size < 2 ? "is empty" : nil
            }
            // Chunks are padded to an even length.
            offset += 8 + size + size % 2
        }
        return "has a broken header"
    }

    private static func formatProblem(_ bytes: [UInt8], at offset: Int) -> String? {
        guard number(bytes, offset, 2) == 1 else { return "is not PCM" }
        guard number(bytes, offset + 2, 2) == 1 else { return "has more than one channel" }
        let rate = number(bytes, offset + 4, 4)
        guard rate == 8000 || rate == 16_000 else { return "has \(rate) samples per second, not 8000 or 16000" }
        guard number(bytes, offset + 14, 2) == 16 else { return "does not have 16 bits per sample" }
        return nil
    }

    private static func text(_ bytes: [UInt8], _ offset: Int) -> String {
        String(decoding: bytes[offset..<offset + 4], as: UTF8.self)
    }

    /// Little-endian.
    private static func number(_ bytes: [UInt8], _ offset: Int, _ count: Int) -> Int {
        (0..<count).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
    }
}
