// Reads a recording's file, running, finished or torn.

internal import Audio
internal import Glibc

/// Goes through the records of a file in order and stops at the first one that is incomplete or damaged.
nonisolated struct RecordingReader {
    /// A day: no recording is longer, and a WAV file, whose lengths have 32 bits, can hold it.
    private static let arrivalMax: UInt64 = 86_400_000_000

    let path: String
    let id: UInt64
    /// Under which key the file is sealed; nil: it is plain.
    var keyName: String? { source.keyName }
    private let source: RecordingBytes
    private var buffer: [UInt8]
    private var offset = RecordingFormat.headBytes
    private var arrival: UInt64 = 0

    init(path: String, keys: RecordingKeyring? = nil) throws(RecordingFailure) {
        self.path = path
        source = try RecordingBytes(path: path, keys: keys)
        buffer = []
        while buffer.count < RecordingFormat.headBytes, let more = try source.next() { buffer += more }
        guard buffer.count >= RecordingFormat.headBytes, buffer.starts(with: RecordingFormat.magic) else {
            // What was changed is kept: it is no longer ours to judge.
            if source.end == .damaged { throw .damaged(path: path) }
            throw buffer.count < RecordingFormat.headBytes ? .tooShort(path: path) : .notARecording(path: path)
        }
        id = buffer.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self)) }
    }

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
            guard let more = try source.next() else { return false }
            buffer += more
        }
        return true
    }
}
