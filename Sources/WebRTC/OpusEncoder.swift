// From G.711 to Opus (RFC 6716, RFC 7587).

package import Audio
internal import CWebRTC

/// Encodes a telephone's sound for a browser: 8 kHz, one channel, with redundancy against loss (facts/webrtc.md, 2).
package final class OpusEncoder {
    package nonisolated static let bitsPerSecond = 16000
    /// 5 of 10: what sounds better than this costs twice as much (facts/webrtc.md, 3).
    package nonisolated static let complexity = 5
    package nonisolated static let expectedLossPercent = 5
    package nonisolated static let payloadBytesMax = 400
    /// The frames that Opus has, in samples of 125 µs, the longest first.
    nonisolated static let frames = [480, 320, 160, 80, 40, 20]

    private let handle: OpaquePointer
    private let pcm: UnsafeMutablePointer<Int16>
    private let decodings: [G711.Law: [Int16]]

    package init() throws(WebRTCError) {
        guard
            let made = cwebrtc_encoder_new(
                Int32(Self.bitsPerSecond), Int32(Self.complexity), Int32(Self.expectedLossPercent))
        else { throw .noOpus }
        handle = made
        pcm = .allocate(capacity: Self.frames[0])
        decodings = [.mu: G711.decodingTable(.mu), .a: G711.decodingTable(.a)]
    }

    isolated deinit {
        cwebrtc_encoder_free(handle)
        pcm.deallocate()
    }

    /// The longest frame that `samples` hold; 0: none.
    package nonisolated static func frame(in samples: Int) -> Int { frames.first { $0 <= samples } ?? 0 }

    /// Encodes `samples`, one of the frames of Opus, into `target`, which has room for `payloadBytesMax`. 0: refused.
    package func encode(
        _ payload: UnsafeRawPointer, samples: Int, law: G711.Law, into target: UnsafeMutableRawPointer
    ) -> Int {
        guard Self.frames.contains(samples), let table = decodings[law] else { return 0 }
        let bytes = payload.assumingMemoryBound(to: UInt8.self)
        for index in 0..<samples { pcm[index] = table[Int(bytes[index])] }
        return encode(pcm, samples: samples, into: target)
    }

    /// The same for linear samples.
    package func encode(
        _ linear: UnsafePointer<Int16>, samples: Int, into target: UnsafeMutableRawPointer
    ) -> Int {
        guard Self.frames.contains(samples) else { return 0 }
        let count = cwebrtc_encoder_encode(
            handle, linear, Int32(samples), target.assumingMemoryBound(to: UInt8.self), Int32(Self.payloadBytesMax))
        return max(0, Int(count))
    }
}
