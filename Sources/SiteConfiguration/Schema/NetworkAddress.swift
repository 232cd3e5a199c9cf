// Numeric network addresses as an admin writes them.

internal import Foundation

/// Reads IP addresses, endpoints and networks. Host names are no addresses here.
enum NetworkAddress {
    /// The bytes of an IPv4 (4) or IPv6 (16) address; nil if it is none.
    static func bytes(_ text: String) -> [UInt8]? {
        guard text.utf8.count <= 45, !text.utf8.contains(0) else { return nil }
        var four = in_addr()
        if inet_pton(AF_INET, text, &four) == 1 { return withUnsafeBytes(of: &four) { Array($0) } }
        var six = in6_addr()
        if inet_pton(AF_INET6, text, &six) == 1 { return withUnsafeBytes(of: &six) { Array($0) } }
        return nil
    }

    static func isV6(_ text: String) -> Bool { bytes(text)?.count == 16 }

    static func isAddress(_ text: String) -> Bool { bytes(text) != nil }

    /// `127.0.0.0/8` or `::1`.
    static func isLoopback(_ text: String) -> Bool {
        guard let bytes = bytes(text) else { return false }
        return bytes.count == 4 ? bytes[0] == 127 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1
    }

    /// `0.0.0.0` or `::`.
    static func isAny(_ text: String) -> Bool { bytes(text)?.allSatisfy { $0 == 0 } ?? false }

    /// An address, or a network such as `192.0.2.0/24`.
    static func isNetwork(_ text: String) -> Bool { AddressBlock(text) != nil }

    /// `192.0.2.1:5060` or `[2001:db8::1]:5060`.
    static func endpoint(_ text: String) -> (address: String, port: Int)? {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        guard let port = Int(text[text.index(after: colon)...]), (1...65_535).contains(port) else { return nil }
        var address = String(text[..<colon])
        if address.hasPrefix("["), address.hasSuffix("]") {
            address = String(address.dropFirst().dropLast())
            guard bytes(address)?.count == 16 else { return nil }
        } else {
            guard bytes(address)?.count == 4 else { return nil }
        }
        return (address, port)
    }
}
