// From a socket to an active channel: accepted ones and those that we connect.

internal import CLoop
internal import Glibc
internal import NIOConcurrencyHelpers
public import NIOCore
internal import Synchronization

extension StreamChannel {
    public nonisolated func localAddress0() throws -> SocketAddress {
        guard let address = localAddress else { throw ChannelError.unknownLocalAddress }
        return address
    }

    public nonisolated func remoteAddress0() throws -> SocketAddress {
        guard let address = remoteAddress else { throw ChannelError.operationUnsupported }
        return address
    }

    public nonisolated func register0(promise: EventLoopPromise<Void>?) {
        guard phase == .idle else {
            promise?.fail(ChannelError.inappropriateOperationForState)
            return
        }
        phase = .registered
        loop.channels[ObjectIdentifier(self)] = self
        promise?.succeed(())
        pipeline.fireChannelRegistered()
    }

    /// For a socket that is connected already: registers it and makes it active.
    public nonisolated func registerAlreadyConfigured0(promise: EventLoopPromise<Void>?) {
        register0(promise: nil)
        guard phase == .registered else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        do {
            try loop.watch(fd, events: 0) { [unowned self] in ready($0) }
            becomeActive(promise)
        } catch {
            promise?.fail(error)
            close0(error: error, mode: .all, promise: nil)
        }
    }

    public nonisolated func bind0(to address: SocketAddress, promise: EventLoopPromise<Void>?) {
        promise?.fail(ChannelError.operationUnsupported)
    }

    public nonisolated func connect0(to address: SocketAddress, promise: EventLoopPromise<Void>?) {
        guard phase == .registered else {
            promise?.fail(ChannelError.inappropriateOperationForState)
            return
        }
        let result = address.withSockAddr { Glibc.connect(fd, $0, socklen_t($1)) }
        let code = errno
        do {
            if result == 0 {
                try loop.watch(fd, events: 0) { [unowned self] in ready($0) }
                becomeActive(promise)
                return
            }
            guard code == EINPROGRESS else { throw IOError(errnoCode: code, reason: "connect") }
            phase = .connecting
            connectPromise = promise
            try loop.watch(fd, events: EPOLLOUT.rawValue) { [unowned self] in ready($0) }
        } catch {
            connectPromise = nil
            promise?.fail(error)
            close0(error: error, mode: .all, promise: nil)
        }
    }

    /// The kernel has decided on the connection that `connect0` asked for.
    nonisolated func finishConnecting() {
        var code: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(fd, SOL_SOCKET, SO_ERROR, &code, &length)
        let promise = connectPromise
        connectPromise = nil
        if code == 0 {
            becomeActive(promise)
            return
        }
        let error = IOError(errnoCode: code, reason: "connect")
        promise?.fail(error)
        close0(error: error, mode: .all, promise: nil)
    }

    private nonisolated func becomeActive(_ promise: EventLoopPromise<Void>?) {
        phase = .active
        active.store(true, ordering: .relaxed)
        let names = (Self.name(fd, getsockname), Self.name(fd, getpeername))
        addresses.withLockedValue { $0 = names }
        promise?.succeed(())
        // Each step may close the channel.
        if phase == .active { pipeline.fireChannelActive() }
        if phase == .active, autoRead { pipeline.read() }
        if phase == .active, head < flushed, !inSend { send() }
        rearm()
    }

    nonisolated static func name(
        _ fd: Int32, _ ask: (Int32, UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
    ) -> SocketAddress? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = withUnsafeMutablePointer(to: &storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { ask(fd, $0, &length) }
        }
        guard result == 0 else { return nil }
        let family = Int32(storage.ss_family)
        return withUnsafePointer(to: &storage) { pointer -> SocketAddress? in
            switch family {
            case AF_INET: pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { SocketAddress($0.pointee) }
            case AF_INET6: pointer.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { SocketAddress($0.pointee) }
            default: nil
            }
        }
    }
}
