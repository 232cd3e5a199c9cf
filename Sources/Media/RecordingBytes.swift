// The bytes of a running recording's file in order, sealed or plain.

/// Reads a file from its beginning to the end, or to where it is cut off or damaged.
nonisolated final class RecordingBytes {
    private static let pieceBytes = 256 * 1024

    /// Why there are no more bytes.
    enum End {
        /// All that is there was read; of a sealed file the last chunk was the last one.
        case whole
        /// In the middle of a chunk, or behind one that is not the last: that is where the process died.
        case cutOff
        /// A whole chunk is not what was written.
        case damaged
    }

    let path: String
    /// nil: the file is plain.
    let keyName: String?
    private(set) var end: End?
    private let file: OpenFile
    private var place = 0
    private let cipher: AESGCM?
    private var raw: [UInt8] = []
    private var offset = 0
    private var index: UInt64 = 0
    private var isOver = false

    init(path: String, keys: RecordingKeyring?) throws(RecordingFailure) {
        self.path = path
        file = try OpenFile(path)
        raw = try file.read(at: 0, count: Self.pieceBytes)
        place = raw.count
        guard raw.starts(with: SealedHead.magic) else {
            cipher = nil
            keyName = nil
            return
        }
        guard raw.count >= SealedHead.bytes else { throw .tooShort(path: path) }
        let (head, fileKey) = try Self.unlock(Array(raw[..<SealedHead.bytes]), path: path, keys: keys)
        guard head.content == .running else { throw .notARecording(path: path) }
        cipher = AESGCM(key: fileKey, sealing: false)
        keyName = head.keyName
        offset = SealedHead.bytes
    }

    /// The head of a sealed file and the file's own key.
    static func unlock(
        _ raw: [UInt8], path: String, keys: RecordingKeyring?
    ) throws(RecordingFailure) -> (head: SealedHead, fileKey: [UInt8]) {
        guard let head = SealedHead(raw) else { throw .damaged(path: path) }
        guard let key = keys?.key(head.keyName, id: head.keyID) else { throw .noKey(name: head.keyName, path: path) }
        guard let fileKey = head.fileKey(by: key) else { throw .damaged(path: path) }
        return (head, fileKey)
    }

    /// More bytes; nil: `end` says why there are none.
    func next() throws(RecordingFailure) -> [UInt8]? {
        if end != nil { return nil }
        guard let cipher else {
            defer { raw = [] }
            if raw.isEmpty { raw = try more() }
            if raw.isEmpty { end = .whole }
            return raw.isEmpty ? nil : raw
        }
        guard try fill(SealedHead.prefixBytes) else { return over(.cutOff) }
        let prefix = Array(raw[offset..<offset + SealedHead.prefixBytes])
        let number = SealedHead.number(prefix[...])
        let count = Int(number & ~SealedHead.lastMark), isLast = number & SealedHead.lastMark != 0
        guard count <= SealedHead.chunkBytesMax else { return over(.damaged) }
        guard try fill(count + SealedHead.overheadBytes) else { return over(.cutOff) }
        let start = offset + SealedHead.prefixBytes
        let plain = raw[start..<start + count + AESGCM.tagBytes].withUnsafeBytes {
            cipher.open($0, nonce: SealedHead.nonce(index, isLast: isLast), authenticating: prefix)
        }
        guard let plain else { return over(.damaged) }
        offset = start + count + AESGCM.tagBytes
        index += 1
        if isLast { end = try fill(1) ? .damaged : .whole }
        return plain
    }

    private func over(_ end: End) -> [UInt8]? {
        self.end = end
        return nil
    }

    private func fill(_ count: Int) throws(RecordingFailure) -> Bool {
        while raw.count - offset < count {
            guard !isOver else { return false }
            if offset > 0 {
                raw.removeFirst(offset)
                offset = 0
            }
            let bytes = try more()
            isOver = bytes.isEmpty
            raw += bytes
        }
        return true
    }

    private func more() throws(RecordingFailure) -> [UInt8] {
        let bytes = try file.read(at: place, count: Self.pieceBytes)
        place += bytes.count
        return bytes
    }
}
