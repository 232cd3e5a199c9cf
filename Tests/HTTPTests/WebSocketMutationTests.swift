// WebSocket frames bent at random, with a seed.

import Basics
import CLoop
import Foundation
import Glibc
import LoopTestKit
import NIOCore
import Testing

@testable import HTTP

@MainActor @Suite(.timeLimit(.minutes(1))) struct WebSocketMutationTests {
    /// What RFC 6455 says of a client's frames, once more and apart from the server: with which codes it has to be closed.
    nonisolated private enum Verdict: Equatable {
        case goesOn
        /// The frame is not complete: nothing can be said of it yet.
        case waits
        case closes(Set<UInt16>)
    }

    nonisolated private static let messageMax = 4096

    nonisolated private struct Referee {
        private var isInPieces = false
        private var message: [UInt8] = []

        /// Takes one frame off the bytes.
        mutating func judge(_ bytes: inout ArraySlice<UInt8>) -> Verdict {
            let all = Array(bytes)
            guard all.count >= 2 else { return .waits }
            let isLast = all[0] & 0x80 != 0, opcode = all[0] & 0x0F, isMasked = all[1] & 0x80 != 0
            let isControl = opcode >= 8
            var wrong: Set<UInt16> = []
            if all[0] & 0x70 != 0 || !isMasked || (3...7).contains(opcode) || opcode > 10 { wrong.insert(1002) }
            var count = UInt64(all[1] & 0x7F), head = 2
            if isControl, !isLast || count > 125 { wrong.insert(1002) }
            let lengthBytes = count == 126 ? 2 : count == 127 ? 8 : 0
            guard all.count >= head + lengthBytes else { return .waits }
            if lengthBytes > 0 {
                count = all[head..<head + lengthBytes].reduce(0) { $0 << 8 | UInt64($1) }
                head += lengthBytes
            }
            if count > UInt64(messageMax) { wrong.insert(1009) }
            if opcode == 0, !isInPieces { wrong.insert(1002) }
            if opcode == 1, isInPieces { wrong.insert(1002) }
            if opcode == 2 { wrong.insert(1003) }
            let needed = head + (isMasked ? 4 : 0) + Int(clamping: min(count, 1 << 40))
            guard all.count >= needed else { return wrong.isEmpty ? .waits : .closes(wrong) }
            let key = isMasked ? Array(all[head..<head + 4]) : [0, 0, 0, 0]
            let payload = all[(head + (isMasked ? 4 : 0))..<needed].enumerated().map { $1 ^ key[$0 & 3] }
            bytes = bytes.dropFirst(needed)
            guard wrong.isEmpty else { return .closes(wrong) }
            switch opcode {
            case 0, 1: return take(payload, isLast)
            case 8: return Self.judgeClose(payload)
            default: return .goesOn
            }
        }

        private mutating func take(_ payload: [UInt8], _ isLast: Bool) -> Verdict {
            message += payload
            isInPieces = !isLast
            if message.count > messageMax { return .closes([1009]) }
            guard isLast else { return .goesOn }
            defer { message = [] }
            return String(validating: message, as: UTF8.self) == nil ? .closes([1007]) : .goesOn
        }

        private static func judgeClose(_ payload: [UInt8]) -> Verdict {
            guard payload.count != 1 else { return .closes([1002]) }
            guard payload.count >= 2 else { return .closes([0]) }
            let code = UInt16(payload[0]) << 8 | UInt16(payload[1])
            let mayBeSent = (1000...1003).contains(code) || (1007...1014).contains(code) || (3000...4999).contains(code)
            guard mayBeSent else { return .closes([1002]) }
            return .closes([String(validating: payload.dropFirst(2), as: UTF8.self) == nil ? 1007 : code])
        }
    }

    /// One whole frame, now and then not as the RFC has it, and bent on top of that.
    nonisolated private static func frame(_ random: inout SeededRandom) -> [UInt8] {
        let opcodes: [UInt8] = [1, 1, 1, 1, 0, 0, 9, 9, 10, 8, 2, 3, 11]
        var first = opcodes[random.below(random.below(3) == 0 ? opcodes.count : 9)]
        if random.below(4) > 0 { first |= 0x80 }
        if random.below(40) == 0 { first |= UInt8(0x10 << random.below(3)) }
        let counts = [0, 1, 5, 30, 125, 126, 200, 4000, 4097]
        let count = counts[random.below(random.below(3) == 0 ? counts.count : 4)]
        var payload = (0..<count).map { _ in UInt8(97 + random.below(26)) }
        if count > 1, random.below(10) == 0 { payload[random.below(count)] = UInt8(128 + random.below(128)) }
        if first & 0x0F == 8, count >= 2 { (payload[0], payload[1]) = (UInt8(3), UInt8(228 + random.below(20))) }
        let isMasked = random.below(50) > 0
        let mask: UInt8 = isMasked ? 0x80 : 0
        var bytes = [first]
        switch random.below(60) == 0 ? 127 : count {
        case ..<126: bytes.append(mask | UInt8(count))
        case 127:
            bytes.append(mask | 127)
            for place in 0..<8 {
                let announced = place < 6 ? (random.below(20) == 0 ? 255 : 0) : (count >> (8 * (7 - place))) & 255
                bytes.append(UInt8(announced))
            }
        default: bytes += [mask | 126, UInt8(count >> 8), UInt8(count & 255)]
        }
        let key = isMasked ? (0..<4).map { _ in UInt8(random.below(256)) } : []
        bytes += key + (isMasked ? payload.enumerated().map { $1 ^ key[$0 & 3] } : payload)
        guard random.below(6) == 0 else { return bytes }
        let place = random.below(min(bytes.count, 16))
        switch random.below(4) {
        case 0: bytes[place] = UInt8(random.below(256))
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(UInt8(random.below(256)), at: place)
        default: bytes.removeLast(min(bytes.count - 1, 1 + random.below(20)))
        }
        return bytes
    }

    /// What the server has said up to the end of the connection; nil: it is not there any more, and had said nothing.
    nonisolated private static func closeCode(in bytes: [UInt8]) -> UInt16? {
        var rest = bytes[...]
        while rest.count >= 2 {
            let head = Array(rest.prefix(4))
            var count = Int(head[1]), skip = 2
            if count == 126, head.count == 4 { (count, skip) = (Int(head[2]) << 8 | Int(head[3]), 4) }
            let payload = rest.dropFirst(skip).prefix(count)
            if head[0] & 0x0F == 8 {
                return payload.count >= 2 ? UInt16(payload[payload.startIndex]) << 8 | UInt16(payload[payload.startIndex + 1]) : 0
            }
            rest = rest.dropFirst(skip + count)
        }
        return nil
    }

    @Test("20,000 bent frames: the server goes on, and closes with the code that the RFC has for what was wrong")
    func mutated() async throws {
        var limits = HTTPLimits()
        limits.webSocketMessageBytesMax = Self.messageMax
        limits.webSocketFramesPerSecondMax = 1_000_000
        limits.linger = .milliseconds(200)
        let server = try TestServer(limits: limits)
        server.server.upgrade("/ws", admit: { _ in true }) { socket in
            socket.onText = { [weak socket] text in socket?.send("\(text.utf8.count)") }
        }
        let port = UInt16(server.port)
        let hello = Array(WebSocketClient.handshake(path: "/ws", origin: "http://test").utf8)
        let result = try await Client.elsewhere {
            var random = SeededRandom(seed: 20_261_122)
            var frames = 0, codes: [UInt16: Int] = [:], faults: [String] = []
            while frames < 20_000, faults.count < 5 {
                let caller = cloop_stream_socket_blocking(AF_INET)
                defer { close(caller) }
                guard cloop_connect_loopback(caller, port, 0) == 0 else { continue }
                guard send(caller, hello, hello.count, cloop_no_signal()) == hello.count, Self.hasUpgraded(caller) else {
                    faults.append("no upgrade at frame \(frames)")
                    break
                }
                var sent: [UInt8] = [], referee = Referee(), verdict = Verdict.goesOn
                var unread: ArraySlice<UInt8> = []
                // Until the server has to close it, or cannot know where a frame ends.
                while verdict == .goesOn, frames < 20_000, sent.count < 40_000 {
                    let frame = Self.frame(&random)
                    frames += 1
                    sent += frame
                    unread += frame
                    repeat { verdict = referee.judge(&unread) } while verdict == .goesOn && !unread.isEmpty
                    if unread.isEmpty, verdict == .waits { verdict = .goesOn }
                }
                if send(caller, sent, sent.count, cloop_no_signal()) < 0 { faults.append("gone at frame \(frames)") }
                // Nothing more comes: who still waits for the rest of a frame is let go.
                if case .closes = verdict {} else { shutdown(caller, Int32(SHUT_WR)) }
                let code = Self.closeCode(in: Self.rest(caller))
                if case .closes(let allowed) = verdict {
                    if !(code.map(allowed.contains) ?? false) {
                        faults.append("\(code.map(String.init) ?? "nothing") in place of \(allowed): \(sent.suffix(60))")
                    }
                    codes[code ?? 0, default: 0] += 1
                } else if let code {
                    faults.append("\(code) although nothing was wrong: \(sent.suffix(60))")
                }
            }
            return (frames, codes, faults)
        }
        #expect(result.0 == 20_000 && result.2 == [], "\(result.2)")
        // Each way to be wrong was met often enough to mean something.
        for code in [UInt16(1002), 1003, 1007, 1009, 1000] { #expect(result.1[code] ?? 0 > 20, "\(result.1)") }
        await server.until { server.server.figures.openConnections == 0 }
        #expect(server.server.figures.openWebSockets == 0)
        #expect(try await server.get("/tiny").hasSuffix("{\"status\":\"ok\"}"))
    }

    nonisolated private static func hasUpgraded(_ caller: Int32) -> Bool {
        var head: [UInt8] = [], byte: [UInt8] = [0]
        while !head.suffix(4).elementsEqual(Array("\r\n\r\n".utf8)) {
            guard recv(caller, &byte, 1, 0) == 1 else { return false }
            head.append(byte[0])
        }
        return head.starts(with: Array("HTTP/1.1 101".utf8))
    }

    /// Up to the close frame, or the end.
    nonisolated private static func rest(_ caller: Int32) -> [UInt8] {
        var bytes: [UInt8] = [], buffer = [UInt8](repeating: 0, count: 16_384)
        while closeCode(in: bytes) == nil {
            let count = recv(caller, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            bytes += buffer.prefix(count)
        }
        return bytes
    }
}
