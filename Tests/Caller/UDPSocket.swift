// A bound UDP socket.

import Glibc

struct UDPSocket {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    static let datagramBytesMax = 65_536

    let descriptor: Int32
    let local: SocketAddress

    /// Binds to `address`; port 0 lets the kernel choose.
    init(bindingTo address: SocketAddress) throws {
        let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else { throw Failure(description: "no socket: \(String(cString: strerror(errno)))") }
        var name = Self.name(of: address)
        let bound = withUnsafePointer(to: &name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard bound == 0 else {
            let reason = String(cString: strerror(errno))
            close(descriptor)
            throw Failure(description: "cannot bind \(address): \(reason)")
        }
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = withUnsafeMutablePointer(to: &name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        self.descriptor = descriptor
        local = SocketAddress(address: name.sin_addr.s_addr, port: UInt16(bigEndian: name.sin_port))
    }

    func send(_ bytes: [UInt8], to address: SocketAddress) {
        var name = Self.name(of: address)
        _ = withUnsafePointer(to: &name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { name in
                // A refused or full destination is a lost datagram: UDP promises no more.
                sendto(descriptor, bytes, bytes.count, 0, name, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    /// The next waiting datagram, or nil.
    func receive() -> (bytes: [UInt8], source: SocketAddress)? {
        var name = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        var count = -1
        let bytes = [UInt8](unsafeUninitializedCapacity: Self.datagramBytesMax) { buffer, filled in
            count = withUnsafeMutablePointer(to: &name) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    recvfrom(descriptor, buffer.baseAddress, buffer.count, 0, $0, &length)
                }
            }
            filled = max(0, count)
        }
        // An ICMP "port unreachable" comes up as an error once and is no reason to stop reading.
        if count < 0 { return errno == ECONNREFUSED ? receive() : nil }
        return (bytes, SocketAddress(address: name.sin_addr.s_addr, port: UInt16(bigEndian: name.sin_port)))
    }

    private static func name(of address: SocketAddress) -> sockaddr_in {
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_addr.s_addr = address.address
        name.sin_port = address.port.bigEndian
        return name
    }
}
