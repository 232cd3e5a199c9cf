// An agent's page as the server sees it: a WebSocket of a few lines, so that the tests choose every byte.

import Foundation
import LoopTestKit

/// Masked text frames out, whole frames in.
@MainActor final class Page {
    struct Failure: Error, CustomStringConvertible { let description: String }

    /// What the server sent, in order, and how it closed.
    private(set) var frames: [[String: Any]] = []
    private(set) var closeCode: Int?
    private let client: LoopTestKit.Client
    private var read: [UInt8] = []
    private var nextID = 1_760_000_000_000

    /// Throws with the answer's first line if the upgrade is refused.
    init(port: Int, query: String, cookie: String?, origin: String?) async throws {
        client = try await LoopTestKit.Client(port: port)
        var head = """
            GET /v1/desk\(query) HTTP/1.1\r\nhost: 127.0.0.1:\(port)\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
            sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n
            """
        if let cookie { head += "cookie: \(cookie)\r\n" }
        if let origin { head += "origin: \(origin)\r\n" }
        try await client.send(head + "\r\n")
        while !read.suffix(4).elementsEqual("\r\n\r\n".utf8) {
            let byte = try await client.receive(max: 1)
            guard let byte = byte.first else { throw Failure(description: "closed in the handshake") }
            read.append(byte)
        }
        let answer = String(decoding: read, as: UTF8.self)
        guard answer.hasPrefix("HTTP/1.1 101") else {
            throw Failure(description: String(answer.prefix { $0 != "\r\n" }))
        }
        read = []
    }

    /// Sends a frame and returns its id.
    @discardableResult
    func send(_ type: String, _ fields: [String: Any] = [:]) async throws -> Int {
        nextID += 1
        let frame = fields.merging(["id": nextID, "type": type]) { $1 }
        try await sendText(String(decoding: JSONSerialization.data(withJSONObject: frame), as: UTF8.self))
        return nextID
    }

    func sendText(_ text: String) async throws {
        let payload = Array(text.utf8)
        var frame: [UInt8] = [0x81]
        if payload.count < 126 {
            frame.append(0x80 | UInt8(payload.count))
        } else {
            frame += [0x80 | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
        }
        // A mask of zeros is a mask, and leaves the bytes as they are.
        try await client.send(frame + [0, 0, 0, 0] + payload)
    }

    /// Sends a frame and returns what answers it: "done", or the code of the refusal.
    func ask(_ type: String, _ fields: [String: Any] = [:]) async throws -> String {
        let id = try await send(type, fields)
        while true {
            let frame = try await next()
            guard frame["id"] as? Int == id, let kind = frame["type"] as? String else { continue }
            if kind == "done" { return kind }
            if kind == "refused" { return frame["code"] as? String ?? "" }
        }
    }

    /// The next frame of this type; others before it are passed over, and stay in `frames`.
    func next(_ type: String, where fits: ([String: Any]) -> Bool = { _ in true }) async throws -> [String: Any] {
        while true {
            let frame = try await next()
            if frame["type"] as? String == type, fits(frame) { return frame }
        }
    }

    func next() async throws -> [String: Any] {
        guard let frame = try await frameOrEnd() else {
            throw Failure(description: "closed with \(closeCode ?? 0) after \(frames.compactMap { $0["type"] as? String })")
        }
        return frame
    }

    /// Reads to the end and returns the close code.
    func end() async throws -> Int? {
        while try await frameOrEnd() != nil {}
        return closeCode
    }

    /// As a cable does it.
    func drop() { client.reset() }

    private func frameOrEnd() async throws -> [String: Any]? {
        while true {
            guard let head = try await take(2) else { return nil }
            var count = Int(head[1])
            if count == 126 {
                guard let long = try await take(2) else { return nil }
                count = Int(long[0]) << 8 | Int(long[1])
            } else if count == 127 {
                guard let long = try await take(8) else { return nil }
                count = long.reduce(0) { $0 << 8 | Int($1) }
            }
            guard let payload = try await take(count) else { return nil }
            switch head[0] & 0x0F {
            case 1:
                guard let frame = try JSONSerialization.jsonObject(with: Data(payload)) as? [String: Any] else {
                    throw Failure(description: "no object: \(String(decoding: payload, as: UTF8.self))")
                }
                frames.append(frame)
                return frame
            case 8:
                closeCode = payload.count >= 2 ? Int(payload[0]) << 8 | Int(payload[1]) : 1005
                return nil
            default: continue
            }
        }
    }

    private func take(_ count: Int) async throws -> [UInt8]? {
        while read.count < count {
            let more = try await client.receive()
            guard !more.isEmpty else { return nil }
            read += more
        }
        defer { read.removeFirst(count) }
        return Array(read.prefix(count))
    }
}
