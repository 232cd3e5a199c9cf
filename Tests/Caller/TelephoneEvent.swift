// Digits as RFC 4733 packets.

/// Writes and reads the four bytes of a telephone-event payload.
enum TelephoneEvent {
    static let keys = Array("0123456789*#ABCD")
    /// RFC 4733 section 2.5.1.4: the end of an event is sent three times.
    static let endPackets = 3

    static func payload(code: UInt8, isEnd: Bool, durationSamples: Int) -> [UInt8] {
        let duration = UInt16(min(durationSamples, 0xFFFF))
        return [code, (isEnd ? 0x80 : 0) | 10, UInt8(duration >> 8), UInt8(duration & 0xFF)]
    }

    static func key(of payload: some RandomAccessCollection<UInt8>) -> Character? {
        guard payload.count >= 4, let code = payload.first, code < keys.count else { return nil }
        return keys[Int(code)]
    }
}
