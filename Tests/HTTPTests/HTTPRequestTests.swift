// What a well-behaved client sees.

import Foundation
import HTTP
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
}
