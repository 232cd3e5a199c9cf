// A finished recording, to be listened to: a WAV file, sealed or plain, read from any place.

internal import Audio

/// The open file. Reading blocks: for a worker queue. Whoever has it open can read on though it is deleted.
public nonisolated final class RecordingFile: Sendable {
    /// Bytes that one read gives at most.
    public static let readBytesMax = 1 << 20

    public let path: String
    /// Bytes of the WAV file, whatever the file on the disk has.
    public let byteCount: Int
    /// Another one for every file that was ever made.
    public let tag: String
    /// Of the sound, as the WAV head tells; nil: it does not begin as one of ours.
    public let seconds: Double?
    /// One for each party, see `RecordingRescue`; 2 if the head doesn't tell.
    public let channels: Int
    /// Under which key it is sealed; nil: it is plain.
    public let keyName: String?

    private let file: OpenFile
    private let sealed: Sealed?

    private struct Sealed {
        let fileKey: [UInt8]
        let chunkBytes: Int
        let chunks: Int
        let lastBytes: Int

        /// Where a chunk begins in the file, and how many bytes of sound it has.
        func place(of index: Int) -> (offset: Int, count: Int) {
            let offset = SealedHead.bytes + index * (chunkBytes + SealedHead.overheadBytes)
            return (offset, index == chunks - 1 ? lastBytes : chunkBytes)
        }
    }

    /// Opens the file, and proves of a sealed one that its head and its end are what was written.
    public init(path: String, keys: RecordingKeyring?) throws(RecordingFailure) {
        self.path = path
        file = try OpenFile(path)
        let size = try file.size()
        let start = try file.read(at: 0, count: SealedHead.bytes)
        if start.starts(with: SealedHead.magic) {
            guard start.count == SealedHead.bytes else { throw .tooShort(path: path) }
            let (head, fileKey) = try RecordingBytes.unlock(start, path: path, keys: keys)
            let whole = head.chunkBytes + SealedHead.overheadBytes
            let body = size - SealedHead.bytes
            // The last chunk is never empty and may be full.
            guard head.content == .finished, body > SealedHead.overheadBytes else { throw .damaged(path: path) }
            let chunks = (body + whole - 1) / whole
            let lastBytes = body - (chunks - 1) * whole - SealedHead.overheadBytes
            guard lastBytes > 0 else { throw .damaged(path: path) }
            let sealed = Sealed(fileKey: fileKey, chunkBytes: head.chunkBytes, chunks: chunks, lastBytes: lastBytes)
            self.sealed = sealed
            keyName = head.keyName
            byteCount = (chunks - 1) * head.chunkBytes + lastBytes
            tag = String(head.fileID.flatMap(hexadecimal))
            _ = try Self.chunk(chunks - 1, of: file, sealed, Self.cipher(sealed, path))
            let first = chunks == 1 ? lastBytes : head.chunkBytes
            let start = first < WAVFile.headerBytes ? [] : try Self.chunk(0, of: file, sealed, Self.cipher(sealed, path))
            seconds = WAVFile.seconds(inHeader: start)
            channels = WAVFile.channels(inHeader: start) ?? 2
        } else {
            // Otherwise anybody could put another sound in its place without having a key.
            guard !path.hasSuffix("." + RecordingFormat.sealedExtension) else { throw .damaged(path: path) }
            guard size >= WAVFile.headerBytes else { throw .tooShort(path: path) }
            sealed = nil
            keyName = nil
            byteCount = size
            seconds = WAVFile.seconds(inHeader: start)
            channels = WAVFile.channels(inHeader: start) ?? 2
            guard seconds != nil else { throw .notARecording(path: path) }
            tag = try "\(size)-\(file.modified())"
        }
    }

    /// Bytes of the WAV file; at most `readBytesMax`, and none behind its end. Throws rather than give a byte that was not
    /// written so.
    public func bytes(in range: Range<Int>) throws(RecordingFailure) -> [UInt8] {
        let start = max(0, range.lowerBound)
        let end = min(range.upperBound, byteCount, start + Self.readBytesMax)
        guard start < end else { return [] }
        guard let sealed else {
            let bytes = try file.read(at: start, count: end - start)
            guard bytes.count == end - start else { throw .damaged(path: path) }
            return bytes
        }
        let cipher = try Self.cipher(sealed, path)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(end - start)
        for index in start / sealed.chunkBytes...(end - 1) / sealed.chunkBytes {
            let chunk = try Self.chunk(index, of: file, sealed, cipher)
            let first = index * sealed.chunkBytes
            bytes += chunk[max(0, start - first)..<min(chunk.count, end - first)]
        }
        return bytes
    }

    /// Reads all of it. Throws if any of it cannot be read, or if the WAV head tells another length than it has.
    public func verify() throws(RecordingFailure) {
        var at = 0
        while at < byteCount { at += try bytes(in: at..<at + Self.readBytesMax).count }
        guard let seconds, Int((seconds * 8000).rounded()) * 2 * channels + WAVFile.headerBytes == byteCount else {
            throw .damaged(path: path)
        }
    }

    /// Whether both have the same sound, byte for byte.
    func hasSameSound(as other: RecordingFile) throws(RecordingFailure) -> Bool {
        guard byteCount == other.byteCount else { return false }
        var at = 0
        while at < byteCount {
            let bytes = try bytes(in: at..<at + Self.readBytesMax)
            guard try bytes == other.bytes(in: at..<at + Self.readBytesMax) else { return false }
            at += bytes.count
        }
        return true
    }

    private static func cipher(_ sealed: Sealed, _ path: String) throws(RecordingFailure) -> AESGCM {
        guard let cipher = AESGCM(key: sealed.fileKey, sealing: false) else { throw .damaged(path: path) }
        return cipher
    }

    private static func chunk(
        _ index: Int, of file: OpenFile, _ sealed: Sealed, _ cipher: AESGCM
    ) throws(RecordingFailure) -> [UInt8] {
        let (offset, count) = sealed.place(of: index)
        let isLast = index == sealed.chunks - 1
        let raw = try file.read(at: offset, count: count + SealedHead.overheadBytes)
        let prefix = SealedHead.prefix(count: count, isLast: isLast)
        guard raw.count == count + SealedHead.overheadBytes, raw.starts(with: prefix) else { throw .damaged(path: file.path) }
        let plain = raw[SealedHead.prefixBytes...].withUnsafeBytes {
            cipher.open($0, nonce: SealedHead.nonce(UInt64(index), isLast: isLast), authenticating: prefix)
        }
        guard let plain else { throw .damaged(path: file.path) }
        return plain
    }
}

/// Two hexadecimal digits.
nonisolated private func hexadecimal(_ byte: UInt8) -> [Character] {
    let digits = Array("0123456789abcdef")
    return [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
}
