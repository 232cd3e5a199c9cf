// Sound files that the phone can say: 16-bit mono at 8 kHz.

import Glibc

enum WAVReader {
    /// The samples of a 16-bit mono PCM file at 8 kHz; nil for anything else.
    static func samples(path: String) -> [Int16]? {
        guard let file = fopen(path, "rb") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 16 << 20)
        bytes.removeLast(bytes.count - fread(&bytes, 1, bytes.count, file))
        func number(_ at: Int, _ count: Int) -> Int { (0..<count).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) } }
        guard bytes.count >= 12, bytes.prefix(4).elementsEqual("RIFF".utf8) else { return nil }
        var at = 12
        while at + 8 <= bytes.count {
            let (name, length) = (bytes[at..<at + 4], number(at + 4, 4))
            let body = at + 8
            if name.elementsEqual("fmt ".utf8), length >= 16, body + 16 <= bytes.count {
                guard number(body, 2) == 1, number(body + 2, 2) == 1, number(body + 4, 4) == 8000, number(body + 14, 2) == 16
                else { return nil }
            } else if name.elementsEqual("data".utf8) {
                let end = min(bytes.count, body + length)
                return stride(from: body, to: end - 1, by: 2).map { Int16(truncatingIfNeeded: number($0, 2)) }
            }
            at = body + length + length % 2
        }
        return nil
    }
}
