// Connections that we open.

internal import CLoop
internal import Glibc
public import NIOCore

extension StreamLoop {
    /// Connects to a numeric address; names are resolved elsewhere, because that may block.
    ///
    /// `configure` adds the handlers before the connection is made. Fails with `ChannelError.connectTimeout` after `timeout`,
    /// with `IOError` if the peer or the kernel refuses, with what `configure` threw.
    @MainActor public func connect(
        to address: SocketAddress, timeout: TimeAmount = .seconds(10),
        configure: @escaping @MainActor (StreamChannel) throws -> Void
    ) -> EventLoopFuture<StreamChannel> {
        let promise: EventLoopPromise<StreamChannel> = makePromise()
        let descriptor = cloop_stream_socket(CInt(address.protocol.rawValue))
        guard descriptor >= 0 else {
            promise.fail(IOError(errnoCode: errno, reason: "socket"))
            return promise.futureResult
        }
        let channel = StreamChannel(loop: self, descriptor: descriptor)
        do {
            try configure(channel)
        } catch {
            channel.close0(error: error, mode: .all, promise: nil)
            promise.fail(error)
            return promise.futureResult
        }
        channel.register0(promise: nil)
        let connected: EventLoopPromise<Void> = makePromise()
        let deadline = assumeIsolated().scheduleTask(in: timeout) {
            channel.close0(error: ChannelError.connectTimeout(timeout), mode: .all, promise: nil)
        }
        connected.futureResult.assumeIsolated().whenComplete { result in
            deadline.cancel()
            promise.completeWith(result.map { channel })
        }
        channel.connect0(to: address, promise: connected)
        return promise.futureResult
    }
}
