// A WebSocket client of a few lines, so that the tests choose every byte.

import LoopTestKit

@testable import HTTP

final class WebSocketClient {
    enum Opcode: UInt8, Sendable {
        case continuation = 0
        case text = 1
        case binary = 2
        case close = 8
        case ping = 9
        case pong = 10
    }

    struct Frame: Equatable, Sendable {
        var opcode: Opcode
        var payload: [UInt8]
    }

    struct Failure: Error {
        let what: String
        init(_ what: String) { self.what = what }
    }

    let client: Client
    private var read: [UInt8] = []

    static func handshake(path: String, origin: String) -> String {
        """
        GET \(path) HTTP/1.1\r\nhost: test\r\nconnection: upgrade\r\nupgrade: websocket\r\norigin: \(origin)\r\n\
        sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n
        """
    }

    convenience init(port: Int, path: String, receiveBuffer: Int32? = nil) async throws {
        try await self.init(on: Client(port: port, receiveBuffer: receiveBuffer), path: path)
    }

    init(on client: Client, path: String) async throws {
        self.client = client
        try await client.send(Self.handshake(path: path, origin: "http://test"))
        while !read.ends(with: Array("\r\n\r\n".utf8)) {
            let byte = try await client.receive(max: 1)
            guard let byte = byte.first else { throw Failure("closed in the handshake") }
            read.append(byte)
        }
        let head = String(decoding: read, as: UTF8.self)
        // The answer to the key of RFC 6455, section 1.3.
        guard head.hasPrefix("HTTP/1.1 101"), head.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") else {
            throw Failure(head)
        }
        read = []
    }

    func send(_ opcode: Opcode, _ text: String, isLast: Bool = true) async throws {
        try await send(opcode, Array(text.utf8), isLast: isLast)
    }

    func sendClose(_ code: UInt16) async throws { try await send(.close, [UInt8(code >> 8), UInt8(code & 0xFF)]) }

    private func send(_ opcode: Opcode, _ payload: [UInt8], isLast: Bool = true) async throws {
        let key: [UInt8] = [1, 2, 3, 4]
        var frame = [opcode.rawValue | (isLast ? 0x80 : 0)]
        if payload.count < 126 {
            frame.append(0x80 | UInt8(payload.count))
        } else {
            frame += [0x80 | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
        }
        frame += key
        for (index, byte) in payload.enumerated() { frame.append(byte ^ key[index & 3]) }
        try await client.send(frame)
    }

    func frame() async throws -> Frame {
        let head = try await take(2)
        var count = Int(head[1])
        if count == 126 {
            let long = try await take(2)
            count = Int(long[0]) << 8 | Int(long[1])
        }
        guard let opcode = Opcode(rawValue: head[0] & 0x0F), head[1] < 127 else {
            throw Failure("frame \(head)")
        }
        return Frame(opcode: opcode, payload: try await take(count))
    }

    func text() async throws -> String {
        let frame = try await frame()
        guard frame.opcode == .text else { throw Failure("not text: \(frame)") }
        return String(decoding: frame.payload, as: UTF8.self)
    }

    func isAtEnd() async throws -> Bool {
        guard read.isEmpty else { return false }
        return try await client.receive().isEmpty
    }

    private func take(_ count: Int) async throws -> [UInt8] {
        while read.count < count {
            let more = try await client.receive()
            guard !more.isEmpty else { throw Failure("closed") }
            read += more
        }
        defer { read.removeFirst(count) }
        return Array(read.prefix(count))
    }
}

extension [UInt8] {
    fileprivate func ends(with other: [UInt8]) -> Bool { suffix(other.count) == other[...] }
}
