// Whom a limit for each source counts together.

internal import NIOCore

/// The part of an address that one client has for itself: an IPv4 address, or the /64 of an IPv6 one.
public nonisolated struct SourceAddress: Hashable, Sendable, CustomStringConvertible {
    public let description: String

    /// A numeric address as text; nil, or text that is none, counts as one source.
    public init(_ address: String?) {
        guard let address else {
            description = "unknown"
            return
        }
        if !address.utf8.contains(UInt8(ascii: ":")) {
            description = address
        } else if address.hasPrefix("::ffff:"), address.contains(".") {
            description = String(address.dropFirst("::ffff:".count))
        } else {
            // A `::` stands for zeros: of "2001:db8::1" the first four groups are 2001, db8, 0, 0.
            let halves = address.split(separator: "::", maxSplits: 1, omittingEmptySubsequences: false)
            var groups = halves.first?.split(separator: ":").map(String.init) ?? []
            while halves.count == 2, groups.count < 4 { groups.append("0") }
            description = groups.prefix(4).joined(separator: ":")
        }
    }
}

extension SourceAddress {
    /// An address in the one form in which addresses can be compared as texts (RFC 5952); nil if it is none.
    public static func canonical(_ address: String) -> String? {
        (try? SocketAddress(ipAddress: address, port: 0))?.ipAddress
    }
}
