// WebSocket frames bent at random, with a seed.

import Basics
import HTTPTypes
import NIOCore
import NIOEmbedded
import NIOWebSocket
import Testing

@testable import HTTP

@MainActor @Suite(.timeLimit(.minutes(3))) struct WebSocketMutationTests {
    /// What RFC 6455 says of a client's frames, once more and apart from the server: with which codes it has to be closed.
    nonisolated private enum Verdict: Equatable {
        case goesOn
        /// The frame is not complete: it may be closed for what is wrong already, or waited for.
        case waits(Set<UInt16>)
        case closes(Set<UInt16>)
    }

    nonisolated private static let messageMax = 4096

    nonisolated private struct Referee {
        private var isInPieces = false
        private var message: [UInt8] = []

        /// Takes one frame off the bytes.
        mutating func judge(_ bytes: inout ArraySlice<UInt8>) -> Verdict {
            let all = Array(bytes)
            guard all.count >= 2 else { return .waits([]) }
            let isLast = all[0] & 0x80 != 0, opcode = all[0] & 0x0F, isMasked = all[1] & 0x80 != 0
            let isControl = opcode >= 8
            var wrong: Set<UInt16> = []
            if all[0] & 0x70 != 0 || !isMasked || (3...7).contains(opcode) || opcode > 10 { wrong.insert(1002) }
            var count = UInt64(all[1] & 0x7F), head = 2
            if isControl, !isLast { wrong.insert(1002) }
            let lengthBytes = count == 126 ? 2 : count == 127 ? 8 : 0
            guard all.count >= head + lengthBytes else { return .waits(wrong) }
            if lengthBytes > 0 {
                count = all[head..<head + lengthBytes].reduce(0) { $0 << 8 | UInt64($1) }
                head += lengthBytes
            }
            // A length in more bytes than it needs (5.2) is taken for what it says.
            if isControl, count > 125 { wrong.insert(1002) }
            if count > UInt64(messageMax) { wrong.insert(1009) }
            if opcode == 0, !isInPieces { wrong.insert(1002) }
            if opcode == 1, isInPieces { wrong.insert(1002) }
            if opcode == 2 { wrong.insert(1003) }
            let needed = head + (isMasked ? 4 : 0) + Int(clamping: min(count, 1 << 40))
            guard all.count >= needed else { return .waits(wrong) }
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
        let count = counts[random.below(random.below(3) > 0 ? 4 : random.below(6) > 0 ? 7 : counts.count)]
        var payload = [UInt8](repeating: UInt8(97 + random.below(26)), count: count)
        if count > 1, random.below(10) == 0 { payload[random.below(count)] = UInt8(128 + random.below(128)) }
        if first & 0x0F == 8, count >= 2 {
            (payload[0], payload[1]) = (UInt8(3), UInt8(random.below(2) == 0 ? 232 : 228 + random.below(20)))
        }
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

    /// Of the first close frame among what the server has said; 0: it has none, nil: there is no such frame.
    nonisolated private static func closeCode(in bytes: [UInt8]) -> UInt16? {
        var rest = bytes[...]
        while rest.count >= 2 {
            let head = Array(rest.prefix(4))
            var count = Int(head[1]), skip = 2
            if count == 126, head.count == 4 { (count, skip) = (Int(head[2]) << 8 | Int(head[3]), 4) }
            let payload = rest.dropFirst(skip).prefix(count)
            if head[0] & 0x0F == 8 {
                return payload.count >= 2
                    ? UInt16(payload[payload.startIndex]) << 8 | UInt16(payload[payload.startIndex + 1]) : 0
            }
            rest = rest.dropFirst(skip + count)
        }
        return nil
    }

    /// A connection from behind its handshake on, without a socket: what was heard, and what the server has said.
    private struct Connection {
        let channel = EmbeddedChannel()
        let ends = Ends()

        final class Ends {
            var texts = 0
            var all: [WebSocket.End] = []
        }

        init(limits: HTTPLimits) throws {
            let handler = WebSocketHandler(limits: limits) { _ in }
            let request = HotRequest(method: .get, path: "/ws", query: "", authority: "test", headers: [:])
            let socket = WebSocket(request: request, handler: NIOLoopBound(handler, eventLoop: channel.eventLoop))
            socket.onText = { [ends] _ in ends.texts += 1 }
            socket.onEnd = { [ends] in ends.all.append($0) }
            handler.socket = socket
            // As the upgrader puts them there.
            try channel.pipeline.syncOperations.addHandlers([
                WebSocketFrameEncoder(),
                ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: limits.webSocketMessageBytesMax)), handler,
            ])
        }

        func said() throws -> [UInt8] {
            var bytes: [UInt8] = []
            while let buffer = try channel.readOutbound(as: ByteBuffer.self) { bytes += buffer.readableBytesView }
            return bytes
        }
    }

    @Test("20,000 inputs of bent frames, in pieces: none is a trap, and each is closed with the code that the RFC has for it")
    func mutated() throws {
        var limits = HTTPLimits()
        limits.webSocketMessageBytesMax = Self.messageMax
        limits.webSocketFramesPerSecondMax = .max
        var random = SeededRandom(seed: 20_261_122)
        var codes: [UInt16: Int] = [:], texts = 0, faults: [String] = []
        for _ in 0..<20_000 where faults.count < 5 {
            let connection = try Connection(limits: limits)
            var referee = Referee(), verdict = Verdict.goesOn, sent: [UInt8] = []
            for _ in 0...random.below(4) { sent += Self.frame(&random) }
            var unread = sent[...]
            while verdict == .goesOn, !unread.isEmpty { verdict = referee.judge(&unread) }
            var rest = sent[...]
            while !rest.isEmpty {
                let piece = rest.prefix(random.below(3) == 0 ? 1 + random.below(rest.count) : rest.count)
                try connection.channel.writeInbound(ByteBuffer(bytes: piece))
                rest = rest.dropFirst(piece.count)
            }
            let code = Self.closeCode(in: try connection.said())
            let allowed: Bool
            switch verdict {
            case .goesOn: allowed = code == nil
            case .waits(let codes): allowed = code.map(codes.contains) ?? true
            case .closes(let codes): allowed = code.map(codes.contains) ?? false
            }
            if !allowed { faults.append("\(code.map(String.init) ?? "nothing") where \(verdict): \(sent.prefix(80))") }
            // Its owner is told once, and hears nothing after that.
            if connection.ends.all.count != (code == nil ? 0 : 1) {
                faults.append("\(connection.ends.all) of \(sent.prefix(80))")
            }
            codes[code ?? 0, default: 0] += 1
            texts += connection.ends.texts
            _ = try? connection.channel.finish(acceptAlreadyClosed: true)
            if connection.ends.all.count != 1 { faults.append("not ended once: \(connection.ends.all)") }
        }
        #expect(faults == [])
        // Each way to be wrong was met often enough to mean something.
        for code in [UInt16(1002), 1003, 1007, 1009, 1000] { #expect(codes[code] ?? 0 > 100, "\(codes)") }
        #expect(texts > 5000)
    }
}
