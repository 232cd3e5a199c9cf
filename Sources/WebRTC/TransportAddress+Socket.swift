// Between our addresses, the kernel's and their text.

package import CLoop
internal import Glibc
package import RTP
internal import SDP

nonisolated extension TransportAddress {
    /// Reads `192.0.2.1` or `2001:db8::1`.
    package init?(literal: String, port: UInt16) {
        var four = in_addr()
        if inet_pton(AF_INET, literal, &four) == 1 {
            self.init(ipv4: UInt32(bigEndian: four.s_addr), port: port)
            return
        }
        var six = in6_addr()
        guard inet_pton(AF_INET6, literal, &six) == 1 else { return nil }
        self = withUnsafeBytes(of: &six) { Self(ipv6: $0, port: port) }
    }

    private init(ipv6 bytes: UnsafeRawBufferPointer, port: UInt16) {
        self.init(
            family: .ipv6, high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
            low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)), port: port)
    }

    /// What `recvfrom` wrote to `storage`.
    package init?(_ storage: sockaddr_storage) {
        let address: TransportAddress? = withUnsafeBytes(of: storage) { bytes in
            switch Int32(storage.ss_family) {
            case AF_INET:
                let four = bytes.loadUnaligned(as: sockaddr_in.self)
                return TransportAddress(ipv4: UInt32(bigEndian: four.sin_addr.s_addr), port: UInt16(bigEndian: four.sin_port))
            case AF_INET6:
                let six = bytes.loadUnaligned(as: sockaddr_in6.self)
                return withUnsafeBytes(of: six.sin6_addr) {
                    TransportAddress(ipv6: $0, port: UInt16(bigEndian: six.sin6_port))
                }
            default: return nil
            }
        }
        guard let address else { return nil }
        self = address
    }

    /// For a session description.
    var connection: SessionDescription.Connection {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        withSocketAddress { address, _ in
            switch family {
            case .ipv4:
                address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                    var four = $0.pointee.sin_addr
                    _ = inet_ntop(AF_INET, &four, &text, socklen_t(text.count))
                }
            case .ipv6:
                address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
                    var six = $0.pointee.sin6_addr
                    _ = inet_ntop(AF_INET6, &six, &text, socklen_t(text.count))
                }
            }
        }
        let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return .init(family: family == .ipv4 ? .ipv4 : .ipv6, address: String(decoding: bytes, as: UTF8.self))
    }

    /// As `bind`, `connect` and `sendto` want it.
    package func withSocketAddress<Value>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Value) -> Value {
        switch family {
        case .ipv4:
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = UInt32(truncatingIfNeeded: low).bigEndian
            return withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
            }
        case .ipv6:
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = port.bigEndian
            withUnsafeMutableBytes(of: &address.sin6_addr) {
                $0.storeBytes(of: high.bigEndian, as: UInt64.self)
                $0.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
            }
            return withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in6>.size)) }
            }
        }
    }
}
