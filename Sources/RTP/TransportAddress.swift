// An address and a port as plain bits, so that millions of comparisons cost nothing.

/// An IPv4 or IPv6 address with a UDP port.
public struct TransportAddress: Hashable, Sendable {
    public enum Family: UInt8, Sendable { case ipv4 = 4, ipv6 = 6 }

    public var family: Family
    public var port: UInt16
    /// The upper and lower half of an IPv6 address; an IPv4 address stands in the lower 32 bits of `low`.
    public var high: UInt64
    public var low: UInt64

    public init(family: Family, high: UInt64 = 0, low: UInt64, port: UInt16) {
        self.family = family
        self.high = high
        self.low = low
        self.port = port
    }

    public init(ipv4: UInt32, port: UInt16) { self.init(family: .ipv4, low: UInt64(ipv4), port: port) }

    /// `0.0.0.0` or `::`.
    public var isUnspecified: Bool { high == 0 && low == 0 }

    /// The same host, whatever the port.
    public func isSameHost(as other: TransportAddress) -> Bool {
        low == other.low && high == other.high && family == other.family
    }
}
