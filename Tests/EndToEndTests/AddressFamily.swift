// By which addresses this machine is reached from elsewhere.

import Foundation
import Glibc

enum AddressFamily: String, CaseIterable, Sendable {
    case ipv4, ipv6

    /// Those in which this machine has an address beside loopback: `Scripts/test` gives it one of each.
    static let known = allCases.filter { $0.address != nil }

    /// A numeric one that means something beyond the link; nil: there is none.
    var address: String? {
        var list: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&list) == 0 else { return nil }
        defer { freeifaddrs(list) }
        for entry in sequence(first: list, next: { $0?.pointee.ifa_next }) {
            guard let interface = entry?.pointee, interface.ifa_flags & UInt32(IFF_LOOPBACK) == 0,
                let address = interface.ifa_addr, Int32(address.pointee.sa_family) == (self == .ipv4 ? AF_INET : AF_INET6)
            else { continue }
            var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            let size = self == .ipv4 ? MemoryLayout<sockaddr_in>.size : MemoryLayout<sockaddr_in6>.size
            guard getnameinfo(address, socklen_t(size), &host, socklen_t(host.count), nil, 0, NI_NUMERICHOST) == 0 else {
                continue
            }
            let text = String(decoding: host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            // Of a link-local one the name has the link, too.
            if !text.contains("%"), !text.hasPrefix("169.254.") { return text }
        }
        return nil
    }
}
