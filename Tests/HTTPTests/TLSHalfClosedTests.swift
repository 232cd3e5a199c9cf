// A client that says over TLS that it will send no more, and still reads: openssl's program cannot do that.

import HTTP
import LoopTestKit
import NIOCore
import NIOSSL
import NIOTLS
import Streams
import TLS
import TLSTestKit
import Testing

/// Sends a request, closes its own side, and counts what comes until the other side closes, too.
private nonisolated final class HalfClosed: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let request: String
    private let ended: EventLoopPromise<Int>
    private var received = 0

    init(_ request: String, ended: EventLoopPromise<Int>) {
        self.request = request
        self.ended = ended
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted? = event as? TLSUserEvent {
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: request)), promise: nil)
            context.close(mode: .output, promise: nil)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { received += unwrapInboundIn(data).readableBytes }

    func channelInactive(context: ChannelHandlerContext) {
        ended.succeed(received)
        context.fireChannelInactive()
    }
}

@MainActor @Suite(.timeLimit(.minutes(1))) struct TLSHalfClosedTests {
    @Test("The answer to a client that has closed its side arrives whole, however much of it waits")
    func halfClosed() async throws {
        let server = try TestServer(certificate: TestCertificate().read())
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .none
        let context = try NIOSSLContext(configuration: configuration)
        let ended = TestLoop.streams.makePromise(of: Int.self)
        let address = try SocketAddress(ipAddress: "127.0.0.1", port: server.port)
        _ = try await TestLoop.streams.connect(to: address) { channel in
            try channel.syncOptions?.setOption(.allowRemoteHalfClosure, value: true)
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(NIOSSLClientHandler(context: context, serverHostname: "localhost"))
            try pipeline.addHandler(HalfClosed("GET /late HTTP/1.1\r\nhost: a\r\n\r\n", ended: ended))
        }.get()
        await server.witness.until { server.witness.begun == 1 }
        // By way of the same loop, which thereby has seen the end, too.
        _ = try await OpenSSLClient.exchange("GET /tiny HTTP/1.0\r\n\r\n", port: server.port, trusting: "/dev/null")
        server.witness.note { $0.gateIsOpen = true }
        #expect(try await ended.futureResult.get() > TestServer.largeBytes)
        await server.until { server.server.figures.openConnections == 0 }
        #expect(server.server.figures.cutOff == 0)
    }
}
