// Connections that others open, and those that we do.

import CLoop
import Glibc
import LoopTestKit
import MainLoop
import NIOCore
import Streams

extension Checks {
    func checkConnections() async {
        for host in ["127.0.0.1", "::1"] { await checkConnect(host) }
        await checkFailures()
        await checkExhaustion()
    }

    private func checkConnect(_ host: String) async {
        let before = streams.channelCount
        var accepted: [StreamChannel] = []
        guard
            let listener = try? Listener(
                on: streams, host: host, port: 0,
                configure: { channel in
                    accepted.append(channel)
                    try channel.pipeline.syncOperations.addHandler(Echo())
                })
        else {
            check("listen on \(host)", false)
            return
        }
        let recorder = Recorder()
        let connected = await Result {
            try await streams.connect(to: listener.address) { channel in
                try channel.pipeline.syncOperations.addHandler(recorder)
            }.get()
        }
        guard case .success(let channel) = connected else {
            check("connect to \(host): \(connected)", false)
            return
        }
        try? await channel.writeAndFlush(ByteBuffer(string: "there and back")).get()
        let back = await until { recorder.bytes == 14 }
        check("connect to \(host), \(recorder.log)", back && recorder.log == ["registered", "active", "read14"])
        let names = await until { accepted.first?.remoteAddress == channel.localAddress && channel.localAddress != nil }
        check("both ends name the same addresses", names && channel.remoteAddress == listener.address)
        channel.close(promise: nil)
        check("the other end closes too", await until { listener.figures.open == 0 && self.streams.channelCount == before })
        listener.close()
        let refused = await Result { try await streams.connect(to: listener.address) { _ in }.get() }
        var isRefused = false
        if case .failure(let error) = refused { isRefused = (error as? IOError)?.errnoCode == ECONNREFUSED }
        check("a closed listener refuses", isRefused)
    }

    private func checkFailures() async {
        let before = openDescriptors().count, channels = streams.channelCount
        // A listener with a full backlog that nobody serves: the kernel drops what asks for more.
        var port: UInt16 = 0
        let deaf = cloop_deaf_listener(&port)
        var blocked: [StreamChannel] = []
        var timedOut = false
        guard let address = try? SocketAddress(ipAddress: "127.0.0.1", port: Int(port)) else { return }
        for _ in 0..<8 where !timedOut {
            let start = MonotonicClock.now
            switch await Result({ try await streams.connect(to: address, timeout: .milliseconds(60)) { _ in }.get() }) {
            case .success(let channel): blocked.append(channel)
            case .failure(let error):
                if case .connectTimeout? = error as? ChannelError { timedOut = microseconds(since: start) >= 60_000 }
            }
        }
        check("connect gives up after its timeout", timedOut)
        for channel in blocked { channel.close(promise: nil) }
        close(deaf)
        struct No: Error {}
        let refused = await Result { try await streams.connect(to: address) { _ in throw No() }.get() }
        var isNo = false
        if case .failure(let error) = refused { isNo = error is No }
        check("what configure throws is what connect throws", isNo)
        let clean = await until { openDescriptors().count <= before && self.streams.channelCount == channels }
        check("failed connections leave nothing behind", clean)
        let twice = try? Listener(on: streams, host: "127.0.0.1", port: 0) { _ in }
        let second = Result { try Listener(on: streams, host: "127.0.0.1", port: twice?.address.port ?? 0) { _ in } }
        check("a port in use is an error", { if case .failure(let e) = second { e is IOError } else { false } }())
        twice?.close()
        let name = Result { try Listener(on: streams, host: "localhost", port: 0) { _ in } }
        check("a name is an error: names are resolved elsewhere", { if case .failure = name { true } else { false } }())
    }
}

extension Checks {
    private func checkExhaustion() async {
        guard let listener = try? Listener(on: streams, host: "127.0.0.1", port: 0, configure: { _ in }) else { return }
        let port = UInt16(listener.address.port ?? 0)
        let callers = (0..<4).map { _ in cloop_stream_socket_blocking(AF_INET) }
        let rounds = loop.figures.rounds.count, start = MonotonicClock.now
        // No descriptor beyond those that are open: accept fails, and the socket stays readable.
        let limit = cloop_limit_descriptors(3)
        for caller in callers { _ = cloop_connect_loopback(caller, port, 0) }
        try? await Task.sleep(for: .milliseconds(250))
        let most = microseconds(since: start) / 100_000 + 2
        let tries = listener.figures.exhausted, woken = loop.figures.rounds.count - rounds
        _ = cloop_limit_descriptors(limit)
        check("without descriptors nothing spins: \(tries) tries, \(woken) rounds", tries > 0 && tries <= most && woken < 100)
        check("and with new ones all are accepted", await until { listener.figures.open == 4 })
        for caller in callers { close(caller) }
        listener.close()
    }
}

nonisolated private final class Echo: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer
    func channelRead(context: ChannelHandlerContext, data: NIOAny) { context.writeAndFlush(data, promise: nil) }
}
