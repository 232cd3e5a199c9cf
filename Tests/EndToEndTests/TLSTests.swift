// The daemon over TLS: HTTPS, a renewed certificate under a live connection, a broken one.

import Foundation
import Glibc
import TLSTestKit
import Testing

extension EndToEnd {
    struct TLSTests {
        private static let listeners = """
            sip: {port: @SIP@}
            rtp: {port_first: @RTP@, port_last: @RTPLAST@}
            http:
              port: @HTTP@
              requests_per_second_max: 1
              requests_burst_max: 40
              tls: {certificate: file:secrets/chain.pem, key: file:secrets/key.pem}

            """

        private static func get(
            _ path: String, _ house: House, trusting file: String, fields: String = ""
        ) async throws -> String {
            try await OpenSSLClient.exchange(
                "GET \(path) HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\(fields)\r\n", port: house.httpPort,
                trusting: file)
        }

        @Test("SIGHUP shows a renewed certificate to new connections, open ones go on, and a broken one changes nothing")
        func renewal() async throws {
            let (first, second) = (try TestCertificate(), try TestCertificate())
            let house = try House(["listeners.yaml": Self.listeners])
            try house.install(first.chain, first.key)
            house.trusted = first.chain
            try await house.hosts {
                #expect(try await Self.get("/healthz", house, trusting: first.chain).hasSuffix("ok\n"))
                let live = try OpenSSLClient(port: house.httpPort, trusting: first.chain)
                defer { close(live.descriptor) }
                try await Self.ask(live)

                try house.install(second.chain, second.key)
                try house.reload()
                try await house.logged("certificate renewed")
                house.trusted = second.chain
                #expect(try await Self.get("/healthz", house, trusting: second.chain).hasSuffix("ok\n"))
                #expect(try await Self.get("/healthz", house, trusting: first.chain).isEmpty)
                try await Self.ask(live)

                try house.install(first.chain, second.key)
                try house.reload()
                let line = try await house.logged("configuration refused")
                #expect(line.contains("error: the key does not fit the certificate"), "\(line)")
                let check = try await house.command(["check", "--config", house.configuration, "--state", house.state])
                #expect(check.status == 1 && check.lines.contains { $0.contains("listeners.yaml:7:51: error: ") }, "\(check)")
                #expect(try await Self.get("/healthz", house, trusting: second.chain).hasSuffix("ok\n"))
                try await Self.ask(live)
                try house.install(second.chain, second.key)

                // Plain HTTP gets nothing, and breaks nothing.
                let plain = try? await Connection.exchange(
                    Array("GET / HTTP/1.1\r\nhost: a\r\n\r\n".utf8), port: house.httpPort)
                #expect(!String(decoding: plain ?? [], as: UTF8.self).contains("HTTP"))
                #expect(try await house.metric("http_failed_handshakes_total") >= 2)
                #expect(try await house.metric("http_certificate_expires_timestamp_seconds") > Date().timeIntervalSince1970)
            }
        }

        @Test("A token that sends too much hears 429 and when to come again, and /metrics counts it")
        func throttled() async throws {
            let paper = try TestCertificate()
            let tokens = """
                tokens:
                  admin: {role: admin, token: file:secrets/token-admin}
                  busy: {role: reader, token: file:secrets/token-busy}

                """
            let house = try House(["listeners.yaml": Self.listeners, "api.yaml": tokens])
            try house.install(paper.chain, paper.key)
            house.trusted = paper.chain
            try await house.hosts {
                // On one connection: a slow machine would make new ones more slowly than the tokens come back.
                let field = "authorization: Bearer \(try house.secret("busy"))\r\n"
                let request = "GET /v1/status HTTP/1.1\r\nhost: localhost\r\n\(field)"
                let requests = Array(repeating: request, count: 80).joined(separator: "\r\n") + "connection: close\r\n\r\n"
                let answers = try await OpenSSLClient.exchange(requests, port: house.httpPort, trusting: paper.chain)
                let refused = answers.components(separatedBy: "HTTP/1.1 ").first { $0.hasPrefix("429 ") }
                #expect(refused?.lowercased().contains("\r\nretry-after: 1\r\n") == true, "\(refused ?? "never")")
                #expect(try await Self.get("/healthz", house, trusting: paper.chain).hasSuffix("ok\n"))
                #expect(try await house.metric("http_throttled_total") >= 1)
            }
        }

        private static func ask(_ client: OpenSSLClient) async throws {
            let text = try await client.answer(to: "GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n", endingWith: "ok\n")
            #expect(text.hasPrefix("HTTP/1.1 200 OK\r\n"), "\(text)")
        }
    }
}
