// Reads a recording's file, running, finished or torn.

internal import Audio
internal import Glibc

/// Goes through the records of a file in order and stops at the first one that is incomplete or damaged.
nonisolated struct RecordingReader: ~Copyable {
    private static let chunkBytes = 256 * 1024
    /// A day: no recording is longer, and a WAV file, whose lengths have 32 bits, can hold it.
    private static let arrivalMax: UInt64 = 86_400_000_000

    let path: String
    let id: UInt64
    private let file: Int32
    private var buffer: [UInt8] = []
    private var offset = 0
    private var arrival: UInt64 = 0

    init(path: String) throws(RecordingFailure) {
        self.path = path
        file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw .disk(call: "open", path: path, code: errno) }
        var head = [UInt8](repeating: 0, count: RecordingFormat.headBytes)
        let count = read(file, &head, head.count)
        guard count == head.count, head.starts(with: RecordingFormat.magic) else {
            let code = errno
            Glibc.close(file)
            if count < 0 { throw .disk(call: "read", path: path, code: code) }
            throw count < head.count ? .tooShort(path: path) : .notARecording(path: path)
        }
        id = head.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self)) }
    }

    deinit { Glibc.close(file) }

    /// The next record and its payload; `nil` at the end.
    mutating func next() throws(RecordingFailure) -> (record: RecordingFormat.Record, payload: ArraySlice<UInt8>)? {
        guard try fill(RecordingFormat.recordBytes) else { return nil }
        let start = offset
        let record = buffer.withUnsafeBytes {
            RecordingFormat.Record(UnsafeRawBufferPointer(rebasing: $0[start..<start + RecordingFormat.recordBytes]))
        }
        guard let record, record.arrival >= arrival, record.arrival <= Self.arrivalMax,
            try fill(RecordingFormat.recordBytes + record.count)
        else { return nil }
        arrival = record.arrival
        let payload = offset + RecordingFormat.recordBytes
        offset = payload + record.count
        return (record, buffer[payload..<payload + record.count])
    }

    /// Whether `count` more bytes are there.
    private mutating func fill(_ count: Int) throws(RecordingFailure) -> Bool {
        while buffer.count - offset < count {
            buffer.removeFirst(offset)
            offset = 0
            var more = [UInt8](repeating: 0, count: Self.chunkBytes)
            let got = read(file, &more, more.count)
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw .disk(call: "read", path: path, code: errno) }
            if got == 0 { return false }
            buffer += more[..<got]
        }
        return true
    }
}
