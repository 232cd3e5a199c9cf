// Sockets: a pair for each leg, in the one epoll set.

internal import CLoop
internal import Glibc
internal import RTP
internal import WebRTC

extension MediaPlane {
    /// Pairs of ports that are tried in a row when other programs hold some of the range; the next leg tries others.
    private static let portTries = 128

    /// What an event carries: generation and slot of the leg, and which of its two sockets.
    private func tag(_ leg: UnsafeMutablePointer<LegSlot>, slot: Int32, isRTCP: Bool) -> UInt64 {
        UInt64(leg.pointee.generation) << 32 | UInt64(slot) << 1 | (isRTCP ? 1 : 0)
    }

    func openSockets(
        _ leg: UnsafeMutablePointer<LegSlot>, slot: Int32, on address: TransportAddress
    ) throws(MediaError) {
        for _ in 0..<Self.portTries {
            guard let port = ports.take() else { break }
            guard let (rtp, rtcp) = try pair(address, port: port) else { continue }
            leg.pointee.rtp = rtp
            leg.pointee.rtcp = rtcp
            leg.pointee.port = port
            watchSocket(rtp, tag(leg, slot: slot, isRTCP: false))
            watchSocket(rtcp, tag(leg, slot: slot, isRTCP: true))
            return
        }
        throw .noFreePort
    }

    /// Two sockets side by side; `nil`: another program has one of the ports, which go to the end of the row.
    private func pair(_ address: TransportAddress, port: UInt16) throws(MediaError) -> (rtp: Int32, rtcp: Int32)? {
        var rtp: Int32 = -1
        do {
            rtp = try bound(address, port: port)
            let rtcp = rtp >= 0 ? try bound(address, port: port + 1) : -1
            if rtcp >= 0 { return (rtp, rtcp) }
        } catch {
            if rtp >= 0 { Glibc.close(rtp) }
            ports.give(port)
            throw error
        }
        if rtp >= 0 { Glibc.close(rtp) }
        ports.give(port)
        return nil
    }

    func closeSockets(_ leg: UnsafeMutablePointer<LegSlot>) {
        for socket in [leg.pointee.rtp, leg.pointee.rtcp] where socket >= 0 {
            var event = epoll_event()
            epoll_ctl(descriptor, EPOLL_CTL_DEL, socket, &event)
            Glibc.close(socket)
        }
        ports.give(leg.pointee.port)
    }

    /// A socket on `port`, -1 if somebody else has it.
    private func bound(_ address: TransportAddress, port: UInt16) throws(MediaError) -> Int32 {
        let family = address.family == .ipv4 ? AF_INET : AF_INET6
        let kind = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let made = socket(family, kind, 0)
        guard made >= 0 else { throw .system(call: "socket", code: errno) }
        // Expedited forwarding (RFC 4594, section 4.1).
        var service: Int32 = 0xB8
        let size = socklen_t(MemoryLayout<Int32>.size)
        if family == AF_INET {
            setsockopt(made, Int32(IPPROTO_IP), IP_TOS, &service, size)
        } else {
            var only: Int32 = 1
            setsockopt(made, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &only, size)
            setsockopt(made, Int32(IPPROTO_IPV6), IPV6_TCLASS, &service, size)
        }
        var address = address
        address.port = port
        guard address.withSocketAddress({ bind(made, $0, $1) }) != 0 else { return made }
        let code = errno
        Glibc.close(made)
        if code == EADDRINUSE || code == EACCES { return -1 }
        throw .system(call: "bind", code: code)
    }

    private func watchSocket(_ socket: Int32, _ tag: UInt64) {
        var event = epoll_event()
        event.events = EPOLLIN.rawValue
        event.data.u64 = tag
        epoll_ctl(descriptor, EPOLL_CTL_ADD, socket, &event)
    }

    /// From here on the kernel drops everybody else, and a send looks up no route.
    func connect(_ leg: UnsafeMutablePointer<LegSlot>, to address: TransportAddress) {
        guard address.withSocketAddress({ Glibc.connect(leg.pointee.rtp, $0, $1) }) == 0 else { return }
        leg.pointee.isConnected = true
    }

    func disconnect(_ leg: UnsafeMutablePointer<LegSlot>) {
        guard leg.pointee.isConnected else { return }
        var nobody = sockaddr()
        nobody.sa_family = sa_family_t(AF_UNSPEC)
        Glibc.connect(leg.pointee.rtp, &nobody, socklen_t(MemoryLayout<sockaddr>.size))
        leg.pointee.isConnected = false
    }

    /// Sends to wherever the leg's media goes, from the RTP socket if it has one.
    @discardableResult
    func send(_ leg: UnsafeMutablePointer<LegSlot>, _ bytes: UnsafeRawPointer, count: Int) -> Bool {
        let sent: Int
        if leg.pointee.isConnected {
            sent = Glibc.send(leg.pointee.rtp, bytes, count, Int32(MSG_NOSIGNAL))
        } else if let browser = leg.pointee.browser {
            return send(to: browser, bytes, count: count)
        } else {
            sent = leg.pointee.remote.withSocketAddress {
                sendto(leg.pointee.rtp, bytes, count, Int32(MSG_NOSIGNAL), $0, $1)
            }
        }
        if sent == count { return true }
        counted.sendFailures &+= 1
        return false
    }
}
