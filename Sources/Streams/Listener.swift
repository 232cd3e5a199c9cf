// Connections that others open.

internal import CLoop
internal import Glibc
public import NIOCore

/// A listening TCP socket on a `StreamLoop`, IPv4 or IPv6.
@MainActor public final class Listener {
    public struct Limits: Sendable {
        /// Connections that wait in the kernel.
        public var backlog: Int32 = 1024
        /// Connections taken in one go, so that a burst does not hold the loop.
        public var acceptsPerServeMax = 16
        /// Open connections; further ones are closed at once.
        public var connectionsMax = 4096
        /// Open connections of one source; nil: a quarter of `connectionsMax`, but as many as a browser opens.
        public var connectionsPerSourceMax: Int?
        /// Canonical addresses to which the limit of one source does not apply: proxies, which speak for many.
        public var sharedAddresses: Set<String> = []
        /// After the process or the system ran out of descriptors: how long nothing is accepted.
        public var pauseWhenExhausted = TimeAmount.milliseconds(100)

        public nonisolated init() {}

        var perSourceMax: Int { connectionsPerSourceMax ?? max(16, connectionsMax / 4) }
    }

    /// Since the start; `open` is now.
    public struct Figures: Sendable {
        public var accepted: UInt64 = 0
        /// Closed at once, because `connectionsMax` were open, or a source had its share.
        public var refused: UInt64 = 0
        /// Times at which the process or the system had no descriptor left.
        public var exhausted: UInt64 = 0
        public var open = 0
    }

    /// What is read of a connection that is refused.
    private static let drainedBytesMax = 16 * 1024

    /// Where it listens; the port is the kernel's choice if 0 was asked for.
    public let address: SocketAddress
    public private(set) var figures = Figures()
    private let loop: StreamLoop
    private let limits: Limits
    private let refusal: [UInt8]
    private let configure: (StreamChannel) throws -> Void
    private var descriptor: Int32
    private var openOfSource: [SourceAddress: Int] = [:]

    /// `configure` gets each accepted channel before it is active, and adds its handlers. Whom the limits keep out
    /// gets `refusal` before the connection is closed.
    ///
    /// An IPv6 listener serves IPv6 only: for both, make two. Throws `SocketAddressError` if `host` is not a numeric
    /// address, `IOError` if the kernel refuses.
    public init(
        on loop: StreamLoop, host: String, port: Int, limits: Limits = Limits(), refusal: [UInt8] = [],
        configure: @escaping (StreamChannel) throws -> Void
    ) throws {
        let (descriptor, address) = try Self.listen(SocketAddress(ipAddress: host, port: port), backlog: limits.backlog)
        self.descriptor = descriptor
        self.address = address
        self.loop = loop
        self.limits = limits
        self.refusal = refusal
        self.configure = configure
        do {
            try watch()
        } catch {
            Glibc.close(descriptor)
            throw error
        }
    }

    isolated deinit { close() }

    /// Stops accepting; open connections go on.
    public func close() {
        guard descriptor >= 0 else { return }
        loop.unwatch(descriptor)
        Glibc.close(descriptor)
        descriptor = -1
    }

    private static func listen(_ wanted: SocketAddress, backlog: Int32) throws -> (Int32, SocketAddress) {
        let descriptor = cloop_stream_socket(CInt(wanted.protocol.rawValue))
        guard descriptor >= 0 else { throw IOError(errnoCode: errno, reason: "socket") }
        var one: Int32 = 1
        let size = socklen_t(MemoryLayout<Int32>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, size)
        if case .v6 = wanted { setsockopt(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &one, size) }
        guard wanted.withSockAddr({ Glibc.bind(descriptor, $0, socklen_t($1)) }) == 0, Glibc.listen(descriptor, backlog) == 0,
            let address = StreamChannel.name(descriptor, getsockname)
        else {
            let code = errno
            Glibc.close(descriptor)
            throw IOError(errnoCode: code, reason: "bind")
        }
        return (descriptor, address)
    }

    private func watch() throws {
        try loop.watch(descriptor, events: EPOLLIN.rawValue) { [weak self] _ in
            MainActor.assumeIsolated { self?.accept() }
        }
    }

    private func accept() {
        for _ in 0..<limits.acceptsPerServeMax where descriptor >= 0 {
            let accepted = cloop_accept(descriptor)
            let code = errno
            if accepted >= 0 {
                take(accepted)
                continue
            }
            switch code {
            case EINTR, ECONNABORTED: continue
            case EMFILE, ENFILE, ENOBUFS, ENOMEM: pause()
            default: break
            }
            return
        }
    }

    private func take(_ accepted: Int32) {
        let address = StreamChannel.name(accepted, getpeername)?.ipAddress
        let source = SourceAddress(address)
        let isShared = address.map { limits.sharedAddresses.contains($0) } ?? false
        let ofSource = openOfSource[source] ?? 0
        guard figures.open < limits.connectionsMax, isShared || ofSource < limits.perSourceMax else {
            refuse(accepted)
            return
        }
        figures.accepted += 1
        figures.open += 1
        openOfSource[source] = ofSource + 1
        let channel = StreamChannel(loop: loop, descriptor: accepted)
        channel.closeFuture.assumeIsolated().whenComplete { [weak self] _ in
            MainActor.assumeIsolated { self?.forget(source) }
        }
        do {
            try configure(channel)
            channel.registerAlreadyConfigured0(promise: nil)
        } catch {
            channel.close0(error: error, mode: .all, promise: nil)
        }
    }

    private func forget(_ source: SourceAddress) {
        figures.open -= 1
        let left = (openOfSource[source] ?? 1) - 1
        openOfSource[source] = left > 0 ? left : nil
    }

    /// Closing a socket that holds unread bytes resets it, and the reset would overtake the refusal: what has come is read.
    private func refuse(_ accepted: Int32) {
        figures.refused += 1
        if !refusal.isEmpty {
            _ = Glibc.send(accepted, refusal, refusal.count, cloop_no_signal() | Int32(MSG_DONTWAIT))
            shutdown(accepted, Int32(SHUT_WR))
            withUnsafeTemporaryAllocation(byteCount: Self.drainedBytesMax, alignment: 1) { buffer in
                _ = recv(accepted, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT))
            }
        }
        Glibc.close(accepted)
    }

    /// Without descriptors the socket stays readable and `accept` keeps failing: not to spin, look again a little later.
    private func pause() {
        figures.exhausted += 1
        loop.modify(descriptor, events: 0)
        _ = loop.assumeIsolated().scheduleTask(in: limits.pauseWhenExhausted) { [weak self] in
            MainActor.assumeIsolated {
                guard let self, self.descriptor >= 0 else { return }
                self.loop.modify(self.descriptor, events: EPOLLIN.rawValue)
            }
        }
    }
}
