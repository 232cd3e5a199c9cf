// The HTTP server under a driver of its own: what the tests of HTTPTests see on the loop of the test process.

import CLoop
import Foundation
import Glibc
import HTTP
import LoopTestKit
import MainLoop
import NIOCore

extension Checks {
    func checkHTTP() async {
        do {
            let server = try TestServer(on: streams)
            try await checkRequests(server)
            try await checkCrowd(server)
            let six = try TestServer(on: streams, host: "::1")
            let client = try await Client(port: six.port, ipv6: true)
            try await client.send("GET /actor HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")
            check("IPv6", try await client.receiveAll().hasSuffix("{\"on\":\"main\"}"))
            client.close()
            let begun = server.witness.begun
            let waiting = try await Client(port: server.port)
            try await waiting.send("GET /wait HTTP/1.1\r\nhost: a\r\n\r\n")
            _ = await until { server.witness.begun > begun }
            await server.server.shutDown(grace: .milliseconds(100))
            check("shut down: the task is cancelled", await until { server.witness.cancelled == 1 })
            waiting.close()
        } catch {
            check("HTTP: \(error)", false)
        }
    }

    private func checkRequests(_ server: TestServer) async throws {
        check("a route", try await server.get("/tiny").hasSuffix("{\"status\":\"ok\"}"))
        check("a route on the main actor", try await server.get("/actor").hasSuffix("{\"on\":\"main\"}"))
        check("a hot path", try await server.get("/healthz").hasSuffix("ok\n"))
        check("404", try await server.get("/nothing").hasPrefix("HTTP/1.1 404 "))
        let client = try await Client(port: server.port)
        let two = "GET /actor HTTP/1.1\r\nhost: a\r\n\r\nGET /healthz HTTP/1.1\r\nhost: a\r\n\r\n"
        let requests = String(repeating: two, count: 1000)
        async let sent: Void = client.send(requests)
        let answers = try await client.receive(until: "ok\n", times: 1000)
        try await sent
        check("2000 pipelined requests", answers.components(separatedBy: "{\"on\":\"main\"}").count == 1001)
        for byte in "POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\n\r\nhello".utf8 { try await client.send([byte]) }
        check("byte by byte", try await client.receive(until: "\r\n\r\nhello").hasPrefix("HTTP/1.1 200 OK"))
        try await client.send("GET /stream/100 HTTP/1.1\r\nhost: a\r\n\r\n")
        client.finishSending()
        check("half close", try await client.receiveAll().hasSuffix("\r\n0\r\n\r\n"))
        client.close()
        let garbage = try await server.exchange("\u{1}\u{2}\r\n\r\n")
        check("garbage", garbage.hasPrefix("HTTP/1.1 400 "))
    }

    private func checkCrowd(_ server: TestServer) async throws {
        _ = await until { server.server.figures.openConnections == 0 }
        // Dispatch opens one timer for each clock when it is first used, and keeps it.
        func descriptors() -> [String] { openDescriptors().filter { $0 != "anon_inode:[timerfd]" } }
        let before = descriptors()
        for round in 0..<300 {
            let client = try await Client(port: server.port)
            try await client.send(round % 3 == 0 ? "GET /st" : "GET /stream/2000 HTTP/1.1\r\nhost: a\r\n\r\n")
            if round % 2 == 0 { client.reset() } else { client.resetLater() }
        }
        let closed = await until { server.server.figures.openConnections == 0 && descriptors().count <= before.count }
        let after = descriptors()
        check("300 resets leave no descriptor: \(closed ? "\(after.count)" : "\(before), \(after)")", closed)
        var many: [Client] = []
        for _ in 0..<500 { many.append(try await Client(port: server.port)) }
        for client in many { try await client.send("GET /actor HTTP/1.1\r\nhost: a\r\n\r\n") }
        var good = 0
        for client in many where try await client.receive(until: "{\"on\":\"main\"}").hasPrefix("HTTP/1.1 200") { good += 1 }
        check("500 connections at once: \(good)", good == 500 && server.server.figures.openConnections >= 500)
        for client in many { client.close() }
        var slow: [Client] = []
        for _ in 0..<10 {
            let client = try await Client(port: server.port, receiveBuffer: 4096)
            try await client.send("GET /stream/20000 HTTP/1.1\r\nhost: a\r\n\r\n")
            slow.append(client)
        }
        let start = MonotonicClock.now
        let answer = try await server.get("/actor")
        let late = microseconds(since: start)
        check("slow readers do not hold others: \(late) us", answer.hasSuffix("{\"on\":\"main\"}") && late < 2 * limit / 1000)
        for client in slow { client.reset() }
    }
}
