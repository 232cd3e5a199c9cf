// Clients that take their answers late, or never.

import Foundation
import Glibc
import HTTP
import LoopTestKit
import NIOCore
import Streams
import Testing

@Suite(.serialized, .timeLimit(.minutes(1))) struct HTTPSlowClientTests {
    @Test("a client that takes nothing is cut off") func stalledReader() async throws {
        var limits = HTTPLimits()
        limits.stalledWrite = .milliseconds(200)
        let server = try TestServer(limits: limits)
        let client = try await Client(port: server.port, receiveBuffer: 4096)
        try await client.send("GET /stream/100000 HTTP/1.1\r\nhost: a\r\n\r\n")
        await server.until { server.server.figures.cutOff == 1 && server.server.figures.openConnections == 0 }
        #expect(server.witness.streamed < 100_000)
        client.close()
    }

    @Test("a client that sends requests for ever and never reads fills no memory, and is cut off")
    func pipeliningWithoutReading() async throws {
        var limits = HTTPLimits()
        limits.stalledWrite = .milliseconds(300)
        let server = try TestServer(limits: limits)
        let client = try await Client(port: server.port, receiveBuffer: 4096)
        let two = "GET /tiny HTTP/1.1\r\nhost: a\r\n\r\nGET /nothing HTTP/1.1\r\nhost: a\r\n\r\n"
        let requests = String(repeating: two, count: 1000)
        let sending = Task {
            // Without an end it would run for ever if nobody cut it off.
            for _ in 0..<250 { try await client.send(requests) }
        }
        var most = 0, isDone = false
        Task {
            _ = await sending.result
            isDone = true
        }
        await server.until {
            most = max(most, server.server.figures.unsentBytes)
            return isDone
        }
        #expect(server.server.figures.cutOff == 1)
        #expect(most > 0 && most < 200_000, "\(most) bytes waited")
        client.close()
    }

    /// A client of `/large` or `/late` whose answer the kernel could not take as a whole.
    private func slowClient(_ server: TestServer, _ path: String) async throws -> Client {
        let client = try await Client(port: server.port, receiveBuffer: 4096)
        try await client.send("GET \(path) HTTP/1.1\r\nhost: a\r\n\r\n")
        return client
    }

    private func pass(_ time: TimeAmount) async throws {
        try await TestLoop.streams.scheduleTask(in: time) {}.futureResult.get()
    }

    @Test("the end of an answer that a slow client has not taken yet is no idle connection") func slowIdle() async throws {
        var limits = HTTPLimits()
        limits.idle = .milliseconds(150)
        // How long the client takes; it is looked at again, and then found idle, when this is over.
        limits.stalledWrite = .seconds(6)
        let server = try TestServer(limits: limits)
        let client = try await slowClient(server, "/large")
        await server.until { server.server.figures.unsentBytes > 0 }
        try await pass(.milliseconds(500))
        #expect(try await client.receiveAll().utf8.count > TestServer.largeBytes)
        #expect(server.server.figures.cutOff == 0)
        client.close()
    }

    @Test("a slow client that has closed its side gets its answer to the end") func slowHalfClosed() async throws {
        var limits = HTTPLimits()
        // Long enough that the answer begins before it is over, and then it has to be over.
        limits.peerFinished = .seconds(3)
        let server = try TestServer(limits: limits)
        let client = try await slowClient(server, "/late")
        client.finishSending()
        await server.witness.until { server.witness.begun == 1 }
        // By way of the same loop, which thereby has seen the end, too.
        _ = try await server.get("/tiny")
        server.witness.note { $0.gateIsOpen = true }
        await server.until { server.server.figures.unsentBytes > 0 }
        try await pass(.milliseconds(3500))
        #expect(try await client.receiveAll().utf8.count > TestServer.largeBytes)
        client.close()
    }

    @Test("shutting down leaves a slow client the answer that it has") func slowAtTheEnd() async throws {
        let server = try TestServer()
        let client = try await slowClient(server, "/large")
        await server.until { server.server.figures.unsentBytes > 0 }
        async let ended: Void = server.server.shutDown(grace: .seconds(10))
        #expect(try await client.receiveAll().utf8.count > TestServer.largeBytes)
        client.close()
        await ended
    }

    @Test("slow readers do not stall others, and their routes wait for them") func slowReaders() async throws {
        let server = try TestServer()
        var slow: [Client] = []
        for _ in 0..<20 {
            let client = try await Client(port: server.port, receiveBuffer: 4096)
            try await client.send("GET /stream/20000 HTTP/1.1\r\nhost: a\r\n\r\n")
            slow.append(client)
        }
        await server.witness.until { server.witness.streamed > 100 }
        var longest = Duration.zero
        for _ in 0..<20 {
            let start = ContinuousClock.now
            #expect(try await server.get("/actor").hasSuffix("{\"on\":\"main\"}"))
            longest = max(longest, ContinuousClock.now - start)
        }
        // Who was stalled by them would wait until they are cut off, after half a minute.
        #expect(longest < .seconds(10))
        // The kernel takes some MB on loopback; twenty bodies are 400 MB.
        #expect(server.witness.streamed < 200_000)
        for client in slow { client.reset() }
        await server.until { server.server.figures.openConnections == 0 }
    }
}
