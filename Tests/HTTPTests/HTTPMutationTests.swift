// Requests bent at random, with a seed.

import Basics
import CLoop
import Foundation
import Glibc
import HTTP
import LoopTestKit
import NIOCore
import Testing

@Suite(.timeLimit(.minutes(1))) struct HTTPMutationTests {
    nonisolated private static let seeds = [
        "GET /tiny HTTP/1.1\r\nhost: a\r\n\r\n", "HEAD /stream/3 HTTP/1.1\r\nhost: a\r\n\r\n",
        "POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: 11\r\nexpect: 100-continue\r\n\r\nhello world",
        "POST /echo HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nx: y\r\n\r\n",
        "GET /stream/20 HTTP/1.1\r\nhost: a\r\n\r\n", "GET /name/%41?b=c HTTP/1.0\r\nconnection: keep-alive\r\n\r\n",
        "GET /actor HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n",
    ].map { Array($0.utf8) }

    nonisolated private static func bent(_ random: inout SeededRandom) -> [UInt8] {
        var bytes: [UInt8] = []
        for _ in 0...random.below(4) { bytes += seeds[random.below(seeds.count)] }
        for _ in 0..<random.below(4) {
            let place = random.below(bytes.count)
            switch random.below(5) {
            case 0: bytes[place] = UInt8(random.below(256))
            case 1: bytes.remove(at: place)
            case 2: bytes.insert(UInt8(random.below(256)), at: place)
            case 3: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + random.below(40))], at: place)
            default: bytes.removeLast(min(bytes.count - 1, random.below(20)))
            }
        }
        return bytes
    }

    @Test("1500 connections of bent requests, in pieces, half closed or reset: the server goes on")
    func mutated() async throws {
        var limits = HTTPLimits()
        limits.peerFinished = .milliseconds(500)
        limits.linger = .milliseconds(100)
        let server = try TestServer(limits: limits)
        _ = try await server.get("/tiny")
        let port = UInt16(server.port)
        let answered = try await Client.elsewhere {
            var random = SeededRandom(seed: 20_261_122)
            // By the class of the first status. Who resets or closes may be gone before the server has looked.
            var answered = [Int](repeating: 0, count: 6)
            for _ in 0..<1500 {
                let caller = cloop_stream_socket_blocking(AF_INET)
                defer { close(caller) }
                guard cloop_connect_loopback(caller, port, 0) == 0 else { continue }
                var bytes = Self.bent(&random)[...]
                while !bytes.isEmpty {
                    let piece = Array(bytes.prefix(1 + random.below(bytes.count)))
                    if send(caller, piece, piece.count, cloop_no_signal()) < 0 { break }
                    bytes = bytes.dropFirst(piece.count)
                }
                switch random.below(3) {
                case 0: Client.reset(dup(caller))
                case 1:
                    shutdown(caller, Int32(SHUT_WR))
                    var buffer = [UInt8](repeating: 0, count: 16384)
                    let status = recv(caller, &buffer, buffer.count, 0) > 9 ? Int(buffer[9]) - 48 : 0
                    if answered.indices.contains(status) { answered[status] += 1 }
                default: break
                }
            }
            return answered
        }
        #expect(answered[2] > 200 && answered[4] > 100, "\(answered)")
        await server.until { server.server.figures.openConnections == 0 }
        let figures = server.server.figures
        #expect(figures.accepted == 1501)
        #expect(figures.responsesByClass[5] == 0)
        #expect(try await server.get("/tiny").hasSuffix("{\"status\":\"ok\"}"))
    }
}
