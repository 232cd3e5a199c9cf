// How a running recording lies on disk.

internal import Audio

/// The append-only file of a recording: `recording-ID.swrec`, readable at any moment up to its last complete record. Sealed,
/// it stands in the chunks of `SealedHead`, and is readable up to the last complete one.
///
/// All numbers are little-endian. The head has 32 bytes:
///
///     0   8 bytes   "SWBREC1\n"
///     8   UInt64    the recording's id
///     16  Int64     start in microseconds of wall time since 1970
///     24  UInt64    0
///
/// Then come records, each with a head of 24 bytes:
///
///     0   UInt8     1 sound, 2 pause, 3 resume, 4 end, 5 somebody comes to the track
///     1   UInt8     the track: 0 caller, 1 and so on the others in the order in which they came
///     2   UInt8     0 mu-law, 1 A-law
///     3   UInt8     0
///     4   UInt16    bytes of payload behind the head
///     6   UInt16    checksum: 0xA55A xor the other eleven 16-bit words of the head
///     8   UInt64    microseconds from the start of the recording to the arrival; never falls
///     16  UInt32    RTP timestamp
///     20  UInt32    RTP source
///
/// A record that is cut off, or whose checksum is wrong, ends the file: that is where the process died.
public nonisolated enum RecordingFormat {
    static let magic = Array("SWBREC1\n".utf8)
    static let headBytes = 32
    static let recordBytes = 24
    /// The most sound in one packet: 200 ms.
    static let payloadBytesMax = 1600
    /// What a running recording's file is called, and a finished one's.
    public static let runningExtension = "swrec"
    public static let plainExtension = "wav"
    public static let sealedExtension = "swsealed"
    public static func finishedExtension(isSealed: Bool) -> String { isSealed ? sealedExtension : plainExtension }

    /// Parties of one recording that are told apart; those beyond share the last track.
    public static let tracksMax = 64
    /// Channels of the finished file; the tracks beyond are mixed into the last one.
    public static let channelsMax = 8

    enum Kind: UInt8 { case sound = 1, pause, resume, end, entry }

    /// Whose sound it is.
    struct Track: RawRepresentable, Hashable {
        static let caller = Track(0)
        /// Whoever came first beside the caller.
        static let agent = Track(1)

        let rawValue: UInt8

        /// nil: a file of ours has no such track.
        init?(rawValue: UInt8) {
            guard rawValue < tracksMax else { return nil }
            self.rawValue = rawValue
        }

        init(_ number: Int) { rawValue = UInt8(min(max(0, number), tracksMax - 1)) }

        var number: Int { Int(rawValue) }
    }

    /// The channel that a track stands in.
    public static func channel(ofTrack track: Int, of channels: Int) -> Int { min(track, channels - 1) }

    /// What a packet of sound brings along.
    struct Frame {
        var track: Track
        var law: G711.Law
        var timestamp: UInt32
        var source: UInt32
    }

    /// One record's head.
    struct Record {
        var kind: Kind
        var frame: Frame
        var count: Int
        /// Microseconds since the start.
        var arrival: UInt64

        func write(to target: UnsafeMutableRawPointer) {
            let first = UInt32(kind.rawValue) | UInt32(frame.track.rawValue) << 8 | UInt32(frame.law.rawValue) << 16
            target.storeBytes(of: first.littleEndian, as: UInt32.self)
            target.storeBytes(of: UInt16(truncatingIfNeeded: count).littleEndian, toByteOffset: 4, as: UInt16.self)
            target.storeBytes(of: arrival.littleEndian, toByteOffset: 8, as: UInt64.self)
            target.storeBytes(of: frame.timestamp.littleEndian, toByteOffset: 16, as: UInt32.self)
            target.storeBytes(of: frame.source.littleEndian, toByteOffset: 20, as: UInt32.self)
            let sum = checksum(UnsafeRawBufferPointer(start: target, count: recordBytes))
            target.storeBytes(of: sum.littleEndian, toByteOffset: 6, as: UInt16.self)
        }

        /// Reads the head at the start of `bytes`, which has at least `recordBytes`.
        init?(_ bytes: UnsafeRawBufferPointer) {
            func load<Value: FixedWidthInteger & BitwiseCopyable>(_ offset: Int, _: Value.Type) -> Value {
                Value(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Value.self))
            }
            guard bytes.count >= recordBytes, load(6, UInt16.self) == checksum(bytes), bytes[3] == 0,
                let kind = Kind(rawValue: bytes[0]), let track = Track(rawValue: bytes[1]),
                let law = G711.Law(rawValue: bytes[2])
            else { return nil }
            self.kind = kind
            count = Int(load(4, UInt16.self))
            guard count <= payloadBytesMax else { return nil }
            arrival = load(8, UInt64.self)
            frame = Frame(track: track, law: law, timestamp: load(16, UInt32.self), source: load(20, UInt32.self))
        }

        init(_ kind: Kind, _ frame: Frame, count: Int, arrival: UInt64) {
            self.kind = kind
            self.frame = frame
            self.count = count
            self.arrival = arrival
        }
    }

    /// Xor of sixteen-bit words is the folded xor of longer ones.
    private static func checksum(_ head: UnsafeRawBufferPointer) -> UInt16 {
        func word(_ offset: Int) -> UInt64 {
            UInt64(littleEndian: head.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        }
        var sum = (word(0) & 0x0000_FFFF_FFFF_FFFF) ^ word(8) ^ word(16)
        sum ^= sum >> 32
        sum ^= sum >> 16
        return UInt16(truncatingIfNeeded: sum) ^ 0xA55A
    }

    /// The head of a file.
    static func head(id: UInt64, started: Int64) -> [UInt8] {
        var head = magic
        for word in [id, UInt64(bitPattern: started), 0] { withUnsafeBytes(of: word.littleEndian) { head += $0 } }
        return head
    }
}
