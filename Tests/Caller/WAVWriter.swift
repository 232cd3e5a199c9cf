// Writes what was heard: WAV, 16-bit mono at 8 kHz.

import Glibc

/// Appends samples; the header is mended after each second, so that the file is readable after a kill.
final class WAVWriter {
    private let file: UnsafeMutablePointer<FILE>
    private var samples = 0

    init?(path: String) {
        guard let file = fopen(path, "wb") else { return nil }
        self.file = file
        writeHeader()
    }

    func append(_ frame: [Int16]) {
        fwrite(frame, 2, frame.count, file)
        let secondsBefore = samples / 8000
        samples += frame.count
        if samples / 8000 != secondsBefore { writeHeader() }
    }

    func finish() {
        writeHeader()
        fclose(file)
    }

    private func writeHeader() {
        func bytes(_ number: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) } }
        let length = samples * 2
        let header =
            Array("RIFF".utf8) + bytes(36 + length, 4) + Array("WAVEfmt ".utf8) + bytes(16, 4) + bytes(1, 2) + bytes(1, 2)
            + bytes(8000, 4) + bytes(16_000, 4) + bytes(2, 2) + bytes(16, 2) + Array("data".utf8) + bytes(length, 4)
        fseek(file, 0, SEEK_SET)
        fwrite(header, 1, header.count, file)
        fseek(file, 0, SEEK_END)
        fflush(file)
    }
}
