// HTTP over TLS, spoken with openssl, which is not ours.

import Foundation
import Glibc
import HTTP
import LoopTestKit
import NIOCore
import Streams
import TLS
import TLSTestKit
import Testing

extension TestCertificate {
    func read() throws -> ServerCertificate {
        try ServerCertificate(
            chain: Array(Data(contentsOf: URL(fileURLWithPath: chain))), key: Array(Data(contentsOf: URL(fileURLWithPath: key)))
        )
    }
}

@MainActor @Suite(.serialized, .timeLimit(.minutes(1))) struct TLSTests {
    private let paper: TestCertificate
    private static let request = "GET /tiny HTTP/1.1\r\nhost: localhost\r\n\r\n"

    init() throws { paper = try TestCertificate() }

    private func makeServer(_ change: (inout HTTPLimits) -> Void = { _ in }) throws -> TestServer {
        var limits = HTTPLimits()
        change(&limits)
        return try TestServer(limits: limits, certificate: paper.read())
    }

    private func get(_ path: String, _ server: TestServer, trusting file: String? = nil, _ options: [String] = [])
        async throws -> String
    {
        try await OpenSSLClient.exchange(
            "GET \(path) HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n", port: server.port,
            trusting: file ?? paper.chain, options: options)
    }

    /// A connection that stays open, seen in clear.
    private func connect(_ server: TestServer, trusting file: String? = nil) throws -> (Client, OpenSSLClient) {
        let program = try OpenSSLClient(port: server.port, trusting: file ?? paper.chain)
        return (Client(takingOver: program.descriptor), program)
    }

    @Test("TLS 1.2 and 1.3 are spoken, older versions and suites without forward secrecy are not")
    func versions() async throws {
        let server = try makeServer()
        for version in ["-tls1_2", "-tls1_3"] {
            let answer = try await get("/healthz", server, [version])
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n") && answer.hasSuffix("ok\n"), "\(version): \(answer)")
        }
        #expect(try await get("/actor", server).hasSuffix("{\"on\":\"main\"}"))
        #expect(server.server.figures.failedHandshakes == 0)
        #expect(try await get("/healthz", server, ["-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"]).isEmpty)
        #expect(try await get("/healthz", server, ["-tls1_2", "-cipher", "AES128-GCM-SHA256"]).isEmpty)
        await server.until { server.server.figures.failedHandshakes == 2 && server.server.figures.openConnections == 0 }
    }

    @Test("Many requests of one connection, and an answer larger than any buffer, arrive whole")
    func answers() async throws {
        let server = try makeServer()
        let (client, _) = try connect(server)
        try await client.send(String(repeating: Self.request, count: 200))
        _ = try await client.receive(until: "{\"status\":\"ok\"}", times: 200)
        client.close()
        let large = try await get("/large", server)
        #expect(large.utf8.count > TestServer.largeBytes && large.hasSuffix(String(repeating: "a", count: 1000)))
        #expect(try await get("/stream/300", server).contains(String(repeating: "a", count: 1000)))
        let body = String(repeating: "b", count: 60_000)
        let echo = try await OpenSSLClient.exchange(
            "POST /echo HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: 60000\r\n\r\n" + body, port: server.port,
            trusting: paper.chain)
        #expect(echo.hasSuffix("\r\n\r\n" + body))
    }

    @Test("A WebSocket over TLS carries text both ways, and ends at both sides")
    func webSocket() async throws {
        let server = try makeServer()
        let ends = AsyncStream.makeStream(of: WebSocket.End.self)
        var ended = ends.stream.makeAsyncIterator()
        server.server.upgrade("/ws", admit: { _ in true }) { socket in
            socket.onText = { [weak socket] text in socket?.send("echo \(text)") }
            socket.onEnd = { ends.continuation.yield($0) }
        }
        let (wire, program) = try connect(server)
        let client = try await WebSocketClient(on: wire, path: "/ws")
        let long = String(repeating: "ä", count: 30_000)
        for text in ["one", long] {
            try await client.send(.text, text)
            #expect(try await client.text() == "echo \(text)")
        }
        try await client.sendClose(1000)
        #expect(try await client.frame() == .init(opcode: .close, payload: [3, 232]))
        #expect(try await client.isAtEnd())
        #expect(await ended.next() == .closed(code: 1000))
        await server.until { server.server.figures.openConnections == 0 }
        wire.close()
        withExtendedLifetime(program) {}

        let (second, crashing) = try connect(server)
        let lost = try await WebSocketClient(on: second, path: "/ws")
        try await lost.send(.text, "here")
        #expect(try await lost.text() == "echo here")
        let start = ContinuousClock.now
        crashing.kill()
        #expect(await ended.next() == .gone)
        #expect(ContinuousClock.now - start < .seconds(20), "not by a ping, which would take half a minute")
        second.close()
    }

    @Test("A renewed certificate is shown to new connections, and open ones go on")
    func renewal() async throws {
        let server = try makeServer()
        let (live, program) = try connect(server)
        try await live.send(Self.request)
        _ = try await live.receive(until: "{\"status\":\"ok\"}")
        let renewed = try TestCertificate()
        try server.server.renew(renewed.read())
        #expect(try await get("/healthz", server, trusting: renewed.chain).hasSuffix("ok\n"))
        #expect(try await get("/healthz", server).isEmpty, "the old one is shown no longer")
        try await live.send(Self.request)
        _ = try await live.receive(until: "{\"status\":\"ok\"}")
        #expect(server.server.figures.openConnections >= 1)
        live.close()
        withExtendedLifetime(program) {}
    }

    @Test("Whoever does not speak TLS is cut off, and nobody else notices")
    func plain() async throws {
        let server = try makeServer()
        let (live, program) = try connect(server)
        try await live.send(Self.request)
        _ = try await live.receive(until: "{\"status\":\"ok\"}")
        let noise = (0..<3000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 / 7) }
        let strangers: [[UInt8]] = [
            Array(Self.request.utf8), noise, [0x16, 3, 1, 0, 4, 1, 0, 0, 0], [0x16, 3, 1, 0xFF, 0xFF] + noise,
        ]
        for bytes in strangers {
            let stranger = try await Client(port: server.port)
            try await stranger.send(bytes)
            // An alert may come, and the end may be a reset: unread bytes are left.
            let answer = (try? await stranger.receiveAll()) ?? ""
            #expect(!answer.contains("HTTP"))
            stranger.close()
        }
        await server.until { server.server.figures.failedHandshakes == 4 && server.server.figures.openConnections == 1 }
        #expect(server.server.figures.requests == 1)
        try await live.send(Self.request)
        _ = try await live.receive(until: "{\"status\":\"ok\"}")
        live.close()
        withExtendedLifetime(program) {}
    }

    @Test("Handshakes, headers and readers that stall are cut off; idle connections are closed")
    func deadlines() async throws {
        // A server for each limit: openssl takes its time for a handshake and for what comes behind it.
        let hasty = try makeServer { $0.handshake = .milliseconds(400) }
        let silent = try await Client(port: hasty.port)
        let half = try await Client(port: hasty.port)
        try await half.send([0x16, 3, 1, 2, 0, 1])
        #expect(try await silent.receiveAll().isEmpty)
        #expect(try await half.receiveAll().isEmpty)
        #expect(hasty.server.figures.cutOff == 2)
        let strict = try makeServer { $0.header = .milliseconds(300) }
        let (slow, first) = try connect(strict)
        try await slow.send("GET /tiny HT")
        #expect(try await slow.receiveAll().hasPrefix("HTTP/1.1 408 "))
        #expect(strict.server.figures.cutOff == 1)
        let server = try makeServer {
            $0.stalledWrite = .milliseconds(400)
            $0.idle = .seconds(2)
            $0.linger = .milliseconds(100)
        }
        let (idle, second) = try connect(server)
        try await idle.send(Self.request)
        #expect(try await idle.receiveAll().hasSuffix("{\"status\":\"ok\"}"))
        let (stalled, third) = try connect(server)
        try await stalled.send("GET /stream/100000 HTTP/1.1\r\nhost: a\r\n\r\n")
        await server.until { server.server.figures.cutOff == 1 && server.server.figures.openConnections == 0 }
        #expect(server.witness.streamed < 100_000)
        for client in [silent, half, slow, idle, stalled] { client.close() }
        withExtendedLifetime((first, second, third)) {}
    }

    @Test("Shutting down does not wait for the farewell of idle clients")
    func shutDown() async throws {
        let server = try makeServer { $0.linger = .seconds(20) }
        var open: [(Client, OpenSSLClient)] = []
        for _ in 0..<3 {
            let connection = try connect(server)
            try await connection.0.send(Self.request)
            _ = try await connection.0.receive(until: "{\"status\":\"ok\"}")
            open.append(connection)
        }
        let handshaking = try await Client(port: server.port)
        await server.until { server.server.figures.openConnections == 4 }
        let start = ContinuousClock.now
        await server.server.shutDown(grace: .milliseconds(500))
        // The farewell of TLS would be waited for five seconds, a client that lingers for twenty.
        #expect(ContinuousClock.now - start < .seconds(4))
        for (client, _) in open {
            #expect(try await client.receive().isEmpty)
            client.close()
        }
        handshaking.close()
    }
}

