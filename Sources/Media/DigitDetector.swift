// Keys as sound (ITU-T Q.23, Q.24).

internal import Audio
internal import CSpanDSP
internal import RTP

/// Finds keys in the voice of one leg whose phone has no other way to send them, and keeps one press from counting twice
/// when signalling (SIP INFO) tells of it too.
final class DigitDetector {
    /// A key by sound and the same key by signalling within this time are one press: 0.5 s.
    private static let sameNanoseconds: UInt64 = 500_000_000
    private static let samplesMax = 1600

    private enum Way { case sound, signalling }

    private let state: OpaquePointer
    private let samples: UnsafeMutablePointer<Int16>
    private var last: (key: Character, way: Way, at: UInt64)?

    init?() {
        guard let made = dtmf_rx_init(nil, nil, nil) else { return nil }
        state = made
        samples = .allocate(capacity: Self.samplesMax)
    }

    isolated deinit {
        dtmf_rx_free(state)
        samples.deallocate()
    }

    /// A key's tone is on the line, or has just been.
    private(set) var hearsTone = false

    /// Listens to a packet of G.711; the keys that began in it, mostly none.
    func listen(_ payload: UnsafeRawPointer, count: Int, _ law: LawConverter, at now: UInt64, _ body: (Character) -> Void) {
        guard (1...Self.samplesMax).contains(count) else { return }
        law.decode(payload.assumingMemoryBound(to: UInt8.self), count: count, into: samples)
        dtmf_rx(state, samples, Int32(count))
        hearsTone = dtmf_rx_status(state) != 0
        var keys: (CChar, CChar, CChar, CChar, CChar, CChar, CChar, CChar) = (0, 0, 0, 0, 0, 0, 0, 0)
        let found = withUnsafeMutableBytes(of: &keys) { bytes in
            dtmf_rx_get(state, bytes.assumingMemoryBound(to: CChar.self).baseAddress, Int32(bytes.count - 1))
        }
        guard found > 0 else { return }
        withUnsafeBytes(of: keys) { bytes in
            for byte in bytes.prefix(Int(found)) {
                let key = Character(UnicodeScalar(byte))
                if TelephoneEvent.code(for: key) != nil, isNew(key, .sound, at: now) { body(key) }
            }
        }
    }

    /// A key that signalling tells of; `false`: it was heard already.
    func isNewPress(_ key: Character, at now: UInt64) -> Bool { isNew(key, .signalling, at: now) }

    private func isNew(_ key: Character, _ way: Way, at now: UInt64) -> Bool {
        if let last, last.key == key, last.way != way, now < last.at &+ Self.sameNanoseconds {
            // The next tells of the next press.
            self.last = nil
            return false
        }
        last = (key, way, now)
        return true
    }
}
