// Where a datagram came from or goes to, as a small value.

internal import Glibc

/// A numeric IP address with a port.
public nonisolated struct SocketAddress: Hashable, Sendable, CustomStringConvertible {
    public enum Family: UInt8, Sendable { case v4 = 4, v6 = 6 }

    public let family: Family
    /// The address in network order, first 8 bytes; an IPv4 address is the upper half of it.
    let high: UInt64
    let low: UInt64
    public let port: UInt16

    init(family: Family, high: UInt64, low: UInt64, port: UInt16) {
        self.family = family
        self.high = high
        self.low = low
        self.port = port
    }

    /// Nil unless `host` is a numeric IPv4 or IPv6 address, the latter with or without brackets.
    public init?(host: String, port: UInt16) {
        var bytes = [UInt8](repeating: 0, count: 16)
        var bare = host[...]
        if bare.first == "[", bare.last == "]" { bare = bare.dropFirst().dropLast() }
        if inet_pton(AF_INET, String(bare), &bytes) == 1 {
            self.init(family: .v4, bytes: bytes, port: port)
        } else if inet_pton(AF_INET6, String(bare), &bytes) == 1 {
            self.init(family: .v6, bytes: bytes, port: port)
        } else {
            return nil
        }
    }

    /// `bytes` in network order: at least 4 for IPv4 and 16 for IPv6.
    init(family: Family, bytes: some Sequence<UInt8>, port: UInt16) {
        var high: UInt64 = 0
        var low: UInt64 = 0
        for (index, byte) in bytes.prefix(family == .v4 ? 4 : 16).enumerated() {
            if index < 8 {
                high |= UInt64(byte) << (56 - 8 * UInt64(index))
            } else {
                low |= UInt64(byte) << (120 - 8 * UInt64(index))
            }
        }
        self.init(family: family, high: high, low: low, port: port)
    }

    var bytes: [UInt8] {
        (0..<16).map { UInt8(truncatingIfNeeded: ($0 < 8 ? high : low) >> (56 - 8 * UInt64($0 % 8))) }
    }

    /// The address without the port, an IPv6 address without brackets.
    public var host: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(family == .v4 ? AF_INET : AF_INET6, bytes, &text, socklen_t(text.count)) != nil else { return "" }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    public var description: String { family == .v4 ? "\(host):\(port)" : "[\(host)]:\(port)" }

    /// As the place to which a request is sent, whatever its request URI says.
    var nextHop: String { "sip:\(description);transport=udp" }
}
