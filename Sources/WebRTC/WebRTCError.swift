// What can go wrong on our side.

public import SDP

/// Why a call to the browser port was refused.
public nonisolated enum WebRTCError: Error, Hashable, Sendable {
    /// OpenSSL, libsrtp2 or libopus refused to start.
    case noCryptography, noOpus
    /// A system call failed with `errno` `code`.
    case system(call: String, code: Int32)
    case noAddress
    /// As many sessions as the settings allow are open.
    case tooManySessions
    case sessionClosed
    case offer(BrowserOfferError)
}
