// Writes the stereo file of a recording, sealed or plain.

internal import Audio
internal import Glibc

/// Takes the sound in order and, when its length is known, the WAV head that stands before it.
nonisolated final class FinishedWriter {
    /// Two seconds of sound: what a listener who jumps about has read for nothing, at most.
    static let chunkBytes = 64 * 1024

    private let file: Int32
    private let path: String
    private let seal: Seal?
    /// Sound that fills no chunk yet.
    private var rest: [UInt8] = []
    /// The first chunk waits for the WAV head in it; nil: it isn't full yet.
    private var first: [UInt8]?
    private var firstIndex: UInt64 = 0
    private var end: Int

    /// `key`: nil: the file is plain.
    init(file: Int32, path: String, key: RecordingKey?) throws(RecordingFailure) {
        self.file = file
        self.path = path
        if let key {
            let seal = try Seal(.finished, chunkBytes: Self.chunkBytes, key: key)
            self.seal = seal
            try Self.write(seal.head, at: 0, to: file, path: path)
            // The place of the WAV head.
            rest = [UInt8](repeating: 0, count: WAVFile.headerBytes)
            end = seal.head.count
        } else {
            seal = nil
            end = WAVFile.headerBytes
        }
    }

    func write(_ bytes: [UInt8]) throws(RecordingFailure) {
        guard seal != nil else {
            try Self.write(bytes, at: end, to: file, path: path)
            end += bytes.count
            return
        }
        rest += bytes
        // The last chunk has to be known as such, so one byte more than a chunk makes it full.
        var used = 0, sealed: [UInt8] = []
        sealed.reserveCapacity(rest.count + rest.count / Self.chunkBytes * SealedHead.overheadBytes)
        while rest.count - used > Self.chunkBytes {
            try take(rest[used..<used + Self.chunkBytes], to: &sealed)
            used += Self.chunkBytes
        }
        rest.removeFirst(used)
        try Self.write(sealed, at: end, to: file, path: path)
        end += sealed.count
    }

    /// Puts `head` before the sound. The file is whole after this, but not synced.
    func finish(head: [UInt8]) throws(RecordingFailure) {
        guard let seal else { return try Self.write(head, at: 0, to: file, path: path) }
        guard var first else {
            rest.replaceSubrange(0..<head.count, with: head)
            var sealed: [UInt8] = []
            try append(rest[...], index: seal.reserve(), isLast: true, to: &sealed)
            return try Self.write(sealed, at: end, to: file, path: path)
        }
        var sealed: [UInt8] = []
        try append(rest[...], index: seal.reserve(), isLast: true, to: &sealed)
        try Self.write(sealed, at: end, to: file, path: path)
        first.replaceSubrange(0..<head.count, with: head)
        sealed.removeAll(keepingCapacity: true)
        try append(first[...], index: firstIndex, isLast: false, to: &sealed)
        try Self.write(sealed, at: SealedHead.bytes, to: file, path: path)
    }

    private func take(_ chunk: ArraySlice<UInt8>, to sealed: inout [UInt8]) throws(RecordingFailure) {
        guard let seal else { return }
        guard first != nil else {
            first = Array(chunk)
            firstIndex = seal.reserve()
            end += Self.chunkBytes + SealedHead.overheadBytes
            return
        }
        try append(chunk, index: seal.reserve(), isLast: false, to: &sealed)
    }

    private func append(
        _ chunk: ArraySlice<UInt8>, index: UInt64, isLast: Bool, to sealed: inout [UInt8]
    ) throws(RecordingFailure) {
        guard let seal else { return }
        let outcome: Result<Void, RecordingFailure> = chunk.withUnsafeBytes { plain in
            do throws(RecordingFailure) {
                return .success(try seal.append(plain, index: index, isLast: isLast, to: &sealed))
            } catch { return .failure(error) }
        }
        try outcome.get()
    }

    private static func write(_ bytes: [UInt8], at place: Int, to file: Int32, path: String) throws(RecordingFailure) {
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes {
                pwrite(file, $0.baseAddress.map { $0 + offset }, bytes.count - offset, off_t(place + offset))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .disk(call: "write", path: path, code: errno) }
            offset += count
        }
    }
}
