// One DTLS association (RFC 6347): datagrams in, datagrams out, and in the end the keys for SRTP.

internal import CWebRTC
package import SDP

/// Knows no socket and no clock: the owner hands in what came and when time is up, and sends what `nextDatagram` gives.
package final class DTLSEndpoint {
    package nonisolated enum Role: Sendable { case server, client }

    package nonisolated enum State: Sendable {
        case handshaking, connected
        /// The other side said close_notify.
        case closed
        /// A fatal alert, or the other side never answered.
        case failed
    }

    package nonisolated enum KeyError: Error, Sendable { case wrongFingerprint, noKeys }

    /// Keeps the settings alive that `handle` uses.
    private let identity: DTLSIdentity
    private let handle: OpaquePointer
    package private(set) var state = State.handshaking

    package init(_ identity: DTLSIdentity, role: Role) throws(WebRTCError) {
        guard let made = cwebrtc_dtls_new(identity.handle, role == .client ? 1 : 0) else { throw .noCryptography }
        handle = made
        self.identity = identity
        if role == .client { note(cwebrtc_dtls_begin(handle)) }
    }

    isolated deinit { cwebrtc_dtls_free(handle) }

    /// A datagram came in. Takes about a millisecond for the ones that need the private key.
    package func receive(_ datagram: UnsafeRawBufferPointer) {
        guard let bytes = datagram.assumingMemoryBound(to: UInt8.self).baseAddress, isOpen else { return }
        note(cwebrtc_dtls_input(handle, bytes, Int32(clamping: datagram.count)))
    }

    /// Nanoseconds until `timeOut` is wanted, `nil`: never. To be asked after every call.
    package var wait: UInt64? {
        let microseconds = cwebrtc_dtls_wait(handle)
        return isOpen && microseconds >= 0 ? UInt64(microseconds) * 1000 : nil
    }

    /// The last flight may be lost: repeats it.
    package func timeOut() {
        guard isOpen else { return }
        note(cwebrtc_dtls_timeout(handle))
    }

    /// The next datagram to be sent, valid inside `body`; `false`: none is left.
    package func withNextDatagram(_ body: (UnsafeRawBufferPointer) -> Void) -> Bool {
        var bytes: UnsafePointer<UInt8>?
        let count = cwebrtc_dtls_output(handle, &bytes)
        guard count > 0, let bytes else { return false }
        body(UnsafeRawBufferPointer(start: bytes, count: Int(count)))
        return true
    }

    /// Says close_notify.
    package func close() { cwebrtc_dtls_close(handle) }

    /// The keys of a finished handshake. The other side's certificate is compared first, and no key leaves the library
    /// unless it has `fingerprint` (RFC 5763, section 5).
    package func keys(of fingerprint: CertificateFingerprint) throws(KeyError) -> SRTPPair {
        var inbound: OpaquePointer?
        var outbound: OpaquePointer?
        let profile = cwebrtc_dtls_keys(handle, fingerprint.bytes, &inbound, &outbound)
        guard profile != CWEBRTC_KEYS_WRONG_FINGERPRINT.rawValue else { throw .wrongFingerprint }
        guard profile > 0, let inbound, let outbound else { throw .noKeys }
        return SRTPPair(inbound: inbound, outbound: outbound, profile: Int(profile))
    }

    private var isOpen: Bool { state == .handshaking || state == .connected }

    private func note(_ result: Int32) {
        state =
            switch result {
            case CWEBRTC_DTLS_HANDSHAKING.rawValue: .handshaking
            case CWEBRTC_DTLS_CONNECTED.rawValue: .connected
            case CWEBRTC_DTLS_CLOSED.rawValue: .closed
            default: .failed
            }
    }
}
