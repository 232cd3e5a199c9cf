// Clients that are wrong, too slow, too many, or gone.

import CLoop
import Foundation
import Glibc
import HTTP
import LoopTestKit
import NIOCore
import Streams
import Testing

@Suite(.serialized, .timeLimit(.minutes(1))) struct HTTPHostileTests {
    @Test(
        "garbage is answered with 400 and a close, as first and as second request",
        arguments: [
            "\u{1}\u{2}\u{3} nonsense\r\n\r\n", "GET / HTTP/9.9\r\nhost: a\r\n\r\n", "GET /tiny\r\n\r\n",
            "POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
            "POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: x\r\n\r\n", "GET /tiny HTTP/1.1\r\n\r\n",
            "GET /tiny HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n", "GET /tiny HTTP/1.1\r\nhost: a\r\nbad field\r\n\r\n",
            "POST /echo HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        ])
    func garbage(_ bytes: String) async throws {
        let server = try TestServer()
        let answer = try await server.exchange(bytes)
        #expect(answer.hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
        #expect(answer.contains("application/problem+json"))
        let second = try await server.exchange("GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n" + bytes)
        #expect(second.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(second.contains("HTTP/1.1 400 Bad Request\r\n"))
    }

    @Test("a body over the limit is answered with 413, announced or not") func bodyLimit() async throws {
        let server = try TestServer()
        let client = try await Client(port: server.port)
        try await client.send("POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: 65537\r\n\r\n")
        let announced = try await client.receiveAll()
        #expect(announced.hasPrefix("HTTP/1.1 413 "))
        #expect(announced.contains("body_too_large"))
        client.close()
        let sly = try await Client(port: server.port)
        let chunk = "4000\r\n" + String(repeating: "x", count: 0x4000) + "\r\n"
        async let answer = sly.receiveAll()
        try await sly.send("POST /echo HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n")
        for _ in 0..<5 { try? await sly.send(chunk) }
        #expect(try await answer.hasPrefix("HTTP/1.1 413 "))
        sly.close()
    }

    @Test("headers over the limits are answered with 431") func headerLimit() async throws {
        let server = try TestServer()
        let long = try await server.get("/tiny", "x: \(String(repeating: "y", count: 10_000))\r\n")
        #expect(long.hasPrefix("HTTP/1.1 431 "))
        let many = try await server.get("/tiny", (0..<120).map { "x\($0): y\r\n" }.joined())
        #expect(many.hasPrefix("HTTP/1.1 431 "))
    }

    @Test("idle, half a header, half a body: cut off by their deadlines") func deadlines() async throws {
        var limits = HTTPLimits()
        limits.idle = .milliseconds(300)
        limits.header = .milliseconds(150)
        limits.body = .milliseconds(200)
        limits.linger = .milliseconds(100)
        let server = try TestServer(limits: limits)
        let idle = try await Client(port: server.port)
        let header = try await Client(port: server.port)
        try await header.send("GET /tiny HT")
        let body = try await Client(port: server.port)
        try await body.send("POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\nabc")
        let used = try await Client(port: server.port)
        try await used.send("GET /tiny HTTP/1.1\r\nhost: a\r\n\r\n")
        let start = ContinuousClock.now
        #expect(try await header.receiveAll().hasPrefix("HTTP/1.1 408 "))
        #expect(try await body.receiveAll().hasPrefix("HTTP/1.1 408 "))
        #expect(try await idle.receiveAll().isEmpty)
        #expect(try await used.receiveAll().hasSuffix("{\"status\":\"ok\"}"))
        #expect(ContinuousClock.now - start < .seconds(3))
        #expect(server.server.figures.cutOff == 2)
        for client in [idle, header, body, used] { client.close() }
    }

    @Test("bytes one by one do not move the deadline of a header") func dripping() async throws {
        var limits = HTTPLimits()
        limits.header = .milliseconds(250)
        let server = try TestServer(limits: limits)
        let client = try await Client(port: server.port)
        try await client.send("GET /")
        let dripping = Task {
            while !Task.isCancelled {
                try await client.send("x")
                try await Task.sleep(for: .milliseconds(20))
            }
        }
        #expect(try await client.receiveAll().hasPrefix("HTTP/1.1 408 "))
        dripping.cancel()
        _ = await dripping.result
        client.close()
    }

    @Test("when the client goes, the task is cancelled: by reset at once, by close after the grace")
    func goneClient() async throws {
        var limits = HTTPLimits()
        limits.peerFinished = .milliseconds(200)
        let server = try TestServer(limits: limits)
        let resets = try await Client(port: server.port)
        try await resets.send("GET /wait HTTP/1.1\r\nhost: a\r\n\r\n")
        await server.witness.until { server.witness.begun == 1 }
        resets.reset()
        await server.witness.until { server.witness.cancelled == 1 }
        let closes = try await Client(port: server.port)
        try await closes.send("GET /wait HTTP/1.1\r\nhost: a\r\n\r\n")
        await server.witness.until { server.witness.begun == 2 }
        closes.close()
        await server.witness.until { server.witness.cancelled == 2 }
        await server.until { server.server.figures.openConnections == 0 }
    }

    @Test("resets in every state leave no connection behind") func resets() async throws {
        let server = try TestServer()
        _ = try await server.get("/tiny")
        let requests = [
            "", "GET /ti", "GET /wait HTTP/1.1\r\nhost: a\r\n\r\n", "GET /stream/100000 HTTP/1.1\r\nhost: a\r\n\r\n",
            "POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\nabc", "GET /tiny HTTP/1.1\r\nhost: a\r\n\r\n",
        ]
        for round in 0..<50 {
            for (index, request) in requests.enumerated() {
                let client = try await Client(port: server.port)
                if !request.isEmpty { try await client.send(request) }
                // Some are reset before the server has read, some while it answers.
                if (round + index) % 2 == 0 { client.reset() } else { client.resetLater() }
            }
        }
        await server.until { server.server.figures.accepted == 301 && server.server.figures.openConnections == 0 }
        #expect(try await server.get("/tiny").hasSuffix("{\"status\":\"ok\"}"))
    }

    @Test("500 connections at once are all served") func manyConnections() async throws {
        let server = try TestServer()
        var clients: [Client] = []
        for _ in 0..<500 { clients.append(try await Client(port: server.port)) }
        let all = clients
        let good = try await Client.elsewhere {
            let request = Array("GET /actor HTTP/1.1\r\nhost: a\r\n\r\n".utf8)
            for client in all { _ = send(client.descriptor, request, request.count, 0) }
            var good = 0
            var buffer = [UInt8](repeating: 0, count: 4096)
            for client in all {
                let count = recv(client.descriptor, &buffer, buffer.count, 0)
                if count > 0, String(decoding: buffer.prefix(count), as: UTF8.self).hasSuffix("{\"on\":\"main\"}") { good += 1 }
            }
            return good
        }
        #expect(good == 500)
        #expect(server.server.figures.openConnections == 500)
        for client in clients { client.close() }
        await server.until { server.server.figures.openConnections == 0 }
    }

    @Test("one connection too many is refused with 503") func connectionsMax() async throws {
        var limits = HTTPLimits()
        limits.listener.connectionsMax = 3
        let server = try TestServer(limits: limits)
        var clients: [Client] = []
        for _ in 0..<3 {
            let client = try await Client(port: server.port)
            try await client.send("GET /tiny HTTP/1.1\r\nhost: a\r\n\r\n")
            _ = try await client.receive(until: "{\"status\":\"ok\"}")
            clients.append(client)
        }
        let last = try await Client(port: server.port)
        #expect(try await last.receiveAll().hasPrefix("HTTP/1.1 503 "))
        last.close()
        #expect(server.server.figures.refused == 1)
        clients[0].close()
        await server.until { server.server.figures.openConnections == 2 }
        #expect(try await server.get("/tiny").hasSuffix("{\"status\":\"ok\"}"))
        for client in clients.dropFirst() { client.close() }
    }

    @Test("a refusal reaches a client that has sent its request already") func refusedWithRequest() async throws {
        var limits = HTTPLimits()
        limits.listener.connectionsMax = 0
        let server = try TestServer(limits: limits)
        let caller = cloop_stream_socket_blocking(AF_INET)
        // In one go on the loop's own thread, so that the request is there before the connection is taken.
        #expect(cloop_connect_loopback(caller, UInt16(server.port), 0) == 0)
        let request = Array("GET /tiny HTTP/1.1\r\nhost: a\r\n\r\n".utf8)
        #expect(send(caller, request, request.count, cloop_no_signal()) == request.count)
        let (answer, end) = try await Client.elsewhere {
            var buffer = [UInt8](repeating: 0, count: 4096)
            let count = recv(caller, &buffer, buffer.count, Int32(MSG_WAITALL))
            return (String(decoding: buffer.prefix(max(0, count)), as: UTF8.self), recv(caller, &buffer, buffer.count, 0))
        }
        #expect(answer.hasPrefix("HTTP/1.1 503 ") && answer.hasSuffix("\r\n\r\n"))
        #expect(end == 0, "no reset")
        close(caller)
    }

    @Test("one source does not get all connections, a proxy does") func connectionsOfSource() async throws {
        var limits = HTTPLimits()
        limits.listener.connectionsPerSourceMax = 2
        let server = try TestServer(limits: limits)
        var clients: [Client] = []
        for _ in 0..<2 { clients.append(try await Client(port: server.port)) }
        #expect(try await server.get("/tiny").hasPrefix("HTTP/1.1 503 "))
        clients[0].close()
        await server.until { server.server.figures.openConnections == 1 }
        #expect(try await server.get("/tiny").hasPrefix("HTTP/1.1 200 "))
        limits.listener.sharedAddresses = ["127.0.0.1"]
        let behind = try TestServer(limits: limits)
        for _ in 0..<4 { clients.append(try await Client(port: behind.port)) }
        #expect(try await behind.get("/tiny").hasPrefix("HTTP/1.1 200 "))
        for client in clients.dropFirst() { client.close() }
    }
}
