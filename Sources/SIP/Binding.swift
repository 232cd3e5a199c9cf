// Where a device can be reached.

/// One contact of a registered device.
public nonisolated struct Binding: Hashable, Sendable {
    /// The Contact URI, the request URI of calls to the device.
    public let contact: String
    /// Where the REGISTER came from, and where calls are sent: the way through the device's NAT.
    public let source: SocketAddress
    /// Monotonic nanoseconds (`MonotonicClock`).
    public let expires: UInt64
    /// When the last REGISTER came, in monotonic nanoseconds; 0: in an earlier process.
    public let registered: UInt64
    let callID: String
    let sequence: UInt32
}
