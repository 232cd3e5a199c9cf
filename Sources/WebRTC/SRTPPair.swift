// The two directions of SRTP and SRTCP with one browser (RFC 3711, RFC 7714).

internal import CWebRTC

/// Protects and unprotects packets in place; replayed and forged ones are told apart.
package final class SRTPPair {
    package nonisolated enum Failure: Error, Sendable { case replayed, notAuthentic, malformed }

    /// Room that protecting needs behind a packet.
    package nonisolated static let trailerBytes = Int(CWEBRTC_TRAILER_BYTES)
    /// Each source id that proves itself costs memory; a browser has one for each microphone.
    package nonisolated static let sourcesMax = 16

    private let inbound: OpaquePointer
    private let outbound: OpaquePointer
    /// Source ids from which an authentic packet came.
    private var sources: [UInt32] = []
    /// The number that IANA gave it: 1 AES128_CM_SHA1_80, 7 AEAD_AES_128_GCM, 8 AEAD_AES_256_GCM.
    package let profile: Int

    init(inbound: OpaquePointer, outbound: OpaquePointer, profile: Int) {
        self.inbound = inbound
        self.outbound = outbound
        self.profile = profile
    }

    isolated deinit {
        cwebrtc_srtp_free(inbound)
        cwebrtc_srtp_free(outbound)
    }

    /// The `count` bytes at `packet` become the plain packet; returns its bytes.
    package func unprotect(_ packet: UnsafeMutableRawPointer, count: Int, isRTCP: Bool) throws(Failure) -> Int {
        // Before that libsrtp2 would look beyond the packet for a source.
        guard count >= (isRTCP ? 8 : 12), count <= Int(UInt16.max) else { throw .malformed }
        let source = packet.loadUnaligned(fromByteOffset: isRTCP ? 4 : 8, as: UInt32.self)
        let isKnown = sources.contains(source)
        guard isKnown || sources.count < Self.sourcesMax else { throw .notAuthentic }
        var length = Int32(count)
        let result =
            isRTCP
            ? cwebrtc_srtp_unprotect_rtcp(inbound, packet, &length) : cwebrtc_srtp_unprotect(inbound, packet, &length)
        try check(result)
        if !isKnown { sources.append(source) }
        return Int(length)
    }

    /// The `count` bytes at `packet`, behind which there is room for `trailerBytes`, become a protected packet; returns
    /// its bytes.
    package func protect(_ packet: UnsafeMutableRawPointer, count: Int, isRTCP: Bool) throws(Failure) -> Int {
        guard count >= (isRTCP ? 8 : 12), count <= Int(UInt16.max) else { throw .malformed }
        var length = Int32(count)
        try check(
            isRTCP ? cwebrtc_srtp_protect_rtcp(outbound, packet, &length) : cwebrtc_srtp_protect(outbound, packet, &length))
        return Int(length)
    }

    private func check(_ result: Int32) throws(Failure) {
        switch UInt32(bitPattern: result) {
        case CWEBRTC_SRTP_DONE.rawValue: return
        case CWEBRTC_SRTP_REPLAYED.rawValue: throw .replayed
        case CWEBRTC_SRTP_NOT_AUTHENTIC.rawValue: throw .notAuthentic
        default: throw .malformed
        }
    }
}
