// The fixed header of RTP (RFC 3550 section 5.1).

struct RTPPacket {
    var isMarked = false
    var payloadType: UInt8
    var sequence: UInt16
    var timestamp: UInt32
    var source: UInt32
    var payload: [UInt8]

    var bytes: [UInt8] {
        var bytes: [UInt8] = [0x80, (isMarked ? 0x80 : 0) | payloadType]
        bytes += [UInt8(sequence >> 8), UInt8(sequence & 0xFF)]
        for number in [timestamp, source] { bytes += stride(from: 24, through: 0, by: -8).map { UInt8(number >> $0 & 0xFF) } }
        return bytes + payload
    }
}

extension RTPPacket {
    /// nil for what is no RTP of version 2, RTCP included.
    init?(parsing bytes: [UInt8]) {
        guard bytes.count >= 12, bytes[0] & 0xC0 == 0x80, !(200...207).contains(bytes[1]) else { return nil }
        func number(_ at: Int) -> UInt32 { bytes[at..<at + 4].reduce(0) { $0 << 8 | UInt32($1) } }
        var start = 12 + 4 * Int(bytes[0] & 0x0F)
        if bytes[0] & 0x10 != 0 {
            guard bytes.count >= start + 4 else { return nil }
            start += 4 + 4 * (Int(bytes[start + 2]) << 8 | Int(bytes[start + 3]))
        }
        var end = bytes.count
        if bytes[0] & 0x20 != 0 { end -= Int(bytes[end - 1]) }
        guard start <= end else { return nil }
        self.init(
            isMarked: bytes[1] & 0x80 != 0, payloadType: bytes[1] & 0x7F, sequence: UInt16(bytes[2]) << 8 | UInt16(bytes[3]),
            timestamp: number(4), source: number(8), payload: Array(bytes[start..<end]))
    }
}
