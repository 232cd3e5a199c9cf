// A server with the routes that the tests need, on the loop of the test process.

internal import Foundation
internal import Glibc
public import HTTP
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore
public import Streams
public import TLS

/// Every test has its own.
public final class TestServer {
    public let server: HTTPServer
    public let port: Int
    public let witness = Witness()

    public init(
        on streams: StreamLoop = TestLoop.streams, limits: HTTPLimits = HTTPLimits(), files: StaticFiles? = nil,
        host: String = "127.0.0.1", certificate: ServerCertificate? = nil
    ) throws {
        let router = Router(context: BasicRequestContext.self)
        router.add(middleware: ProblemMiddleware())
        let witness = witness
        router.get("tiny") { _, _ in json("{\"status\":\"ok\"}") }
        router.get("actor") { @MainActor _, _ in
            witness.note { $0.begun += 1 }
            return json("{\"on\":\"main\"}")
        }
        router.get("name/:name") { _, context in try json("{\"name\":\"\(context.parameters.require("name"))\"}") }
        router.post("echo") { request, _ in
            Response(status: .ok, body: .init(byteBuffer: try await request.body.collect(upTo: 4 << 20)))
        }
        router.get("problem") { _, _ -> Response in
            throw Problem(.conflict, code: "taken", detail: "The name is taken.", field: "/name", mend: "Take another one.")
        }
        router.get("hummingbird") { _, _ -> Response in throw HTTPError(.badRequest, message: "not so") }
        router.get("bug") { _, _ -> Response in throw CocoaError(.coderInvalidValue) }
        router.get("wait") { _, _ in
            await witness.noteBegun()
            do { try await Task.sleep(for: .seconds(60)) } catch { await witness.noteCancelled() }
            return json("{}")
        }
        router.get("stream/:count") { _, context in
            let count = try context.parameters.require("count", as: Int.self)
            return Response(
                status: .ok,
                body: .init { writer in
                    for _ in 0..<count {
                        try await writer.write(ByteBuffer(repeating: 97, count: 1000))
                        await witness.noteStreamed()
                    }
                    try await writer.finish(nil)
                })
        }
        router.get("gate") { _, _ in
            Response(
                status: .ok,
                body: .init { writer in
                    try await writer.write(ByteBuffer(string: "first"))
                    await witness.untilGateIsOpen()
                    try await writer.write(ByteBuffer(string: "second"))
                    try await writer.finish(nil)
                })
        }
        router.get("late") { _, _ in
            await witness.noteBegun()
            await witness.untilGateIsOpen()
            return Response(status: .ok, body: .init(byteBuffer: large))
        }
        router.get("short") { _, _ in
            Response(
                status: .ok,
                body: .init(contentLength: 100) { writer in
                    try await writer.write(ByteBuffer(string: "too short"))
                    try await writer.finish(nil)
                })
        }
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        server = HTTPServer(on: streams, router: router, files: files, limits: limits, logger: logger)
        server.answer("/healthz") { _ in HotResponse(contentType: "text/plain", body: "ok\n") }
        server.answer("/query") { HotResponse(contentType: "text/plain", body: $0.query) }
        server.answer("/large") { _ in HotResponse(contentType: "text/plain", body: large) }
        if let certificate {
            port = try server.listen(host: host, port: 0, certificate: certificate).port ?? 0
        } else {
            port = try server.listen(host: host, port: 0).port ?? 0
        }
    }

    /// One request on a connection of its own, everything until the server closes.
    public func exchange(_ request: String) async throws -> String {
        let client = try await Client(port: port)
        defer { client.close() }
        try await client.send(request)
        return try await client.receiveAll()
    }

    public func get(_ path: String, _ fields: String = "", method: String = "GET") async throws -> String {
        try await exchange("\(method) \(path) HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\(fields)\r\n")
    }
}

/// More than the kernel takes for a client that does not read.
nonisolated private let large = ByteBuffer(repeating: 97, count: TestServer.largeBytes)

extension TestServer {
    /// The length of the body of `/large` and `/late`.
    public nonisolated static let largeBytes = 16 << 20
}

nonisolated func json(_ text: String) -> Response {
    Response(status: .ok, headers: [.contentType: "application/json"], body: .init(byteBuffer: ByteBuffer(string: text)))
}

/// What the descriptors of this process stand for, without the one that looks.
public func openDescriptors() -> [String] {
    let folder = "/proc/self/fd/"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.compactMap { try? FileManager.default.destinationOfSymbolicLink(atPath: folder + $0) }.sorted()
}

extension TestServer {
    /// Waits for what no route can announce; gives up with the time limit of the suite.
    public func until(_ condition: () -> Bool) async {
        while !condition() { try? await Task.sleep(for: .milliseconds(5)) }
    }
}
