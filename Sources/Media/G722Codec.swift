// G.722 at 64 kbit/s (ITU-T G.722), narrowed to a telephone's 8 kHz.

package import Audio
internal import CSpanDSP

/// The two directions of one leg that speaks G.722. Each byte stands for one step of 125 µs, as in G.711 (RFC 3551, section
/// 4.5.2), so that a packet is changed in place: within the media plane the leg speaks A-law.
package final class G722Codec {
    private static let samplesMax = 1600
    private static let bitsPerSecond: Int32 = 64000

    private let encoder: OpaquePointer
    private let decoder: OpaquePointer
    private let samples: UnsafeMutablePointer<Int16>

    package init?() {
        let narrow = Int32(G722_SAMPLE_RATE_8000)
        guard let encoder = g722_encode_init(nil, Self.bitsPerSecond, narrow) else { return nil }
        guard let decoder = g722_decode_init(nil, Self.bitsPerSecond, narrow) else {
            g722_encode_free(encoder)
            return nil
        }
        self.encoder = encoder
        self.decoder = decoder
        samples = .allocate(capacity: Self.samplesMax)
    }

    isolated deinit {
        g722_encode_free(encoder)
        g722_decode_free(decoder)
        samples.deallocate()
    }

    /// Changes `count` bytes of G.722 to as many of G.711; bytes beyond 200 ms become silence.
    package func decode(_ payload: UnsafeMutableRawPointer, count: Int, to law: LawConverter) {
        let bytes = payload.assumingMemoryBound(to: UInt8.self), part = min(count, Self.samplesMax)
        let decoded = Int(g722_decode(decoder, samples, bytes, Int32(part)))
        law.encode(samples, count: min(decoded, part), into: bytes)
        for index in min(decoded, part)..<max(count, min(decoded, part)) { bytes[index] = law.law.silence }
    }

    /// Changes `count` bytes of G.711, at most 1600, to as many of G.722.
    package func encode(_ payload: UnsafeMutableRawPointer, count: Int, from law: LawConverter) {
        guard (1...Self.samplesMax).contains(count) else { return }
        let bytes = payload.assumingMemoryBound(to: UInt8.self)
        law.decode(bytes, count: count, into: samples)
        encode(samples, count: count, into: bytes)
    }

    /// Encodes linear samples, one byte for each.
    func encode(_ linear: UnsafePointer<Int16>, count: Int, into target: UnsafeMutablePointer<UInt8>) {
        g722_encode(encoder, target, linear, Int32(count))
    }
}
