// A finished recording as people listen to it: with a channel for each party, or in stereo.

internal import Audio

/// The bytes of a WAV file that stands on the disk, or is made of one that does. Reading blocks: for a worker queue.
public nonisolated struct RecordingSound: Sendable {
    public enum Form: Sendable {
        /// A channel for each party, as it stands on the disk.
        case parties
        /// Caller left, all others together right.
        case stereo
    }

    /// Bytes of the WAV file.
    public let byteCount: Int
    /// Another one for every file and form.
    public let tag: String
    private let file: RecordingFile
    private let isMixed: Bool

    public init(_ file: RecordingFile, _ form: Form) {
        self.file = file
        isMixed = form == .stereo && file.channels > 2
        let frames = max(0, file.byteCount - WAVFile.headerBytes) / (2 * file.channels)
        byteCount = isMixed ? WAVFile.headerBytes + frames * Self.frameBytes : file.byteCount
        tag = isMixed ? file.tag + "-stereo" : file.tag
    }

    private static let frameBytes = 4

    /// Bytes of the WAV file: at least one but behind its end, and perhaps fewer than asked for.
    public func bytes(in range: Range<Int>) throws(RecordingFailure) -> [UInt8] {
        guard isMixed else { return try file.bytes(in: range) }
        let start = max(0, range.lowerBound), head = WAVFile.headerBytes
        let end = min(range.upperBound, byteCount, start + RecordingFile.readBytesMax)
        guard start < end else { return [] }
        let frames = (byteCount - head) / Self.frameBytes
        guard start >= head else {
            return Array(WAVFile.header(frames: frames, channels: 2, sampleRate: 8000)[start..<min(end, head)])
        }
        let wide = 2 * file.channels
        let first = (start - head) / Self.frameBytes
        let count = min((end - head + Self.frameBytes - 1) / Self.frameBytes - first, RecordingFile.readBytesMax / wide)
        let sound = try file.bytes(in: head + first * wide..<head + (first + count) * wide)
        let mixed = Self.mix(sound, channels: file.channels)
        let offset = start - head - first * Self.frameBytes
        return Array(mixed[offset..<min(mixed.count, offset + end - start)])
    }

    private static func mix(_ sound: [UInt8], channels: Int) -> [UInt8] {
        var mixed: [UInt8] = []
        mixed.reserveCapacity(sound.count / channels * 2)
        func sample(_ at: Int) -> Int { Int(Int16(bitPattern: UInt16(sound[at]) | UInt16(sound[at + 1]) << 8)) }
        for frame in stride(from: 0, to: sound.count - 2 * channels + 1, by: 2 * channels) {
            var others = 0
            for channel in 1..<channels { others += sample(frame + 2 * channel) }
            for value in [Int16(truncatingIfNeeded: sample(frame)), Int16(clamping: others)] {
                mixed.append(UInt8(truncatingIfNeeded: value))
                mixed.append(UInt8(truncatingIfNeeded: value >> 8))
            }
        }
        return mixed
    }
}
