// An IPv4 address with a port. The tests live on 127.0.0.0/8, so names and IPv6 are left out.

import Glibc

struct SocketAddress: Hashable, CustomStringConvertible {
    /// Network byte order, as in `sockaddr_in`.
    var address: UInt32
    var port: UInt16

    init(address: UInt32, port: UInt16) {
        self.address = address
        self.port = port
    }

    /// `127.0.0.1:5060`; without a port, `defaultPort`.
    init?(_ text: some StringProtocol, defaultPort: UInt16 = 5060) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard let host = parts.first, parts.count <= 2 else { return nil }
        var binary = in_addr()
        guard inet_pton(AF_INET, String(host), &binary) == 1 else { return nil }
        if parts.count == 2 {
            guard let port = UInt16(parts[1]) else { return nil }
            self.init(address: binary.s_addr, port: port)
        } else {
            self.init(address: binary.s_addr, port: defaultPort)
        }
    }

    /// Where a request to that SIP URI goes: host and port, parameters and user left out.
    init?(uri: String) {
        var rest = uri[...]
        guard let scheme = rest.firstIndex(of: ":") else { return nil }
        rest = rest[rest.index(after: scheme)...]
        if let at = rest.lastIndex(of: "@") { rest = rest[rest.index(after: at)...] }
        self.init(rest.prefix { $0 != ";" && $0 != "?" && $0 != ">" })
    }

    var host: String {
        (0..<4).map { String(UInt32(bigEndian: address) >> (24 - 8 * UInt32($0)) & 0xFF) }.joined(separator: ".")
    }

    var description: String { "\(host):\(port)" }
}
