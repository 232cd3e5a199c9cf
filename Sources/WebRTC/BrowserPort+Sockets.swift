// The sockets of the browser port.

internal import CLoop
internal import Glibc
internal import RTP

extension BrowserPort {
    /// Bytes that may wait in a socket while the loop is busy: a second of 500 agents' voices.
    private static let socketBufferBytes: Int32 = 4 << 20

    static func openSockets(
        _ addresses: [TransportAddress], mayLack: Bool
    ) throws(WebRTCError) -> (sockets: [Int32], bound: [TransportAddress]) {
        var sockets: [Int32] = []
        var bound: [TransportAddress] = []
        var failure: WebRTCError?
        for address in addresses {
            do throws(WebRTCError) {
                let socket = try openSocket(address)
                sockets.append(socket)
                bound.append(try name(of: socket))
            } catch {
                // A socket that does not tell its name was the last one.
                if sockets.count > bound.count { close(sockets.removeLast()) }
                failure = error
                guard mayLack else { break }
            }
        }
        if let failure, !mayLack || sockets.isEmpty {
            for socket in sockets { close(socket) }
            throw failure
        }
        return (sockets, bound)
    }

    private static func openSocket(_ address: TransportAddress) throws(WebRTCError) -> Int32 {
        guard !address.isUnspecified else { throw .noAddress }
        let family = address.family == .ipv4 ? AF_INET : AF_INET6
        let kind = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let made = socket(family, kind, 0)
        guard made >= 0 else { throw .system(call: "socket", code: errno) }
        // Expedited forwarding (RFC 4594, section 4.1).
        var service: Int32 = 0xB8
        var bytes = socketBufferBytes
        let size = socklen_t(MemoryLayout<Int32>.size)
        setsockopt(made, SOL_SOCKET, SO_RCVBUF, &bytes, size)
        if family == AF_INET {
            setsockopt(made, Int32(IPPROTO_IP), IP_TOS, &service, size)
        } else {
            var only: Int32 = 1
            setsockopt(made, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &only, size)
            setsockopt(made, Int32(IPPROTO_IPV6), IPV6_TCLASS, &service, size)
        }
        guard address.withSocketAddress({ bind(made, $0, $1) }) == 0 else {
            let code = errno
            close(made)
            throw .system(call: "bind", code: code)
        }
        return made
    }

    private static func name(of socket: Int32) throws(WebRTCError) -> TransportAddress {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = withUnsafeMutablePointer(to: &storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(socket, $0, &length) }
        }
        guard result == 0, let address = TransportAddress(storage) else {
            throw .system(call: "getsockname", code: errno)
        }
        return address
    }

    /// One epoll set with all of them.
    static func watch(_ sockets: [Int32]) -> Int32 {
        let set = epoll_create1(Int32(EPOLL_CLOEXEC))
        precondition(set >= 0, "epoll_create1 failed")
        for socket in sockets {
            var event = epoll_event()
            event.events = EPOLLIN.rawValue
            event.data.fd = socket
            epoll_ctl(set, EPOLL_CTL_ADD, socket, &event)
        }
        return set
    }

    @discardableResult
    func send(_ bytes: UnsafeRawBufferPointer, over path: ICEPath, as kind: DatagramKind) -> Bool {
        if let onDatagram, !onDatagram(.outgoing, kind, bytes) { return true }
        guard sockets.indices.contains(path.socket) else { return false }
        let sent = path.remote.withSocketAddress {
            sendto(sockets[path.socket], bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL), $0, $1)
        }
        guard sent == bytes.count else {
            figures.sendFailures &+= 1
            return false
        }
        figures.datagramsSent &+= 1
        return true
    }
}
