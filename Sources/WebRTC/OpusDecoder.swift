// From Opus to G.711 (RFC 6716, RFC 7587).

package import Audio
internal import CWebRTC

/// Decodes a browser's sound to a telephone's: 8 kHz, one channel.
package final class OpusDecoder {
    /// 120 ms, the longest packet that Opus has.
    package nonisolated static let samplesMax = 960

    /// What stands for a packet.
    package nonisolated enum Input: Sendable {
        case packet
        /// The packet before the given one, from what that one repeats of it.
        case redundancy(samples: Int)
        /// A lost packet of which nothing is known.
        case lost(samples: Int)
    }

    private let handle: OpaquePointer
    private let pcm: UnsafeMutablePointer<Int16>

    package init() throws(WebRTCError) {
        guard let made = cwebrtc_decoder_new() else { throw .noOpus }
        handle = made
        pcm = .allocate(capacity: Self.samplesMax)
    }

    isolated deinit {
        cwebrtc_decoder_free(handle)
        pcm.deallocate()
    }

    /// Writes at most `samplesMax` bytes of `law` to `target`; returns their number, 0: no sound could be made of it.
    package func decode(
        _ input: Input, _ payload: UnsafeRawBufferPointer, law: G711.Law, into target: UnsafeMutableRawPointer
    ) -> Int {
        let bytes = payload.assumingMemoryBound(to: UInt8.self).baseAddress
        let count = Int32(clamping: payload.count)
        let samples: Int32
        switch input {
        case .packet:
            // Without bytes the library would take the packet for a lost one.
            guard count > 0 else { return 0 }
            samples = cwebrtc_decoder_decode(handle, bytes, count, pcm, Int32(Self.samplesMax), 0)
        case .redundancy(let wanted):
            guard count > 0, (1...Self.samplesMax).contains(wanted) else { return 0 }
            samples = cwebrtc_decoder_decode(handle, bytes, count, pcm, Int32(wanted), 1)
        case .lost(let wanted):
            guard (1...Self.samplesMax).contains(wanted) else { return 0 }
            samples = cwebrtc_decoder_decode(handle, nil, 0, pcm, Int32(wanted), 0)
        }
        guard samples > 0 else { return 0 }
        let target = target.assumingMemoryBound(to: UInt8.self)
        for index in 0..<Int(samples) { target[index] = G711.encode(pcm[index], law) }
        return Int(samples)
    }
}
