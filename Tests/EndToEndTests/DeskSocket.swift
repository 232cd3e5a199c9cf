// A WebSocket to the desk (RFC 6455), as raw as a test wants it.

import Dispatch
import Foundation
import Glibc
import Synchronization

/// Sends whatever bytes it is told to, and reads the server's frames.
final class DeskSocket: Sendable {
    struct Frame: Sendable {
        var opcode: UInt8
        var payload: [UInt8]

        var text: String { String(decoding: payload, as: UTF8.self) }
        /// Of a close frame.
        var code: Int { payload.count > 1 ? Int(payload[0]) << 8 | Int(payload[1]) : 0 }
    }

    /// What the server answered to the request.
    let head: String
    private let descriptor: Int32
    private let unread: Mutex<[UInt8]>

    var isOpen: Bool { head.hasPrefix("HTTP/1.1 101") }

    /// `headers`: beside those of the handshake.
    init(_ path: String, port: Int, headers: [String]) async throws {
        let request =
            ([
                "GET \(path) HTTP/1.1", "Host: 127.0.0.1:\(port)", "Upgrade: websocket", "Connection: Upgrade",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13",
            ] + headers).joined(separator: "\r\n") + "\r\n\r\n"
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = LoopbackAddress.make(port)
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard descriptor >= 0, connected == 0 else { throw Failure("no connection to port \(port): errno \(errno)") }
        Self.send(Array(request.utf8), on: descriptor)
        var bytes: [UInt8] = []
        let end = ContinuousClock.now + .seconds(5)
        while !String(decoding: bytes, as: UTF8.self).contains("\r\n\r\n") {
            guard let more = await Self.receive(descriptor, until: end) else { break }
            bytes += more
        }
        let text = String(decoding: bytes, as: UTF8.self)
        head = text.range(of: "\r\n\r\n").map { String(text[..<$0.lowerBound]) } ?? text
        unread = Mutex(Array(bytes.dropFirst(head.utf8.count + 4)))
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// One text frame; `length`: what its header claims, if not its own.
    func say(_ text: String, isMasked: Bool = true, length: Int? = nil) {
        let payload = Array(text.utf8), size = length ?? payload.count
        var bytes: [UInt8] = [0x81]
        let mask: UInt8 = isMasked ? 0x80 : 0
        switch size {
        case ..<126: bytes.append(mask | UInt8(size))
        case ..<65_536: bytes += [mask | 126, UInt8(size >> 8), UInt8(size & 255)]
        default:
            bytes.append(mask | 127)
            bytes += (0..<8).map { UInt8(truncatingIfNeeded: size >> (56 - 8 * $0)) }
        }
        // A mask of zeros is a mask, and leaves the payload as it is.
        if isMasked { bytes += [0, 0, 0, 0] }
        Self.send(bytes + payload, on: descriptor)
    }

    /// The next frame that matches; nil: none came in time, or the connection has ended.
    func frame(within: Duration = .seconds(5), where matches: (Frame) -> Bool) async -> Frame? {
        let end = ContinuousClock.now + within
        while true {
            while let frame = unread.withLock({ Self.takeFrame(&$0) }) {
                if matches(frame) { return frame }
            }
            guard let more = await Self.receive(descriptor, until: end) else { return nil }
            unread.withLock { $0 += more }
        }
    }

    /// The answer to the frame of this id.
    func answer(_ id: Int) async -> String? {
        await frame { $0.opcode == 1 && $0.text.contains("\"id\":\(id)") }?.text
    }

    /// The code with which the server closes; nil: it does not.
    func closeCode() async -> Int? { await frame { $0.opcode == 8 }?.code }

    private static func takeFrame(_ bytes: inout [UInt8]) -> Frame? {
        guard bytes.count >= 2 else { return nil }
        var size = Int(bytes[1] & 0x7F), at = 2
        if size == 126 || size == 127 {
            let width = size == 126 ? 2 : 8
            guard bytes.count >= 2 + width else { return nil }
            size = bytes[2..<2 + width].reduce(0) { $0 << 8 | Int($1) }
            at += width
        }
        guard bytes.count >= at + size else { return nil }
        let frame = Frame(opcode: bytes[0] & 15, payload: Array(bytes[at..<at + size]))
        bytes.removeFirst(at + size)
        return frame
    }

    private static func send(_ bytes: [UInt8], on descriptor: Int32) {
        var left = bytes[...]
        while !left.isEmpty {
            let sent = left.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard sent > 0 else { return }
            left = left.dropFirst(sent)
        }
    }

    /// Waits on a thread of Dispatch; nil at the end of the connection or of the time.
    private static func receive(_ descriptor: Int32, until end: ContinuousClock.Instant) async -> [UInt8]? {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                let left = (end - ContinuousClock.now).seconds
                var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                guard left > 0, poll(&ready, 1, Int32(left * 1000) + 1) > 0 else { return continuation.resume(returning: nil) }
                var buffer = [UInt8](repeating: 0, count: 65_536)
                let count = recv(descriptor, &buffer, buffer.count, 0)
                continuation.resume(returning: count > 0 ? Array(buffer[..<count]) : nil)
            }
        }
    }
}

extension House {
    /// The cookie of an agent's session, as the field of a request.
    func deskCookie(of agent: String) async throws -> String {
        let body = "{\"name\":\"\(agent)\",\"password\":\"\(try secret(agent + "-page"))\"}"
        let request = [
            "POST /v1/agent-sessions HTTP/1.1", "Host: 127.0.0.1:\(httpPort)", "Connection: close",
            "Content-Type: application/json", "X-Requested-With: test", "Content-Length: \(body.utf8.count)", "", body,
        ]
        let bytes = try await Connection.exchange(Array(request.joined(separator: "\r\n").utf8), port: httpPort)
        let answer = String(decoding: bytes, as: UTF8.self)
        guard answer.hasPrefix("HTTP/1.1 201"), let cookie = answer.firstMatch(of: /[Ss]et-[Cc]ookie: ([^;\r]+)/)?.1 else {
            throw Failure("\(agent) was not signed in: \(answer)")
        }
        return "Cookie: \(cookie)"
    }

    /// A desk's WebSocket, with the Origin of the page and an agent's cookie.
    func deskSocket(_ cookie: String, origin: String? = nil, tab: String = "hostile") async throws -> DeskSocket {
        try await DeskSocket(
            "/v1/desk?tab=\(tab)", port: httpPort,
            headers: ["Origin: \(origin ?? "http://127.0.0.1:\(httpPort)")", cookie])
    }
}
