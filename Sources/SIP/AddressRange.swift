// Which addresses a trunk calls from.

/// A network in CIDR notation (RFC 4632, RFC 4291 §2.3), a single address, or one port of it.
public nonisolated struct AddressRange: Hashable, Sendable, CustomStringConvertible {
    let network: SocketAddress
    /// Length of the prefix in bits.
    public let bits: Int
    /// Nil: any. With a port, a trunk and phones can share an address, as on loopback.
    public let port: UInt16?

    /// Nil unless `text` is a numeric address, one with `/` and the length of the prefix, or an IPv4 address with `:` and
    /// a port.
    public init?(_ text: String) {
        let socket = text.split(separator: ":", omittingEmptySubsequences: false)
        if socket.count == 2 {
            guard let port = UInt16(socket[1]), let address = SocketAddress(host: String(socket[0]), port: port) else {
                return nil
            }
            network = address
            bits = 32
            self.port = port
            return
        }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let network = SocketAddress(host: String(parts[0]), port: 0) else { return nil }
        let most = network.family == .v4 ? 32 : 128
        guard let bits = parts.count == 2 ? Int(parts[1]) : most, (0...most).contains(bits) else { return nil }
        self.network = network
        self.bits = bits
        port = nil
    }

    public init(_ address: SocketAddress) {
        network = address
        bits = address.family == .v4 ? 32 : 128
        port = nil
    }

    public func contains(_ address: SocketAddress) -> Bool {
        guard address.family == network.family, port == nil || port == address.port else { return false }
        let upper = min(bits, 64)
        let lower = bits - upper
        // A shift by 64 gives 0 in Swift, so that a prefix of 0 bits holds everything.
        return (address.high ^ network.high) >> UInt64(64 - upper) == 0
            && (address.low ^ network.low) >> UInt64(64 - lower) == 0
    }

    public var description: String { port.map { "\(network.host):\($0)" } ?? "\(network.host)/\(bits)" }
}
