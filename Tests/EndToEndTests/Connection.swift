// HTTP and other bytes over TCP, as raw as a test wants them.

import Dispatch
import Foundation
import Glibc
import TLSTestKit

/// A TCP connection that is used once: bytes out, bytes in until the other side closes or the time is over.
enum Connection {
    /// Blocks a thread of Dispatch, not one of the test's.
    static func exchange(
        _ request: [UInt8], host: String = "127.0.0.1", port: Int, within: Duration = .seconds(5)
    ) async throws -> [UInt8] {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(with: Result { try blocking(request, host, port, within) }) }
        }
    }

    private static func blocking(_ request: [UInt8], _ host: String, _ port: Int, _ within: Duration) throws -> [UInt8] {
        let descriptor = socket(
            host.contains(":") ? AF_INET6 : AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Failure("no socket") }
        defer { close(descriptor) }
        var limit = timeval(tv_sec: Int(within.seconds.rounded(.up)), tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        guard connect(descriptor, host, port) == 0 else { throw Failure("no connection to port \(port): errno \(errno)") }
        var left = request[...]
        while !left.isEmpty {
            let sent = left.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard sent > 0 else { break }
            left = left.dropFirst(sent)
        }
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { return answer }
            answer += buffer[..<count]
        }
    }

    private static func connect(_ descriptor: Int32, _ host: String, _ port: Int) -> Int32 {
        guard host.contains(":") else {
            return withSocketAddress(LoopbackAddress.make(port, host: host)) { Glibc.connect(descriptor, $0, $1) }
        }
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_port = in_port_t(UInt16(clamping: port).bigEndian)
        inet_pton(AF_INET6, host, &address.sin6_addr)
        return withSocketAddress(address) { Glibc.connect(descriptor, $0, $1) }
    }

    private static func withSocketAddress<Address, Result>(
        _ address: Address, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        withUnsafePointer(to: address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<Address>.size)) }
        }
    }
}

enum LoopbackAddress {
    static func make(_ port: Int, host: String = "127.0.0.1") -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(clamping: port).bigEndian)
        inet_pton(AF_INET, host, &address.sin_addr)
        return address
    }
}

extension House {
    struct Response {
        var status: Int
        var body: String
    }

    /// One request on a connection of its own.
    func request(
        _ method: String, _ path: String, token: String? = nil, body: String = "", headers: [String] = []
    ) async throws -> Response {
        var lines = [
            "\(method) \(path) HTTP/1.1", "Host: localhost", "Connection: close", "Content-Length: \(body.utf8.count)",
        ]
        if let token { lines.append("Authorization: Bearer \(try secret(token))") }
        let text = (lines + headers).joined(separator: "\r\n") + "\r\n\r\n" + body
        let answer = String(decoding: try await exchange(text), as: UTF8.self)
        let parts = answer.split(separator: "\r\n\r\n", maxSplits: 1)
        let words = answer.split(separator: " ")
        guard words.count > 1, let status = Int(words[1]) else { throw Failure("no HTTP answer: \(answer)") }
        return Response(status: status, body: parts.count > 1 ? String(parts[1]) : "")
    }

    private func exchange(_ text: String) async throws -> [UInt8] {
        if let trusted { return try await OpenSSLClient.bytes(text, port: httpPort, trusting: trusted) }
        return try await Connection.exchange(Array(text.utf8), host: host, port: httpPort, within: .seconds(30))
    }

    /// What a supervisor hears of a recording; the only one, if no id is given.
    func recorded(_ id: Int? = nil, tracks: String = "stereo") async throws -> SoundFile {
        let only = try id.map(String.init) ?? rows("SELECT id FROM recordings").first?["id"] ?? ""
        let answer = try await exchange(
            """
            GET /v1/recordings/\(only)/audio?tracks=\(tracks) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
            Authorization: Bearer \(secret("admin"))\r\n\r\n
            """)
        let end = Array("\r\n\r\n".utf8)
        let head = answer.indices.first { answer[$0...].starts(with: end) } ?? 0
        guard answer.starts(with: "HTTP/1.1 200 ".utf8) else {
            throw Failure("recording \(only) is not given out: \(String(decoding: answer.prefix(2000), as: UTF8.self))")
        }
        return try SoundFile(bytes: Array(answer[(head + end.count)...]))
    }

    /// The value of one sample of `/metrics`.
    func metric(_ name: String) async throws -> Double {
        let line = try await get("/metrics", token: "admin").body.split(separator: "\n")
            .first { $0.hasPrefix("switchboard_\(name) ") }
        guard let value = line?.split(separator: " ").last.flatMap({ Double($0) }) else { throw Failure("no metric \(name)") }
        return value
    }

    func get(_ path: String, token: String? = nil) async throws -> Response { try await request("GET", path, token: token) }
}
