// What a well-behaved client sees.

import Foundation
import HTTP
import LoopTestKit
import NIOCore
import Testing

@Suite(.timeLimit(.minutes(1))) struct HTTPRequestTests {
    @Test("a route, a route on the main actor, a parameter and a hot path answer") func routes() async throws {
        let server = try TestServer()
        let tiny = try await server.get("/tiny")
        #expect(tiny.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(tiny.hasSuffix("\r\n\r\n{\"status\":\"ok\"}"))
        #expect(tiny.lowercased().contains("content-length: 15\r\n"))
        #expect(tiny.lowercased().contains("x-content-type-options: nosniff\r\n"))
        #expect(tiny.lowercased().contains("\r\ndate: "))
        #expect(try await server.get("/actor").hasSuffix("{\"on\":\"main\"}"))
        #expect(try await server.get("/name/ada").hasSuffix("{\"name\":\"ada\"}"))
        #expect(try await server.get("/healthz").hasSuffix("\r\n\r\nok\n"))
        #expect(try await server.get("/query?a=1&b=2").hasSuffix("\r\n\r\na=1&b=2"))
        #expect(server.server.figures.requests == 5)
        #expect(server.server.figures.responsesByClass[2] == 5)
    }

    @Test("a target that is a whole URL is taken by its path (RFC 9112, 3.2.2)") func absoluteForm() async throws {
        let server = try TestServer()
        #expect(try await server.get("http://test/tiny").hasSuffix("{\"status\":\"ok\"}"))
        #expect(try await server.get("http://test:80/healthz").hasSuffix("\r\n\r\nok\n"))
        #expect(try await server.get("http://test/query?a=1").hasSuffix("\r\n\r\na=1"))
        #expect(try await server.get("http://test").hasPrefix("HTTP/1.1 404 "))
    }

    @Test("HEAD has the header of GET and no body, for route, hot path and error") func head() async throws {
        let server = try TestServer()
        for (path, length) in [("/tiny", 15), ("/healthz", 3)] {
            let answer = try await server.get(path, method: "HEAD")
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(answer.lowercased().contains("content-length: \(length)\r\n"))
            #expect(answer.hasSuffix("\r\n\r\n"))
        }
        let hostless = try await server.exchange("HEAD /tiny HTTP/1.1\r\n\r\n")
        #expect(hostless.hasPrefix("HTTP/1.1 400 ") && hostless.hasSuffix("\r\n\r\n"))
        let missing = try await server.get("/nothing", method: "HEAD")
        #expect(missing.hasPrefix("HTTP/1.1 404 "))
        #expect(missing.hasSuffix("\r\n\r\n"))
        // A streamed body is not begun, and the connection goes on.
        let client = try await Client(port: server.port)
        try await client.send("HEAD /stream/5 HTTP/1.1\r\nhost: a\r\n\r\nGET /healthz HTTP/1.1\r\nhost: a\r\n\r\n")
        let both = try await client.receive(until: "ok\n")
        #expect(server.witness.streamed == 0)
        #expect(both.components(separatedBy: "\r\n\r\n").dropFirst().first?.hasPrefix("HTTP/1.1 200 OK\r\n") == true)
        client.close()
    }

    @Test("unknown path 404, unknown method 405 with Allow, both as problems") func notFound() async throws {
        let server = try TestServer()
        let missing = try await server.get("/nothing")
        #expect(missing.hasPrefix("HTTP/1.1 404 Not Found\r\n"))
        #expect(missing.contains("application/problem+json"))
        let wrong = try await server.get("/echo")
        #expect(wrong.hasPrefix("HTTP/1.1 405 Method Not Allowed\r\n"))
        #expect(wrong.lowercased().contains("allow: post\r\n"))
        let parameter = try await server.get("/name/ada", method: "DELETE")
        #expect(parameter.hasPrefix("HTTP/1.1 405 "))
        #expect(parameter.lowercased().contains("allow: get, head\r\n"))
        let hot = try await server.get("/healthz", method: "DELETE")
        #expect(hot.hasPrefix("HTTP/1.1 405 "))
        #expect(try await server.get("/name", method: "DELETE").hasPrefix("HTTP/1.1 404 "))
    }

    @Test("problems name field and mend; foreign errors become problems; a bug is 500 without its text")
    func problems() async throws {
        let server = try TestServer()
        let problem = try await server.get("/problem")
        #expect(problem.hasPrefix("HTTP/1.1 409 Conflict\r\n"))
        #expect(problem.contains("application/problem+json"))
        #expect(problem.contains("\"field\":\"/name\""))
        #expect(problem.contains("\"mend\":\"Take another one.\""))
        #expect(problem.contains("\"type\":\"urn:switchboard:problem:taken\""))
        let foreign = try await server.get("/hummingbird")
        #expect(foreign.hasPrefix("HTTP/1.1 400 "))
        #expect(foreign.contains("application/problem+json") && foreign.contains("not so"))
        let bug = try await server.get("/bug")
        #expect(bug.hasPrefix("HTTP/1.1 500 "))
        #expect(bug.contains("application/problem+json") && !bug.contains("Cocoa"))
    }

    @Test("keep-alive, then close as asked; HTTP/1.0 closes") func keepAlive() async throws {
        let server = try TestServer()
        let client = try await Client(port: server.port)
        for _ in 0..<3 {
            try await client.send("GET /tiny HTTP/1.1\r\nhost: a\r\n\r\n")
            _ = try await client.receive(until: "{\"status\":\"ok\"}")
        }
        #expect(server.server.figures.accepted == 1)
        try await client.send("GET /tiny HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")
        #expect(try await client.receiveAll().lowercased().contains("connection: close\r\n"))
        client.close()
        let old = try await server.exchange("GET /stream/3 HTTP/1.0\r\n\r\n")
        #expect(old.hasPrefix("HTTP/1.0 200 OK\r\n"))
        #expect(old.hasSuffix("\r\n\r\n" + String(repeating: "a", count: 3000)))
    }

    @Test("2000 pipelined requests, routes and hot paths mixed, are answered in order") func pipelined() async throws {
        let server = try TestServer()
        let client = try await Client(port: server.port)
        let requests = (0..<2000).map {
            $0 % 3 == 0
                ? "GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n"
                : $0 % 3 == 1 ? "GET /name/n\($0) HTTP/1.1\r\nhost: a\r\n\r\n" : "GET /actor HTTP/1.1\r\nhost: a\r\n\r\n"
        }
        let last = "GET /query?last HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"
        async let sent: Void = client.send(requests.joined() + last)
        let answers = try await client.receiveAll()
        try await sent
        client.close()
        #expect(answers.components(separatedBy: "HTTP/1.1 200 OK").count - 1 == 2001)
        #expect(answers.hasSuffix("last"))
        let names = answers.components(separatedBy: "{\"name\":\"n").dropFirst().map { $0.prefix { $0 != "\"" } }
        #expect(names.map { Int($0) } == stride(from: 1, to: 2000, by: 3).map { $0 })
    }

    @Test("a request that comes byte by byte") func byteByByte() async throws {
        let server = try TestServer()
        let client = try await Client(port: server.port)
        let request = "POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\nconnection: close\r\n\r\nhello"
        for byte in request.utf8 { try await client.send([byte]) }
        #expect(try await client.receiveAll().hasSuffix("\r\n\r\nhello"))
        client.close()
    }

    @Test("a client that closes its side after the request gets its answer") func halfClose() async throws {
        let server = try TestServer()
        for path in ["/tiny", "/actor", "/stream/200"] {
            let client = try await Client(port: server.port)
            try await client.send("GET \(path) HTTP/1.1\r\nhost: a\r\n\r\n")
            client.finishSending()
            let answer = try await client.receiveAll()
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"), "\(path)")
            if path == "/stream/200" { #expect(answer.hasSuffix("\r\n0\r\n\r\n")) }
            client.close()
        }
    }

    @Test("1 MiB goes in and comes back; chunks and 100-continue too") func bodies() async throws {
        var limits = HTTPLimits()
        limits.bodyBytesMax = 1 << 20
        let server = try TestServer(limits: limits)
        let body = String(repeating: "0123456789abcdef", count: 65536)
        let client = try await Client(port: server.port)
        async let sent: Void = client.send(
            "POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: \(body.utf8.count)\r\nconnection: close\r\n\r\n" + body)
        let answer = try await client.receiveAll()
        try await sent
        #expect(answer.hasSuffix("\r\n\r\n" + body))
        client.close()
        let chunked = try await server.exchange(
            "POST /echo HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n"
                + "3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n")
        #expect(chunked.hasSuffix("\r\n\r\nabcdefg"))
        let careful = try await Client(port: server.port)
        try await careful.send(
            "POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\nexpect: 100-continue\r\nconnection: close\r\n\r\n")
        #expect(try await careful.receive(until: "\r\n\r\n").hasPrefix("HTTP/1.1 100 Continue\r\n"))
        try await careful.send("ok")
        #expect(try await careful.receiveAll().hasSuffix("\r\n\r\nok"))
        careful.close()
    }

    @Test("a streamed body arrives whole, in chunks") func stream() async throws {
        let server = try TestServer()
        let answer = try await server.get("/stream/300")
        #expect(answer.lowercased().contains("transfer-encoding: chunked\r\n"))
        #expect(answer.filter { $0 == "a" }.count >= 300_000)
        #expect(answer.hasSuffix("\r\n0\r\n\r\n"))
        // Fewer bytes than promised must not look like a whole answer.
        let client = try await Client(port: server.port)
        try await client.send("GET /short HTTP/1.1\r\nhost: a\r\n\r\n")
        let broken = try await client.receiveAll()
        #expect(broken.contains("content-length: 100\r\n") && broken.hasSuffix("too short"))
        client.close()
    }

    @Test("an upgrade that we do not offer is answered as if not asked for, and the connection ends")
    func upgrade() async throws {
        let server = try TestServer()
        for name in ["h2c", "websocket"] {
            let answer = try await server.exchange(
                "GET /tiny HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: \(name)\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n") && answer.contains("connection: close\r\n"))
            #expect(answer.hasSuffix("{\"status\":\"ok\"}"))
        }
        let tunnel = try await server.exchange("CONNECT other:443 HTTP/1.1\r\nhost: other:443\r\n\r\n")
        #expect(tunnel.hasPrefix("HTTP/1.1 404 "))
    }

    @Test("IPv6") func ipv6() async throws {
        let server = try TestServer(host: "::1")
        let client = try await Client(port: server.port, ipv6: true)
        try await client.send("GET /tiny HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")
        #expect(try await client.receiveAll().hasSuffix("{\"status\":\"ok\"}"))
        client.close()
    }

    @Test("shutting down lets the answer under way finish and closes idle connections") func shutDown() async throws {
        let server = try TestServer()
        let idle = try await Client(port: server.port)
        try await idle.send("GET /tiny HTTP/1.1\r\nhost: a\r\n\r\n")
        _ = try await idle.receive(until: "{\"status\":\"ok\"}")
        let waiting = try await Client(port: server.port)
        try await waiting.send("GET /wait HTTP/1.1\r\nhost: a\r\n\r\n")
        await server.witness.until { server.witness.begun == 1 }
        let half = try await Client(port: server.port)
        try await half.send("GET /gate HTTP/1.1\r\nhost: a\r\n\r\n")
        _ = try await half.receive(until: "first")
        async let ended: Void = server.server.shutDown(grace: .seconds(3))
        #expect(try await idle.receiveAll().isEmpty)
        server.witness.note { $0.gateIsOpen = true }
        #expect(try await half.receiveAll().hasSuffix("second\r\n0\r\n\r\n"))
        half.close()
        // The one that never ends is cut off by the end of the grace.
        #expect(try await waiting.receiveAll().isEmpty)
        await ended
        await server.witness.until { server.witness.cancelled == 1 }
        #expect(server.server.figures.openConnections == 0)
        await #expect(throws: Client.Failure.self) { _ = try await Client(port: server.port) }
        idle.close()
        waiting.close()
    }
}
