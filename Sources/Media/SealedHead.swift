// What stands at the beginning of a sealed file.

/// A recording's file, sealed. All numbers are little-endian. The head has 148 bytes:
///
///     0    8 bytes   "SWBSEAL\n"
///     8    UInt8     version: 1
///     9    UInt8     1 a running recording, in chunks of any size; 2 a finished one, in chunks of one size
///     10   UInt8     bytes of the key's name
///     11   UInt8     0
///     12   UInt32    bytes of sound in each chunk but the last; 0 in a running recording
///     16   16 bytes  the file's own name, random
///     32   8 bytes   id of the key that wraps the file's own key
///     40   48 bytes  name of that key, UTF-8, filled with zeros
///     88   12 bytes  nonce
///     100  32 bytes  the file's own random key, sealed by that key with everything before the nonce authenticated
///     132  16 bytes  tag
///
/// Then come chunks, counted from 0:
///
///     0    UInt32    bytes of sound in this chunk; the highest bit: it is the last one
///     4    n bytes   AES-256-GCM under the file's own key
///     4+n  16 bytes  tag
///
/// The nonce of a chunk is the mark of the last one, three zeros and its number; the first four bytes are authenticated. So
/// a chunk that stands elsewhere, a missing one and a cut-off end are noticed. The file's own key seals one file only.
nonisolated struct SealedHead: Hashable, Sendable {
    static let magic = Array("SWBSEAL\n".utf8)
    static let version: UInt8 = 1
    static let bytes = 148
    static let keyIDBytes = 8
    static let fileIDBytes = 16
    private static let authenticatedBytes = 88
    private static let nameOffset = 40
    private static let keyOffset = 100

    /// Sound in a chunk, at most; a longer one is no chunk of ours.
    static let chunkBytesMax = 1 << 20
    static let prefixBytes = 4
    /// What a chunk has beside its sound.
    static let overheadBytes = prefixBytes + AESGCM.tagBytes
    static let lastMark: UInt32 = 1 << 31

    enum Content: UInt8, Sendable { case running = 1, finished = 2 }

    let content: Content
    let chunkBytes: Int
    let fileID: [UInt8]
    let keyID: [UInt8]
    let keyName: String
    private let raw: [UInt8]

    /// Makes the head of a new file and its own key; nil: OpenSSL has no random bytes.
    static func make(_ content: Content, chunkBytes: Int, key: RecordingKey) -> (head: [UInt8], fileKey: [UInt8])? {
        guard let fileID = AESGCM.random(fileIDBytes), let fileKey = AESGCM.random(AESGCM.keyBytes),
            let nonce = AESGCM.random(AESGCM.nonceBytes), let wrap = AESGCM(key: key.secret, sealing: true)
        else { return nil }
        let name = Array(key.name.utf8)
        var head = magic + [version, content.rawValue, UInt8(clamping: name.count), 0]
        withUnsafeBytes(of: UInt32(clamping: chunkBytes).littleEndian) { head += $0 }
        head += fileID + key.id + name + [UInt8](repeating: 0, count: RecordingKey.nameBytesMax - name.count)
        var wrapped = [UInt8](repeating: 0, count: fileKey.count + AESGCM.tagBytes)
        let isSealed = wrapped.withUnsafeMutableBytes { target in
            fileKey.withUnsafeBytes { plain in
                target.baseAddress.map { wrap.seal(plain, nonce: nonce, authenticating: head, to: $0) } ?? false
            }
        }
        return isSealed ? (head + nonce + wrapped, fileKey) : nil
    }

    /// Reads a head; nil: these bytes are none. Nothing of it is proved before `fileKey(by:)` has succeeded.
    init?(_ raw: [UInt8]) {
        guard raw.count == Self.bytes, raw.starts(with: Self.magic), raw[8] == Self.version, raw[11] == 0,
            let content = Content(rawValue: raw[9]), (1...RecordingKey.nameBytesMax).contains(Int(raw[10]))
        else { return nil }
        let name = raw[Self.nameOffset..<Self.nameOffset + Int(raw[10])]
        let chunkBytes = Int(Self.number(raw[12..<16]))
        guard let keyName = String(validating: name, as: UTF8.self),
            content == .running ? chunkBytes == 0 : (1...Self.chunkBytesMax).contains(chunkBytes)
        else { return nil }
        self.content = content
        self.chunkBytes = chunkBytes
        self.keyName = keyName
        fileID = Array(raw[16..<32])
        keyID = Array(raw[32..<40])
        self.raw = raw
    }

    /// The file's own key; nil: this is not the key, or the head is not what it was.
    func fileKey(by key: RecordingKey) -> [UInt8]? {
        guard let wrap = AESGCM(key: key.secret, sealing: false) else { return nil }
        let nonce = Array(raw[Self.authenticatedBytes..<Self.keyOffset])
        let known = Array(raw[..<Self.authenticatedBytes])
        return raw[Self.keyOffset...].withUnsafeBytes { wrap.open($0, nonce: nonce, authenticating: known) }
    }

    // MARK: Chunks

    static func number(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }

    static func prefix(count: Int, isLast: Bool) -> [UInt8] {
        withUnsafeBytes(of: (UInt32(clamping: count) | (isLast ? lastMark : 0)).littleEndian) { Array($0) }
    }

    static func nonce(_ index: UInt64, isLast: Bool) -> [UInt8] {
        [isLast ? 1 : 0, 0, 0, 0] + withUnsafeBytes(of: index.littleEndian) { Array($0) }
    }
}
