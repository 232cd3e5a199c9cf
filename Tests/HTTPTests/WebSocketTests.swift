// WebSocket on the port of the router, over real sockets.

import Foundation
import HTTP
import HTTPTypes
import LoopTestKit
import NIOCore
import Testing

@MainActor @Suite(.timeLimit(.minutes(1))) struct WebSocketTests {
    /// What the server's side was told of the ends of its sockets, in order.
    final class Ends {
        private let ends = AsyncStream.makeStream(of: WebSocket.End.self)

        func add(_ end: WebSocket.End) { ends.continuation.yield(end) }

        func next() async -> WebSocket.End? {
            var iterator = ends.stream.makeAsyncIterator()
            return await iterator.next()
        }
    }

    /// An echo at /ws for those who bring the right origin.
    private func makeServer(_ change: (inout HTTPLimits) -> Void = { _ in }) throws -> (TestServer, Ends) {
        var limits = HTTPLimits()
        change(&limits)
        let server = try TestServer(limits: limits)
        let ends = Ends()
        server.server.upgrade("/ws", admit: { $0.headers[.origin] == "http://test" }) { socket in
            socket.onText = { [weak socket] text in
                if text == "leave" { socket?.close(.init(4001), reason: "because") } else { socket?.send("echo \(text)") }
            }
            socket.onEnd = { ends.add($0) }
            if socket.request.query == "greet" { socket.send("hello") }
        }
        return (server, ends)
    }

    @Test("A request from the right origin becomes a WebSocket that carries text both ways, whole or in pieces")
    func echo() async throws {
        let (server, ends) = try makeServer()
        let client = try await WebSocketClient(port: server.port, path: "/ws?greet")
        #expect(try await client.text() == "hello")
        try await client.send(.text, "one")
        #expect(try await client.text() == "echo one")
        try await client.send(.text, "tw", isLast: false)
        try await client.send(.ping, "still there?")
        try await client.send(.continuation, "o")
        #expect(try await client.frame() == .init(opcode: .pong, payload: Array("still there?".utf8)))
        #expect(try await client.text() == "echo two")
        let long = String(repeating: "ä", count: 30_000)
        try await client.send(.text, long)
        #expect(try await client.text() == "echo \(long)")
        #expect(server.server.figures.openWebSockets == 1)
        try await client.sendClose(1000)
        #expect(try await client.frame() == .init(opcode: .close, payload: [3, 232]))
        #expect(try await client.isAtEnd())
        #expect(await ends.next() == .closed(code: 1000))
        #expect(server.server.figures.openWebSockets == 0)
    }

    @Test("An upgrade that is refused is answered like any other request")
    func refused() async throws {
        let (server, _) = try makeServer()
        let wrongOrigin = try await server.exchange(WebSocketClient.handshake(path: "/ws", origin: "http://elsewhere"))
        #expect(wrongOrigin.hasPrefix("HTTP/1.1 404"))
        let elsewhere = try await server.exchange(WebSocketClient.handshake(path: "/tiny", origin: "http://test"))
        #expect(elsewhere.hasPrefix("HTTP/1.1 200") && elsewhere.hasSuffix("{\"status\":\"ok\"}"))
        let other = try await server.exchange(
            "GET /tiny HTTP/1.1\r\nhost: test\r\nconnection: upgrade, http2-settings\r\nupgrade: h2c\r\n\r\n")
        #expect(other.hasPrefix("HTTP/1.1 200"))
        let old = try await server.exchange(
            WebSocketClient.handshake(path: "/ws", origin: "http://test").replacingOccurrences(of: ": 13", with: ": 8"))
        #expect(old.hasPrefix("HTTP/1.1 4"))
    }

    @Test(
        "Whoever breaks the protocol or a limit is told so and closed",
        arguments: [
            ([0x81, 0x01, 0x61], 1002),  // not masked
            ([0xC1, 0x81, 0, 0, 0, 0, 0x61], 1002),  // a reserved bit
            ([0x80, 0x81, 0, 0, 0, 0, 0x61], 1002),  // a continuation of nothing
            ([0x83, 0x80, 0, 0, 0, 0], 1002),  // a reserved opcode
            ([0x82, 0x81, 0, 0, 0, 0, 0x61], 1003),  // binary
            ([0x81, 0x82, 0, 0, 0, 0, 0xC3, 0x28], 1007),  // not UTF-8
            ([0x81, 0xFF, 0, 0, 0, 0, 0x7F, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0], 1009),  // 2 GiB announced
            ([0x89, 0xFE, 1, 0, 0, 0, 0, 0], 1002),  // a ping of 256 bytes
            ([0x88, 0x81, 0, 0, 0, 0, 0x03], 1002),  // half a code
            ([0x88, 0x82, 0, 0, 0, 0, 0x03, 0xED], 1002),  // 1005, which says that there was no code
            ([0x88, 0x83, 0, 0, 0, 0, 0x03, 0xE8, 0xC3], 1007),  // a reason that is not UTF-8
        ] as [([UInt8], UInt16)])
    func broken(frame: [UInt8], code: UInt16) async throws {
        let (server, ends) = try makeServer()
        let client = try await WebSocketClient(port: server.port, path: "/ws")
        try await client.client.send(frame)
        let answer = try await client.frame()
        #expect(answer.opcode == .close && answer.payload.starts(with: [UInt8(code >> 8), UInt8(code & 0xFF)]), "\(answer)")
        #expect(await ends.next() == .refused)
        #expect(server.server.figures.refusedWebSockets == 1)
        #expect(try await server.get("/tiny").hasPrefix("HTTP/1.1 200"))
    }

    @Test("A message in more pieces than it may have bytes is refused")
    func pieces() async throws {
        let (server, ends) = try makeServer { $0.webSocketMessageBytesMax = 1000 }
        let client = try await WebSocketClient(port: server.port, path: "/ws")
        try await client.send(.text, String(repeating: "a", count: 600), isLast: false)
        try await client.send(.continuation, String(repeating: "b", count: 600))
        let answer = try await client.frame()
        #expect(answer.opcode == .close && answer.payload.starts(with: [3, 241]))
        #expect(await ends.next() == .refused)
    }

    @Test("A client that does not read is dropped once its limit waits, and others do not notice")
    func slow() async throws {
        let (server, ends) = try makeServer { $0.webSocketWaitingBytesMax = 100_000 }
        let calm = try await WebSocketClient(port: server.port, path: "/ws")
        let slow = try await WebSocketClient(port: server.port, path: "/ws", receiveBuffer: 4096)
        let text = String(repeating: "x", count: 20_000)
        // It ends by a reset in the middle of what we send.
        for _ in 0..<1000 { do { try await slow.send(.text, text) } catch { break } }
        #expect(await ends.next() == .slow)
        #expect(server.server.figures.slowWebSockets == 1)
        try await calm.send(.text, "here")
        #expect(try await calm.text() == "echo here")
    }

    @Test("Who does not answer two pings is gone; who does stays")
    func ping() async throws {
        let (server, ends) = try makeServer { $0.webSocketPing = .milliseconds(500) }
        let deaf = try await WebSocketClient(port: server.port, path: "/ws")
        var frames: [WebSocketClient.Frame] = []
        while let frame = try? await deaf.frame() { frames.append(frame) }
        #expect(frames.count >= 2 && frames.allSatisfy { $0.opcode == .ping })
        #expect(await ends.next() == .gone)
        let awake = try await WebSocketClient(port: server.port, path: "/ws")
        for _ in 0..<6 {
            #expect(try await awake.frame().opcode == .ping)
            try await awake.send(.pong, "")
        }
        #expect(server.server.figures.openWebSockets == 1)
    }

    @Test("What the server closes says why, also when it goes down")
    func closing() async throws {
        let (server, ends) = try makeServer()
        let first = try await WebSocketClient(port: server.port, path: "/ws")
        try await first.send(.text, "leave")
        #expect(try await first.frame() == .init(opcode: .close, payload: [15, 161] + Array("because".utf8)))
        #expect(await ends.next() == .closedHere)
        try await first.sendClose(4001)
        #expect(try await first.isAtEnd())
        let second = try await WebSocketClient(port: server.port, path: "/ws")
        async let down: Void = server.server.shutDown()
        let answer = try await second.frame()
        #expect(answer.opcode == .close && answer.payload.starts(with: [3, 233]))
        try await second.sendClose(1001)
        await down
    }

    @Test("A client whose side is closed without a close frame is gone at once")
    func halfClosed() async throws {
        let (server, ends) = try makeServer()
        let client = try await WebSocketClient(port: server.port, path: "/ws")
        client.client.finishSending()
        #expect(await ends.next() == .gone)
        #expect(server.server.figures.openWebSockets == 0)
    }

    @Test("Frames of any kind are counted: a flood of pings is closed, and pings that nobody reads the answers of are dropped")
    func pingFlood() async throws {
        let (server, ends) = try makeServer { $0.webSocketFramesPerSecondMax = 50 }
        let flooding = try await WebSocketClient(port: server.port, path: "/ws")
        for _ in 0..<120 { do { try await flooding.send(.ping, "") } catch { break } }
        #expect(await ends.next() == .refused)
        let (other, otherEnds) = try makeServer {
            $0.webSocketFramesPerSecondMax = .max
            $0.webSocketWaitingBytesMax = 2000
        }
        let deaf = try await WebSocketClient(port: other.port, path: "/ws", receiveBuffer: 4096)
        let ping = String(repeating: "x", count: 125)
        for _ in 0..<200_000 { do { try await deaf.send(.ping, ping) } catch { break } }
        #expect(await otherEnds.next() == .slow)
    }
}
