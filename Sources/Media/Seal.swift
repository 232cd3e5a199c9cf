// Seals the chunks of one file.

/// The file's own key and the number of the next chunk. Each number seals one chunk only.
nonisolated final class Seal {
    /// What the file begins with.
    let head: [UInt8]
    private let cipher: AESGCM
    private var next: UInt64 = 0

    init(_ content: SealedHead.Content, chunkBytes: Int = 0, key: RecordingKey) throws(RecordingFailure) {
        guard let (head, fileKey) = SealedHead.make(content, chunkBytes: chunkBytes, key: key),
            let cipher = AESGCM(key: fileKey, sealing: true)
        else { throw .notSealed }
        self.head = head
        self.cipher = cipher
    }

    /// Takes the number of the next chunk, for one that is sealed later.
    func reserve() -> UInt64 {
        defer { next += 1 }
        return next
    }

    /// Appends the next chunk to `target`.
    func append(_ plain: UnsafeRawBufferPointer, isLast: Bool, to target: inout [UInt8]) throws(RecordingFailure) {
        try append(plain, index: reserve(), isLast: isLast, to: &target)
    }

    /// Appends the chunk whose number was reserved, once.
    func append(
        _ plain: UnsafeRawBufferPointer, index: UInt64, isLast: Bool, to target: inout [UInt8]
    ) throws(RecordingFailure) {
        guard plain.count <= SealedHead.chunkBytesMax else { throw .notSealed }
        let prefix = SealedHead.prefix(count: plain.count, isLast: isLast)
        target += prefix
        let start = target.count
        target.append(contentsOf: repeatElement(0, count: plain.count + AESGCM.tagBytes))
        let isSealed = target.withUnsafeMutableBytes { bytes in
            bytes.baseAddress.map {
                cipher.seal(
                    plain, nonce: SealedHead.nonce(index, isLast: isLast), authenticating: prefix, to: $0 + start)
            } ?? false
        }
        if !isSealed { throw .notSealed }
    }
}
