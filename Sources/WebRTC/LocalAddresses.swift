// The addresses under which browsers can reach this machine.

internal import CLoop
internal import Glibc
public import RTP

public nonisolated enum LocalAddresses {
    /// A machine with more is not asked for all.
    public static let countMax = 16

    /// Every address of an interface that is up, `port` with each: no loopback (unless there is nothing else), and no
    /// link-local, which means nothing beyond its link.
    public static func all(port: UInt16) -> [TransportAddress] {
        var list: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&list) == 0 else { return [] }
        defer { freeifaddrs(list) }
        var found: [TransportAddress] = []
        var next = list
        while let entry = next?.pointee {
            next = entry.ifa_next
            let wanted = UInt32(IFF_UP)
            guard let address = entry.ifa_addr, entry.ifa_flags & wanted == wanted,
                entry.ifa_flags & UInt32(IFF_LOOPBACK) == 0, var own = read(address)
            else { continue }
            let isLinkLocal = own.family == .ipv4 ? own.low >> 16 == 0xA9FE : own.high >> 54 == 0x3FA
            own.port = port
            if !isLinkLocal, !found.contains(own), found.count < countMax { found.append(own) }
        }
        return found.isEmpty ? [TransportAddress(ipv4: 0x7F00_0001, port: port)] : found
    }

    private static func read(_ address: UnsafeMutablePointer<sockaddr>) -> TransportAddress? {
        var storage = sockaddr_storage()
        let size =
            switch Int32(address.pointee.sa_family) {
            case AF_INET: MemoryLayout<sockaddr_in>.size
            case AF_INET6: MemoryLayout<sockaddr_in6>.size
            default: 0
            }
        guard size > 0 else { return nil }
        withUnsafeMutableBytes(of: &storage) { $0.copyMemory(from: UnsafeRawBufferPointer(start: address, count: size)) }
        return TransportAddress(storage)
    }
}
