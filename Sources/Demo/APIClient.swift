// Asks the daemon as any program would: HTTP with a bearer token.

internal import Foundation
internal import MainLoop

/// A client of the REST API on this machine, beside the loop: one request after the other, each on a connection of its own.
nonisolated struct APIClient: Sendable {
    static let answerBytesMax = 4 << 20
    static let patienceSeconds = 3

    let port: Int
    let token: String
    private let worker = WorkerQueue(label: "demo.api", serial: true)

    init(port: Int, token: String) {
        self.port = port
        self.token = token
    }

    /// The answer's body as a value; throws if the daemon does not answer 200 within `patienceSeconds`.
    func get<Value: Decodable & Sendable>(_ path: String, as type: Value.Type) async throws -> Value {
        try await worker.run { try JSONDecoder.ofAPI.decode(type, from: body(of: path)) }
    }

    private func body(of path: String) throws -> Data {
        let connection = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard connection >= 0 else { throw failure("socket") }
        defer { close(connection) }
        var patience = timeval(tv_sec: Self.patienceSeconds, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(connection, SOL_SOCKET, option, &patience, socklen_t(MemoryLayout<timeval>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(truncatingIfNeeded: port).bigEndian
        address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(connection, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { throw failure("connect") }
        let request =
            "GET \(path) HTTP/1.1\r\nHost: localhost:\(port)\r\nAuthorization: Bearer \(token)\r\nConnection: close\r\n\r\n"
        let sent = request.withCString { send(connection, $0, strlen($0), Int32(MSG_NOSIGNAL)) }
        guard sent == request.utf8.count else { throw failure("send") }
        return try Self.body(ofAnswer: try answer(on: connection))
    }

    private func answer(on connection: Int32) throws -> Data {
        var answer = Data()
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while answer.count <= Self.answerBytesMax {
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else {
                if count < 0 { throw failure("receive") }
                return answer
            }
            answer.append(contentsOf: buffer[..<count])
        }
        throw DemoFailure("the daemon's answer is larger than \(Self.answerBytesMax) bytes")
    }

    /// What stands behind the head of a whole answer to a request that asked for the connection to be closed.
    static func body(ofAnswer answer: Data) throws -> Data {
        guard let end = answer.firstRange(of: Data("\r\n\r\n".utf8)) else { throw DemoFailure("no HTTP answer came") }
        let head = String(decoding: answer[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
        guard let status = head.first?.split(separator: " ").dropFirst().first, status == "200" else {
            throw DemoFailure("the daemon answered \(head.first ?? "nothing")")
        }
        let body = answer[end.upperBound...]
        guard head.contains(where: { $0.lowercased() == "transfer-encoding: chunked" }) else { return Data(body) }
        return try joined(chunks: Data(body))
    }

    /// RFC 9112 section 7.1, as far as our own server makes use of it: no extensions, no trailers.
    private static func joined(chunks: Data) throws -> Data {
        var rest = chunks[...]
        var body = Data()
        while let line = rest.firstRange(of: Data("\r\n".utf8)) {
            guard let length = Int(String(decoding: rest[..<line.lowerBound], as: UTF8.self), radix: 16), length >= 0,
                rest.endIndex - line.upperBound >= length
            else { break }
            if length == 0 { return body }
            body += rest[line.upperBound..<line.upperBound + length]
            rest = rest[(line.upperBound + length)...].dropFirst(2)
        }
        throw DemoFailure("the daemon's answer is cut off")
    }

    private func failure(_ what: String) -> DemoFailure {
        DemoFailure("the daemon on port \(port) does not answer: \(what): \(String(cString: strerror(errno)))")
    }
}