@Suite struct ServerCertificateTests {
    @Test("Two files that are no certificate with its key are refused, and say why")
    func refused() throws {
        let (one, other) = (try TestCertificate(), try TestCertificate(key: ["rsa:2048"]))
        func bytes(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: path))) }
        let (chain, key) = (try bytes(one.chain), try bytes(one.key))
        #expect(throws: ServerCertificate.Failure.keyDoesNotFit) {
            try ServerCertificate(chain: chain, key: bytes(other.key))
        }
        for broken in [[], Array("hello".utf8), key, Array(chain.prefix(200)), [0, 255, 0]] {
            #expect(throws: ServerCertificate.Failure.noCertificate) { try ServerCertificate(chain: broken, key: key) }
        }
        for broken in [[], Array("hello".utf8), chain, Array(key.prefix(100))] {
            #expect(throws: ServerCertificate.Failure.noKey) { try ServerCertificate(chain: chain, key: broken) }
        }
        try TestCertificate.openssl([
            "pkey", "-in", one.key, "-aes256", "-passout", "pass:secret", "-out", one.folder + "/locked.pem",
        ])
        #expect(throws: ServerCertificate.Failure.noKey) {
            try ServerCertificate(chain: chain, key: bytes(one.folder + "/locked.pem"))
        }
        let good = try ServerCertificate(chain: chain, key: key)
        let both = try ServerCertificate(chain: chain + bytes(other.chain), key: key)
        #expect(good.serial == both.serial && !good.isSlow)
        #expect(try other.read().serial != good.serial)
        let now = Int64(Date().timeIntervalSince1970)
        #expect(abs(good.validUntil - now - 90 * 86_400) < 3600 && abs(good.validFrom - now) < 3600)
    }

    @Test("A key that takes long to sign with is told")
    func slowKey() throws {
        #expect(try !TestCertificate(key: ["rsa:2048"]).read().isSlow)
        #expect(try TestCertificate(key: ["rsa:4096"]).read().isSlow)
    }
}
