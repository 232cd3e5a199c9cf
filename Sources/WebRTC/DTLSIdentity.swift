// The certificate of this process, by which browsers know it.

internal import CWebRTC
package import SDP

/// A fresh P-256 certificate and what all DTLS associations share. Browsers learn its fingerprint in every answer, so it
/// needs nobody's signature and outlives no restart.
package final class DTLSIdentity {
    /// Browsers take the first that they know: all of them AES-128-GCM (RFC 7714).
    package nonisolated static let profiles = "SRTP_AEAD_AES_128_GCM:SRTP_AEAD_AES_256_GCM:SRTP_AES128_CM_SHA1_80"

    let handle: OpaquePointer
    package let fingerprint: CertificateFingerprint

    /// `profiles` as OpenSSL writes them, the best first. The first call in a process takes some 50 ms.
    package init(profiles: String = DTLSIdentity.profiles) throws(WebRTCError) {
        guard cwebrtc_start() == 1, let made = cwebrtc_identity_new(profiles) else { throw .noCryptography }
        var bytes = [UInt8](repeating: 0, count: CertificateFingerprint.byteCount)
        cwebrtc_identity_fingerprint(made, &bytes)
        guard let fingerprint = CertificateFingerprint(bytes: bytes) else {
            cwebrtc_identity_free(made)
            throw .noCryptography
        }
        handle = made
        self.fingerprint = fingerprint
    }

    isolated deinit { cwebrtc_identity_free(handle) }
}
