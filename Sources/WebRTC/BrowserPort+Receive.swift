// What comes in, and whose it is.

internal import CLoop
internal import Glibc
internal import RTP

extension BrowserPort {
    /// Takes what waits in one socket; `false`: the time is up.
    func receive(from socket: Int, until limit: UInt64) -> Bool {
        for number in 0..<Self.datagramsPerSocketMax {
            // What is left stays readable.
            if number & 3 == 3, now >= limit { return false }
            var storage = sockaddr_storage()
            var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
            let count = withUnsafeMutablePointer(to: &storage) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    // The true length is wanted, to know what was cut.
                    recvfrom(
                        sockets[socket], incoming, Self.datagramBytesMax, Int32(MSG_TRUNC), $0, &length)
                }
            }
            if count < 0 { return true }
            guard let remote = TransportAddress(storage) else { continue }
            figures.datagramsReceived &+= 1
            take(count, over: ICEPath(socket: socket, remote: remote))
        }
        return true
    }

    private func take(_ count: Int, over path: ICEPath) {
        guard count <= Self.datagramBytesMax else { return figures.drops.count(.oversized) }
        let datagram = UnsafeRawBufferPointer(start: incoming, count: count)
        let kind = DatagramKind(datagram)
        if let onDatagram, !onDatagram(.incoming, kind, datagram) { return figures.drops.count(.test) }
        switch kind {
        case .stun: takeCheck(datagram, over: path)
        case .dtls:
            guard let session = session(over: path) else { return figures.drops.count(.unvalidated) }
            takeHandshake(datagram, of: session, over: path)
        case .rtp, .rtcp:
            guard let session = session(over: path) else { return figures.drops.count(.unvalidated) }
            session.receive(incoming, count: count, isRTCP: kind == .rtcp, at: now)
        case .foreign: figures.drops.count(.foreign)
        }
    }

    private func takeCheck(_ datagram: UnsafeRawBufferPointer, over path: ICEPath) {
        let message: STUNMessage
        do {
            message = try STUNMessage(datagram)
        } catch {
            return figures.drops.count(.malformedCheck)
        }
        guard let username = message.username else {
            figures.drops.count(.malformedCheck)
            guard message.kind == .request else { return }
            let outcome = ICELiteAgent.refuse(message, .noCredentials, 400, "Bad Request")
            if let response = outcome.response { refuse(response, over: path) }
            return
        }
        let fragment = String(decoding: username.prefix { $0 != UInt8(ascii: ":") }, as: UTF8.self)
        guard let session = session(named: fragment) else {
            figures.drops.count(.unknownUser)
            guard message.kind == .request else { return }
            let outcome = ICELiteAgent.refuse(message, .unknownUser, 401, "Unauthenticated")
            if let response = outcome.response { refuse(response, over: path) }
            return
        }
        session.receive(message, over: path, at: now)
    }

    /// The first ones of a round are worked off at once, unless others wait; the rest waits for the next round.
    private func takeHandshake(_ datagram: UnsafeRawBufferPointer, of session: BrowserSession, over path: ICEPath) {
        guard handshakeDatagramsLeft > 0, waiting.isEmpty else {
            guard waiting.count < Self.handshakeDatagramsWaitingMax,
                waiting.count(where: { $0.session === session }) < Self.handshakeDatagramsOfOneMax
            else { return session.drop(.handshakeBacklog) }
            waiting.append(Waiting(session: session, path: path, bytes: Array(datagram)))
            return
        }
        handshakeDatagramsLeft -= 1
        session.receiveDTLS(datagram, at: now)
    }

    func workOffHandshakes(until limit: UInt64) {
        handshakeDatagramsLeft = Self.handshakeDatagramsPerRoundMax
        var taken = 0
        while taken < waiting.count, handshakeDatagramsLeft > 0 {
            let next = waiting[taken]
            taken += 1
            // The path may have lost its session meanwhile.
            guard session(over: next.path) === next.session else { continue }
            handshakeDatagramsLeft -= 1
            next.bytes.withUnsafeBytes { next.session.receiveDTLS($0, at: now) }
        }
        if taken > 0 { waiting.removeFirst(min(taken, waiting.count)) }
    }
}
